import fc from 'fast-check';
import type { Description, Resource, Wait } from '../../../../../steps/kit/resource.ts';
import { blind, modelDrivers, modelSecrets, secret, secretValues } from './drivers.ts';
import { interruptions, type Mishap } from './mishaps.ts';
import type { Mode } from './process.ts';
import { pause } from './waits.ts';
import { containerOf, createModelWorld, type ModelWorld, RUN, type StartThing } from './world.ts';

/** A world and what a step would have of it, once or several times. */
export interface Scene {
  readonly mode: Mode;
  readonly lag: number;
  readonly seed: number;
  readonly start: readonly StartThing[];
  readonly descriptions: readonly Description[];
}

export const worldOf = ({ start, lag }: Scene): ModelWorld => createModelWorld(start, lag);

const kinds = modelDrivers.map(({ kind }) => kind);
/** Those of which the remote system refuses a write over somebody else's. */
export const swappingKinds: readonly string[] = kinds.filter((kind) => kind !== blind.kind);

const names = ['a', 'b', 's'].flatMap((container) => [1, 2, 3].map((number) => `${container}${number}`));
const values = ['v1', 'v2', 'v3'];
const content = fc.record({ value: fc.constantFrom(...values), tags: fc.array(fc.constantFrom('x', 'y'), { maxLength: 3 }) });

const startThing = (mode: Mode): fc.Arbitrary<StartThing> =>
  fc
    .record({
      kind: fc.constantFrom(...kinds.filter((kind) => kind !== secret.kind)),
      name: fc.constantFrom(...names),
      content,
      run: mode === 'drill' ? fc.constant(RUN) : fc.constantFrom(RUN, null),
    })
    .map(({ kind, name, content: { value, tags }, run }) => ({ kind, name, value: `old-${value}`, tags, run }));

interface Wish {
  readonly kind: string;
  readonly name: string;
  readonly desired: { readonly value: string; readonly tags: readonly string[] } | null;
}

const wish = fc.record({
  kind: fc.constantFrom(...kinds),
  name: fc.constantFrom(...names),
  desired: fc.option(content, { freq: 4 }),
});

const waiting = fc.record({ seconds: fc.integer({ min: 0, max: 20 }) });

/** All things of one kind in one container, so that what is grouped fills more than one batch. */
const whole = fc
  .record({ kind: fc.constantFrom(...kinds), container: fc.constantFrom('a', 'b', 's'), desired: content })
  .map(({ kind, container, desired }) => [1, 2, 3].map((number): Wish => ({ kind, name: `${container}${number}`, desired })));

const wave = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: wish.map((one) => [one]) },
      { weight: 2, arbitrary: whole },
      { weight: 1, arbitrary: waiting.map((one) => [one]) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts): (Wish | { seconds: number })[] => parts.flat());

const keyOfThing = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;

/** Random scenes in which the guard has no reason to refuse anything. */
export function scenes(attempts: { readonly most: number }): fc.Arbitrary<Scene> {
  return fc.constantFrom<Mode>('drill', 'recover').chain((mode) =>
    fc
      .record({
        lag: fc.constantFrom(0, 0, 1, 3),
        seed: fc.nat(1000),
        start: fc.uniqueArray(startThing(mode), { selector: keyOfThing, maxLength: 12 }),
        wishes: fc.array(fc.array(wave, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: attempts.most }),
      })
      .map(({ lag, seed, start, wishes }) => {
        const descriptions = wishes.map((waves) => describe(waves, (thing) => mayDelete(mode, start, thing)));
        return { mode, lag, seed, start, descriptions };
      }),
  );
}

/** A recovery deletes nothing that the run did not make. */
function mayDelete(mode: Mode, start: readonly StartThing[], { kind, name }: Wish): boolean {
  if (mode === 'drill') return true;
  const found = start.find((thing) => thing.kind === kind && thing.name === name);
  return containerOf(name) !== 's' && (found === undefined || found.run === RUN);
}

function describe(waves: readonly (readonly (Wish | { seconds: number })[])[], deletable: (thing: Wish) => boolean): Description {
  const named = new Set<string>();
  return waves.map((items, index) =>
    items.flatMap((item): (Resource | Wait)[] => {
      if ('seconds' in item) return [pause.for({ seconds: item.seconds, of: `wave ${index}` })];
      if (named.has(keyOfThing(item))) return [];
      named.add(keyOfThing(item));
      const wanted = item.desired ?? (deletable(item) ? null : { value: 'v1', tags: [] });
      return [resourceOf(item, wanted)];
    }),
  );
}

export function resourceOf({ kind, name }: { kind: string; name: string }, wanted: Wish['desired']): Resource {
  if (wanted === null) return { kind, id: { name }, desired: null };
  if (kind !== secret.kind) return { kind, id: { name }, desired: wanted };
  const ref = `env:${wanted.value.toUpperCase()}`;
  const value = secretValues[ref];
  if (value === undefined) throw new Error(`there is no secret ${ref}`);
  return { kind, id: { name }, desired: { key: { ref, mac: modelSecrets.mac(value) } } };
}

/** At which part (in thousandths) of the requests of an undisturbed process something befalls it. */
export interface Moment {
  readonly part: number;
  readonly what: (typeof interruptions)[number];
}

const moment: fc.Arbitrary<Moment> = fc.record({ part: fc.nat(999), what: fc.constantFrom(...interruptions) });

/** What befalls each of several lives. */
export const lives: fc.Arbitrary<Moment[][]> = fc.array(fc.array(moment, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

export function mishapsAt(moments: readonly Moment[], requests: number): Mishap[] {
  return moments.map(({ part, what }) => ({ request: Math.floor((part * requests) / 1000), what }));
}
