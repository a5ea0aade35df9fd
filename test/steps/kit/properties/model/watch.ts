import type { Driver } from '../../../../../steps/kit/driver.ts';
import { canonicalJson, type Json, sameJson } from '../../../../../steps/kit/json.ts';
import { keyOf } from '../../../../../steps/kit/keys.ts';
import { changesOf, type Direction, type PlanItems, waves } from '../../../../../steps/kit/plan.ts';
import { type Change, isWait } from '../../../../../steps/kit/resource.ts';
import { comparable } from '../../../../../steps/kit/secrets.ts';
import { entryAt, keyFor, type ModelWorld, ownerOf, type ThingName } from './world.ts';

/** Looks over the shoulder of one process and notes every write that the engine promises never to make. */
export interface Watch {
  readonly offences: string[];
  /** Writes over what others had changed after the last look at it: what a driver without compare-and-swap can't see. */
  readonly unseen: ThingName[];
  /** The process looked at a thing as it was at that moment. */
  sees(thing: ThingName, moment: number): void;
  /** A write of so many changes sets out. Call the answer when it is back. */
  begins(kind: string, changes: number): () => void;
  /** A change takes effect, over what is there now. */
  takesEffect(change: Pick<Change, 'kind' | 'before' | 'after'> & ThingName): void;
}

export interface Watched {
  readonly world: ModelWorld;
  readonly mode: 'drill' | 'recover';
  readonly direction: Direction;
  /** What the process was told to apply; null: it only plans. */
  readonly items: PlanItems | null;
  readonly signal: AbortSignal;
  readonly driver: (kind: string) => Pick<Driver<never>, 'batch' | 'concurrency'>;
  readonly stateOf: (thing: ThingName, moment: number) => Json;
}

export function createWatch({ world, mode, direction, items, signal, driver, stateOf }: Watched): Watch {
  const offences: string[] = [];
  const unseen: ThingName[] = [];
  const seen = new Map<string, number>();
  const underWay = new Map<string, number>();
  const planned = new Map(changesOf(items ?? []).map((change) => [keyOf(change), change]));

  return {
    offences,
    unseen,
    sees: (thing, moment) => void seen.set(keyFor(thing), moment),
    begins(kind, changes) {
      const now = (underWay.get(kind) ?? 0) + 1;
      underWay.set(kind, now);
      if (changes > driver(kind).batch) offences.push(`a write of ${kind} carried ${changes} changes`);
      if (now > driver(kind).concurrency) offences.push(`${now} writes of ${kind} were under way at once`);
      if (signal.aborted) offences.push(`a write of ${kind} set out after the process was asked to stop`);
      return () => void underWay.set(kind, (underWay.get(kind) ?? 1) - 1);
    },
    takesEffect({ kind, name, before, after }) {
      const change = planned.get(keyOf({ kind, id: { name } }));
      if (change === undefined || !sameJson(change.after, after)) {
        offences.push(`${kind} ${name} was written to ${canonicalJson(after)}, which is not in the plan`);
        return;
      }
      const found = entryAt(world, { kind, name });
      const looked = seen.get(keyFor({ kind, name })) ?? 0;
      const foreign = ownerOf(name, entryAt(world, { kind, name }, looked)).kind === 'other';
      if (mode === 'drill' && foreign) offences.push(`a drill wrote ${kind} ${name}, which is not its own`);
      if (direction === 'forward' && foreign && after === null) offences.push(`a run deleted ${kind} ${name}, which it did not make`);
      offences.push(...waveOffences(world, items ?? [], change, stateOf));
      if (found === undefined || found.by !== 'others' || sameState(stateOf({ kind, name }, world.clock.now()), before)) return;
      if (found.at > looked) unseen.push({ kind, name });
      else offences.push(`${kind} ${name} was written over what others had changed, though the process had seen it`);
    },
  };
}

/** Whether everything in the waves before is there, to be seen, unless others have changed it since. */
function waveOffences(world: ModelWorld, items: PlanItems, change: Change, stateOf: Watched['stateOf']): string[] {
  const list = waves(items);
  const own = list.findIndex((wave) => wave.some((item) => !isWait(item) && keyOf(item) === keyOf(change)));
  const earlier = changesOf(list.slice(0, own));
  const visible = world.clock.now() - world.lag * 1000;
  return earlier.flatMap(({ kind, id, after }) => {
    const thing = { kind, name: id.name ?? '' };
    const touched = entryAt(world, thing)?.by === 'others';
    if (touched || sameState(stateOf(thing, visible), after)) return [];
    return [`${change.kind} ${change.id.name} was written before ${kind} ${id.name}, which stands in an earlier wave, was there`];
  });
}

function sameState(one: Json, other: Json): boolean {
  return sameJson(comparable(one), comparable(other));
}
