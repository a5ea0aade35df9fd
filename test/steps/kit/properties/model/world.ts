import type { Clock } from '../../../../../steps/kit/clock.ts';
import type { Owner } from '../../../../../steps/kit/resource.ts';
import { createModelClock } from './clock.ts';

export const RUN = 'run-1';

/** What a thing holds. Of a secret, `value` is the secret itself. */
export interface Content {
  readonly value: string;
  readonly tags: readonly string[];
}

/** One moment in the life of a thing; without content it was absent from then on. */
export interface Entry {
  readonly at: number;
  readonly content: Content | null;
  /** The run whose mark it carries. */
  readonly run: string | null;
  readonly version: number;
  readonly by: 'start' | 'us' | 'others';
}

export interface ThingName {
  readonly kind: string;
  readonly name: string;
}

/** Remote systems in memory that remember every state of every thing, so that reading may lag behind writing. */
export interface ModelWorld {
  readonly clock: Clock;
  /** How many seconds reading lags behind. */
  readonly lag: number;
  readonly histories: Map<string, Entry[]>;
  /** Writes of ours that took effect, in order. */
  readonly effects: ThingName[];
  lastVersion: number;
}

export interface StartThing extends ThingName, Content {
  readonly run: string | null;
}

export function createModelWorld(start: readonly StartThing[], lag: number): ModelWorld {
  const world: ModelWorld = { clock: createModelClock(), lag, histories: new Map(), effects: [], lastVersion: 0 };
  for (const { kind, name, value, tags, run } of start) record(world, { kind, name }, { content: { value, tags }, run, by: 'start' });
  return world;
}

/** What others do to a thing: another content, or its end. */
export interface Edit extends ThingName {
  readonly content: Content | null;
}

export function editByOthers(world: ModelWorld, { kind, name, content }: Edit): void {
  record(world, { kind, name }, { content, run: entryAt(world, { kind, name })?.run ?? null, by: 'others' });
}

export function record(world: ModelWorld, thing: ThingName, entry: Pick<Entry, 'content' | 'run' | 'by'>): void {
  world.lastVersion += 1;
  const run = entry.content === null ? null : entry.run;
  const history = historyOf(world, thing);
  history.push({ ...entry, run, at: world.clock.now(), version: world.lastVersion });
}

/** The state of a thing at a moment; undefined: it has never been there. */
export function entryAt(world: ModelWorld, thing: ThingName, moment = Number.POSITIVE_INFINITY): Entry | undefined {
  const history = world.histories.get(keyFor(thing)) ?? [];
  // What was there at the start has always been there.
  return history.findLast(({ at, by }) => by === 'start' || at <= moment);
}

/** The version of everything in one container: the newest of its things. */
export function containerVersion(world: ModelWorld, { kind, name }: ThingName, moment = Number.POSITIVE_INFINITY): number {
  const inside = [...world.histories.keys()].filter((key) => key.startsWith(`${kind} ${containerOf(name)}`));
  return Math.max(0, ...inside.map((key) => entryAt(world, { kind, name: key.slice(kind.length + 1) }, moment)?.version ?? 0));
}

export const containerOf = (name: string): string => name.slice(0, 1);

export const keyFor = ({ kind, name }: ThingName): string => `${kind} ${name}`;

/** `s…` lies in a place for drills, `p…` in production's; elsewhere the mark on the thing tells, and new things are nobody's. */
export function ownerOf(name: string, entry: Entry | undefined): Owner {
  if (containerOf(name) === 's') return { kind: 'drill-scope', scope: 'drill' };
  if (containerOf(name) === 'p') return { kind: 'other', detail: 'it lies in production' };
  if (entry === undefined || entry.content === null) return { kind: 'nobody' };
  return entry.run === null ? { kind: 'other', detail: 'it carries no mark' } : { kind: 'run', run: entry.run };
}

/** Everything that is there now in canonical form, with its marks, as text: equal texts, equal worlds. */
export function picture(world: ModelWorld): Record<string, string> {
  const things = [...world.histories].flatMap(([key, history]) => {
    const last = history.at(-1);
    if (last === undefined || last.content === null) return [];
    const { value, tags } = last.content;
    return [[key, `${value} [${[...new Set(tags)].toSorted().join()}] of ${last.run}`] as const];
  });
  return Object.fromEntries(things.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function historyOf(world: ModelWorld, thing: ThingName): Entry[] {
  const found = world.histories.get(keyFor(thing));
  if (found !== undefined) return found;
  const history: Entry[] = [];
  world.histories.set(keyFor(thing), history);
  return history;
}
