import { z } from 'zod';
import { type CompareAndSwap, defineDriver, type Observed, type ResourceDriver, type Write } from '../../../../../steps/kit/driver.ts';
import { EksDrError } from '../../../../../steps/kit/errors.ts';
import type { Json } from '../../../../../steps/kit/json.ts';
import { createSecrets, type Secrets, secretField } from '../../../../../steps/kit/secrets.ts';
import type { Session } from './session.ts';
import type { Watch } from './watch.ts';
import { type Content, containerOf, containerVersion, type Entry, entryAt, type ModelWorld, ownerOf, RUN, record } from './world.ts';

/** What a driver of the model is handed. */
export interface ModelClients {
  readonly session: Session;
  readonly watch: Watch;
  readonly secrets: Secrets;
}

type Id = { name: string };
type ModelWrite<State> = Write<Id, State>;

/** How a remote system takes writes. */
interface Manners {
  readonly kind: string;
  readonly compareAndSwap: CompareAndSwap;
  /** One container's things share a write, of so many changes at most. */
  readonly grouped?: { readonly batch: number };
  /** Whether several changes in one write take effect together or one after another. */
  readonly atomic: boolean;
  /** What must still hold for a write to be taken. */
  readonly versionOf: 'thing' | 'container' | null;
  readonly concurrency?: number;
}

interface Shape<State> {
  readonly state: z.ZodType<State>;
  canonical(state: State): State;
  toState(content: Content, secrets: Secrets): State;
  toContent(state: State, secrets: Secrets): Promise<Content>;
}

const plain: Shape<Content> = {
  state: z.object({ value: z.string(), tags: z.array(z.string()) }),
  canonical: ({ value, tags }) => ({ value, tags: [...new Set(tags)].toSorted() }),
  toState: (content) => plain.canonical(content),
  toContent: async (state) => state,
};

const secretState = z.object({ key: secretField });

const secretShape: Shape<z.infer<typeof secretState>> = {
  state: secretState,
  canonical: (state) => state,
  toState: ({ value }, secrets) => ({ key: { ref: null, mac: secrets.mac(value) } }),
  async toContent({ key }, secrets) {
    if (key.ref === null) throw new EksDrError('environment-missing', { message: 'The value is not known here.' });
    return { value: await secrets.value(key.ref), tags: [] };
  },
};

const byVersion = { cas: 'yes', by: 'version' } as const;

export const single = modelDriver(
  { kind: 'model.single', compareAndSwap: byVersion, atomic: true, versionOf: 'thing', concurrency: 2 },
  plain,
);
/** The remote system overwrites whatever is there. */
export const blind = modelDriver(
  {
    kind: 'model.blind',
    compareAndSwap: { cas: 'no', window: 'from the look to the write' },
    atomic: true,
    versionOf: null,
  },
  plain,
);
/** A transaction: all of a batch or nothing of it. */
export const batched = modelDriver(
  { kind: 'model.batched', compareAndSwap: byVersion, grouped: { batch: 2 }, atomic: true, versionOf: 'thing' },
  plain,
);
/** One version for everything in the container, as the ETag of a document. */
export const document = modelDriver(
  { kind: 'model.document', compareAndSwap: byVersion, grouped: { batch: 2 }, atomic: true, versionOf: 'container' },
  plain,
);
/** A bulk call that may end half way. */
export const bulk = modelDriver(
  { kind: 'model.bulk', compareAndSwap: byVersion, grouped: { batch: 3 }, atomic: false, versionOf: 'thing' },
  plain,
);
export const secret = modelDriver({ kind: 'model.secret', compareAndSwap: byVersion, atomic: true, versionOf: 'thing' }, secretShape);

export const modelDrivers = [single, blind, batched, document, bulk, secret] as const;

/** The secrets of the model, by reference; recognisable, so that one that gets out is found. */
export const secretValues: Readonly<Record<string, string>> = {
  'env:V1': 'canary-one-5f1c',
  'env:V2': 'canary-two-9b37',
  'env:V3': 'canary-three-c04e',
};

export const modelSecrets: Secrets = createSecrets('digest-key-canary-77aa', async (ref) => secretValues[ref]);

/** What reading a thing gave at a moment, whoever reads. */
export function stateOf(world: ModelWorld, { kind, name }: { kind: string; name: string }, moment: number): Json {
  const content = entryAt(world, { kind, name }, moment)?.content ?? null;
  if (content === null) return null;
  return (kind === secret.kind ? secretShape.toState(content, modelSecrets) : plain.toState(content, modelSecrets)) as Json;
}

function modelDriver<State>(manners: Manners, shape: Shape<State>): ResourceDriver<Id, State, ModelClients> {
  const { kind, compareAndSwap, grouped, atomic, versionOf, concurrency } = manners;
  return defineDriver<Id, State, ModelClients>({
    kind,
    noun: 'thing',
    compareAndSwap,
    permissions: { read: [], write: [] },
    visibleWithinSeconds: 10,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(grouped === undefined ? {} : { batch: grouped.batch, group: ({ name }: Id) => containerOf(name) }),
    id: z.object({ name: z.string() }),
    state: shape.state,
    canonical: shape.canonical,
    label: ({ name }) => name,

    read({ session, watch, secrets }, ids) {
      const { world } = session;
      const readOne = ({ name }: Id): Observed<State> => {
        const moment = world.clock.now() - world.lag * 1000;
        const entry = entryAt(world, { kind, name }, moment);
        watch.sees({ kind, name }, moment);
        const version = versionOf === 'container' ? containerVersion(world, { kind, name }, moment) : versionIn(entry);
        const content = entry?.content ?? null;
        return { state: content === null ? null : shape.toState(content, secrets), owner: ownerOf(name, entry), version };
      };
      return session.request(ids.map((id) => () => readOne(id)));
    },

    async write({ session, watch, secrets }, writes) {
      const { world } = session;
      const contents = await Promise.all(writes.map(({ after }) => (after === null ? null : shape.toContent(after, secrets))));
      const refuse = ({ id, observed }: ModelWrite<State>): void => {
        const thing = { kind, name: id.name };
        const now = versionOf === 'container' ? containerVersion(world, thing) : versionIn(entryAt(world, thing));
        if (versionOf === null || now === observed.version) return;
        throw new EksDrError('conflict', { message: `${kind} ${id.name} is at version ${now}.` });
      };
      const write = (entry: ModelWrite<State>, content: Content | null): void => {
        const thing = { kind, name: entry.id.name };
        watch.takesEffect({ ...thing, before: entry.before as Json, after: entry.after as Json });
        const run = entryAt(world, thing)?.content == null ? RUN : (entryAt(world, thing)?.run ?? null);
        record(world, thing, { content, run, by: 'us' });
        world.effects.push(thing);
      };
      const one = (entry: ModelWrite<State>, index: number) => (): void => {
        refuse(entry);
        write(entry, contents[index] ?? null);
      };
      const together = (): void => {
        writes.forEach(refuse);
        for (const [index, entry] of writes.entries()) write(entry, contents[index] ?? null);
      };
      const back = watch.begins(kind, writes.length);
      await session.request(atomic ? [together] : writes.map(one)).finally(back);
    },
  });
}

/** A thing that went and one that never was look the same. */
function versionIn(entry: Entry | undefined): number {
  return entry === undefined || entry.content === null ? 0 : entry.version;
}
