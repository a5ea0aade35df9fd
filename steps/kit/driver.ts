import type * as z from 'zod';
import { type EksDrError, gather } from './errors.ts';
import { type Json, sameJson } from './json.ts';
import type { Change, Owner, Resource, ResourceId } from './resource.ts';
import { comparable } from './secrets.ts';

/** What is there now, and whose it is. `version` is whatever makes the next write conditional (an ETag, a resourceVersion). */
export interface Observed<State = Json> {
  readonly state: State | null;
  readonly owner: Owner;
  readonly version?: unknown;
}

/** One approved change together with what was read right before it. */
export interface Write<Id = ResourceId, State = Json> {
  readonly id: Id;
  readonly before: State | null;
  readonly after: State | null;
  readonly observed: Observed<State>;
}

/** A resource compared with the world. `before` equal to `after`: nothing to do. */
export interface Planned {
  readonly before: Json;
  readonly after: Json;
  readonly owner: Owner;
  /** Why what is there can't become what is desired. */
  readonly refused?: EksDrError | null;
}

/** Where the world stands against one change. */
export interface Look {
  readonly at: 'before' | 'after' | 'elsewhere';
  readonly now: Json;
  readonly observed: Observed;
}

/** Whether the remote system itself refuses a write over someone else's. `no`: how long the open window is. */
export type CompareAndSwap = { readonly cas: 'yes'; readonly by: string } | { readonly cas: 'no'; readonly window: string };

/**
 * What becomes, in an undo without the cluster, of a thing that the run made. `gone`: it lies in the cluster, and went with it. `needless`:
 * it only served to delete something else in order. `as`: it is deleted by the driver of this kind, which needs no cluster for it.
 */
export type WithoutCluster = 'gone' | 'needless' | { readonly as: string };

/** What a driver is, whatever it drives. Nothing in it knows steps, runs or files. */
export interface DriverFacts {
  readonly kind: string;
  /** What people call such a thing: 'Route 53 record'. */
  readonly noun: string;
  readonly compareAndSwap: CompareAndSwap;
  /** IAM actions, Kubernetes verbs or API scopes that read and write need. */
  readonly permissions: { readonly read: readonly string[]; readonly write: readonly string[] };
  /** How many writes (or groups) may be under way at once. */
  readonly concurrency: number;
  /** The most changes that one write of a group may carry. Ungrouped drivers get one at a time. */
  readonly batch: number;
  /** After a write: how long until reading must show it, in seconds. */
  readonly visibleWithinSeconds: number;
  /** Where the cluster must answer for its things to be taken back. */
  readonly withoutCluster?: WithoutCluster;
}

/** The form in which the engine sees a driver: ids and states are plain JSON here, checked on the way in. */
export interface Driver<C> extends DriverFacts {
  /** For people, without the kind. */
  label(id: ResourceId): string;
  /** Changes with the same group share one write; null: each has its own. */
  group(id: ResourceId): string | null;
  plan(clients: C, resources: readonly Resource[]): Promise<readonly Planned[]>;
  look(clients: C, changes: readonly Change[]): Promise<readonly Look[]>;
  /** Where a state that was read before stands against a change; absent where a state does not say all. */
  standing?(now: Json, change: Pick<Change, 'before' | 'after'>): Look['at'];
  /** What is on a thing, whoever put it there, and must go before it can be deleted. */
  attached?(clients: C, id: ResourceId): Promise<readonly Resource[]>;
  write(clients: C, writes: readonly Write[]): Promise<void>;
}

/** A driver as its author writes it: typed ids and states, one `read`, one `write`. */
export interface DriverSpec<Id extends ResourceId, State, C>
  extends Partial<Pick<DriverFacts, 'concurrency' | 'batch' | 'visibleWithinSeconds'>>,
    Omit<DriverFacts, 'concurrency' | 'batch' | 'visibleWithinSeconds'> {
  readonly id: z.ZodType<Id>;
  /** The owned fields. Parsing also brings a desired state into canonical form where `canonical` is not given. */
  readonly state: z.ZodType<State>;
  label(id: Id): string;
  group?(id: Id): string;
  /** Sets sorted, defaults left out, names instead of generated ids. */
  canonical?(state: State): State;
  /** Why a thing that is there can't become the desired one, such as one of others under its name; null where it can. Told before anything is approved. */
  refuse?(id: Id, found: Observed<State> & { readonly state: State }, desired: State): EksDrError | null;
  /**
   * For a write of several requests: whether `now` is what one leaves that was cut short. It is written again then, not taken for drift.
   * {@link fieldByField} says it for the update of what is there.
   */
  halfWritten?(now: State, change: { readonly before: State | null; readonly after: State | null }): boolean;
  /** What is on a thing, whoever put it there, and must go before it can be deleted: things of their own, with nothing desired. */
  attached?(clients: C, id: Id): Promise<readonly Resource[]>;
  /** The owned fields of each, in canonical form, in the order of the ids. */
  read(clients: C, ids: readonly Id[]): Promise<readonly Observed<State>[]>;
  /** One group, or a single write. Must be conditional on `observed.version` where the system can. */
  write(clients: C, writes: readonly Write<Id, State>[]): Promise<void>;
}

