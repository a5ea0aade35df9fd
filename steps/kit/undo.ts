import type { Engine } from './engine.ts';
import { type Guarded, guard } from './guard.ts';
import { type Json, sameJson } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import { type LeftAlone, type Plan, type PlanItem, waves } from './plan.ts';
import { type Change, isWait } from './resource.ts';
import { comparable } from './secrets.ts';

/** What the applied plans of a step did to one thing: from the first `before` to the last `after`. */
export interface Folded extends Change {
  /**
   * What an earlier plan had left there when the last one was made. It is there still, and ours, where the last apply was interrupted
   * before it came to this thing. Absent where the last plan found no work of ours.
   */
  readonly orStill?: Json;
}

/** What all applied plans of a step did together, per resource, in waves, first to last. */
export function foldPlans(plans: readonly Pick<Plan, 'items'>[]): Folded[][] {
  const all = plans.map(({ items }) => waves(items).map((wave) => wave.filter((item): item is Change => !isWait(item))));
  const byKey = groupBy(all.flat(2), keyOf);
  const seen = new Set<string>();
  return all
    .flat()
    .map((wave) => {
      const fresh = wave.filter((change) => !seen.has(keyOf(change)));
      for (const change of fresh) seen.add(keyOf(change));
      return fresh.flatMap((change) => foldChanges(byKey.get(keyOf(change)) ?? []) ?? []);
    })
    .filter((wave) => wave.length > 0);
}

/** Folds the changes of one thing; null where none of it can be there any more. */
function foldChanges(changes: readonly Change[]): Folded | null {
  const [first, last] = [changes[0], changes.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { kind, id, before } = first;
  const folded = { kind, id, before, after: last.after };
  const ours = changes.slice(0, -1).some(({ after }) => sameState(after, last.before));
  if (ours && !sameState(last.before, before)) return { ...folded, orStill: last.before };
  return sameState(before, last.after) ? null : folded;
}

/** What is different, on the whole, after all these plans were applied to their end. */
export function netChanges(plans: readonly Pick<Plan, 'items'>[]): Change[] {
  return foldPlans(plans)
    .flat()
    .filter(({ before, after }) => !sameState(before, after));
}

export interface UndoPlan {
  readonly items: PlanItem[][];
  readonly leftAlone: LeftAlone[];
}

/**
 * Plans the way back, comparing three ways: what was there before us, what we left, what is there now.
 * Unchanged since: swapped back. Changed since on a thing we created: removed, but asked for by itself.
 * Changed since on a thing we only modified: left alone and listed.
 */
export async function planUndo<C>(engine: Engine<C>, folded: readonly (readonly Folded[])[]): Promise<UndoPlan> {
  const inverse = folded.toReversed().map((wave) => wave.map((change) => ({ ...change, before: change.after, after: change.before })));
  const compared = await compareAll(engine, inverse.flat());
  guard(
    engine.run,
    engine.direction,
    [...compared.values()].flatMap(({ guarded }) => guarded ?? []),
  );
  const items = inverse
    .map((wave) => wave.flatMap((change) => compared.get(keyOf(change))?.guarded?.change ?? []))
    .filter((wave) => wave.length > 0);
  return { items, leftAlone: [...compared.values()].flatMap(({ leftAlone }) => leftAlone ?? []) };
}

interface Compared {
  readonly guarded?: Guarded;
  readonly leftAlone?: LeftAlone;
}

async function compareAll<C>(engine: Engine<C>, inverse: readonly Folded[]): Promise<Map<string, Compared>> {
  const perKind = await Promise.all(
    [...groupBy(inverse, ({ kind }) => kind)].map(async ([kind, changes]) => {
      const driver = engine.driver(kind);
      const looks = await driver.look(engine.clients, changes);
      return changes.map((change, index): [string, Compared] => {
        const look = looks[index];
        if (look === undefined) throw new TypeError(`${kind} answered ${looks.length} of ${changes.length} changes`);
        const asGuarded = (entry: Change): Compared => ({
          guarded: { change: entry, owner: look.observed.owner, label: driver.label(change.id) },
        });
        const { id, before: ours, after, orStill } = change;
        if (look.at === 'after') return [keyOf(change), {}];
        if (look.at === 'before') return [keyOf(change), asGuarded({ kind, id, before: ours, after })];
        if (orStill !== undefined && sameState(look.now, orStill)) return [keyOf(change), asGuarded({ kind, id, before: orStill, after })];
        if (after !== null) return [keyOf(change), { leftAlone: { kind, id, ours, now: look.now } }];
        return [keyOf(change), asGuarded({ kind, id, before: look.now, after, changedSince: ours })];
      });
    }),
  );
  return new Map(perKind.flat());
}

function sameState(one: Json, other: Json): boolean {
  return sameJson(comparable(one), comparable(other));
}
