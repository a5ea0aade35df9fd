import type { Engine } from './engine.ts';
import { type Guarded, guard } from './guard.ts';
import { type Json, sameJson } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import { type LeftAlone, type Plan, type PlanItem, waves } from './plan.ts';
import { type Change, isWait } from './resource.ts';
import { comparable } from './secrets.ts';

/** What all applied plans of a step did together: per resource the first `before` and the last `after`, in waves, first to last. */
export function foldPlans(plans: readonly Pick<Plan, 'items'>[]): Change[][] {
  const last = new Map<string, Json>();
  const order: Change[][] = [];
  const seen = new Set<string>();
  for (const wave of plans.flatMap(({ items }) => waves(items))) {
    const fresh: Change[] = [];
    for (const item of wave) {
      if (isWait(item)) continue;
      last.set(keyOf(item), item.after);
      if (seen.has(keyOf(item))) continue;
      seen.add(keyOf(item));
      fresh.push(item);
    }
    order.push(fresh);
  }
  return order
    .map((wave) => wave.map(({ kind, id, before }) => ({ kind, id, before, after: last.get(keyOf({ kind, id })) ?? null })))
    .map((wave) => wave.filter(({ before, after }) => !sameJson(comparable(before), comparable(after))))
    .filter((wave) => wave.length > 0);
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
export async function planUndo<C>(engine: Engine<C>, folded: readonly (readonly Change[])[]): Promise<UndoPlan> {
  const inverse = folded
    .toReversed()
    .map((wave) => wave.map(({ kind, id, before, after }) => ({ kind, id, before: after, after: before })));
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

async function compareAll<C>(engine: Engine<C>, inverse: readonly Change[]): Promise<Map<string, Compared>> {
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
        const { id, before: ours, after } = change;
        if (look.at === 'after') return [keyOf(change), {}];
        if (look.at === 'before') return [keyOf(change), asGuarded(change)];
        if (after !== null) return [keyOf(change), { leftAlone: { kind, id, ours, now: look.now } }];
        return [keyOf(change), asGuarded({ kind, id, before: look.now, after, changedSince: ours })];
      });
    }),
  );
  return new Map(perKind.flat());
}