/** A driver that also makes the resources it drives. */
export interface ResourceDriver<Id extends ResourceId, State, C> extends Driver<C> {
  resource(id: Id, desired: State | null): Resource;
}

/** Makes a driver for the common case, in which the state of each thing can simply be read. */
export function defineDriver<Id extends ResourceId, State, C>(spec: DriverSpec<Id, State, C>): ResourceDriver<Id, State, C> {
  const canonical = (state: State): State => (spec.canonical === undefined ? state : spec.canonical(state));
  const desiredState = (desired: Json): Json => (desired === null ? null : (canonical(spec.state.parse(desired)) as Json));
  const ids = (items: readonly { readonly id: ResourceId }[]): Id[] => items.map(({ id }) => spec.id.parse(id));

  const refusal = (id: ResourceId, { state, ...found }: Observed<State>, after: Json): EksDrError | null => {
    if (spec.refuse === undefined || state === null || after === null || sameJson(comparable(state as Json), comparable(after)))
      return null;
    return spec.refuse(spec.id.parse(id), { ...found, state }, after as State);
  };

  const standing = (now: Json, change: Pick<Change, 'before' | 'after'>): Look['at'] => {
    const found = compare(now, change);
    if (found !== 'elsewhere' || now === null || spec.halfWritten === undefined) return found;
    const { before, after } = change as { before: State | null; after: State | null };
    return spec.halfWritten(now as State, { before, after }) ? 'before' : 'elsewhere';
  };

  return {
    kind: spec.kind,
    noun: spec.noun,
    compareAndSwap: spec.compareAndSwap,
    permissions: spec.permissions,
    concurrency: spec.concurrency ?? 8,
    batch: spec.batch ?? (spec.group === undefined ? 1 : 100),
    visibleWithinSeconds: spec.visibleWithinSeconds ?? 60,
    ...(spec.withoutCluster === undefined ? {} : { withoutCluster: spec.withoutCluster }),
    ...(spec.attached === undefined
      ? {}
      : { attached: (clients: C, id: ResourceId) => spec.attached?.(clients, spec.id.parse(id)) ?? Promise.resolve([]) }),
    label: (id) => spec.label(spec.id.parse(id)),
    group: (id) => (spec.group === undefined ? null : spec.group(spec.id.parse(id))),

    resource(id, desired) {
      return { kind: spec.kind, id, desired: desiredState(desired as Json) };
    },

    standing,

    async plan(clients, resources) {
      const observed = await spec.read(clients, ids(resources));
      return resources.map((resource, index) => {
        const found = at(observed, index);
        const after = desiredState(resource.desired);
        return { before: found.state as Json, after, owner: found.owner, refused: refusal(resource.id, found, after) };
      });
    },

    async look(clients, changes) {
      const observed = await spec.read(clients, ids(changes));
      return changes.map((change, index) => {
        const found = at(observed, index) as Observed;
        return { at: standing(found.state, change), now: found.state, observed: found };
      });
    },

    async write(clients, writes) {
      const refused = writes.flatMap(
        ({ id, before, after, observed }) => refusal(id, { ...observed, state: before } as Observed<State>, after) ?? [],
      );
      if (refused.length > 0) throw gather(refused);
      await spec.write(
        clients,
        writes.map((write) => ({
          id: spec.id.parse(write.id),
          before: write.before as State | null,
          after: write.after as State | null,
          observed: write.observed as Observed<State>,
        })),
      );
    },
  };
}

/** Where `now` stands against a change. Secrets are compared by their MAC alone. */
export function compare(now: Json, change: Pick<Change, 'before' | 'after'>): Look['at'] {
  if (sameJson(comparable(now), comparable(change.after))) return 'after';
  if (sameJson(comparable(now), comparable(change.before))) return 'before';
  return 'elsewhere';
}

/** An update field by field that was cut short: each field is as before, or as after. */
export function fieldByField<State extends object>(
  now: State,
  { before, after }: { readonly before: State | null; readonly after: State | null },
): boolean {
  if (before === null || after === null) return false;
  const isAs = (other: State, field: keyof State) => sameJson(comparable(now[field] as Json), comparable(other[field] as Json));
  return (Object.keys(now) as (keyof State)[]).every((field) => isAs(before, field) || isAs(after, field));
}

/** Reads ids one by one, for systems without a bulk read; the client's own rate limit and concurrency apply. */
export function eachId<Id, State, C>(readOne: (clients: C, id: Id) => Promise<Observed<State>>) {
  return (clients: C, ids: readonly Id[]): Promise<Observed<State>[]> => Promise.all(ids.map((id) => readOne(clients, id)));
}

/** For drivers without groups: their `write` gets exactly one. */
export function single<Id, State, C>(writeOne: (clients: C, write: Write<Id, State>) => Promise<void>) {
  return async (clients: C, writes: readonly Write<Id, State>[]): Promise<void> => {
    for (const write of writes) await writeOne(clients, write);
  };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new TypeError(`a driver answered ${list.length} items, but item ${index} was asked for`);
  return item;
}
