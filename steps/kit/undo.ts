import type { Engine } from './engine.ts';
import { type Guarded, guard } from './guard.ts';
import { type Json, sameJson } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import { changesOf, type LeftAlone, type Plan, type PlanItem, waves } from './plan.ts';
import type { Change } from './resource.ts';
import { comparable } from './secrets.ts';

/** A plan whose apply has begun; `completed`: and came to its end. */
export interface AppliedPlan extends Pick<Plan, 'items'> {
  readonly completed?: boolean;
}

/** What the applied plans of a step did to one thing: from the first `before` to the last `after`. */
export interface Folded extends Change {
  /** What an earlier plan had left there. Only where the last apply did not come to its end: it may never have come to this thing. */
  readonly earlier?: { readonly state: Json /** Whether the last plan found it so. */; readonly found: boolean };
}

/** What all applied plans of a step did together, per resource, in waves, first to last. */
export function foldPlans(plans: readonly AppliedPlan[]): Folded[][] {
  const all = plans.map(({ items }) => waves(items).map((wave) => changesOf([wave])));
  const byKey = groupBy(all.flat(2), keyOf);
  const completed = new Set(plans.flatMap((plan) => (plan.completed === true ? changesOf(plan.items) : [])));
  const seen = new Set<string>();
  return all
    .flat()
    .map((wave) => {
      const fresh = wave.filter((change) => !seen.has(keyOf(change)));
      for (const change of fresh) seen.add(keyOf(change));
      return fresh.flatMap((change) => foldChanges(byKey.get(keyOf(change)) ?? [], completed) ?? []);
    })
    .filter((wave) => wave.length > 0);
}

/** Folds the changes of one thing; null where nothing of them can be there any more. */
function foldChanges(changes: readonly Change[], completed: ReadonlySet<Change>): Folded | null {
  const [first, last, previous] = [changes[0], changes.at(-1), changes.at(-2)];
  if (first === undefined || last === undefined) return null;
  const { kind, id, before } = first;
  const folded = { kind, id, before, after: last.after };
  if (previous === undefined || completed.has(last)) return sameState(before, last.after) ? null : folded;
  const found = changes.slice(0, -1).some(({ after }) => sameState(after, last.before));
  return { ...folded, earlier: { state: found ? last.before : previous.after, found } };
}

/** What is different, on the whole, after all these plans were applied to their end. */
export function netChanges(plans: readonly AppliedPlan[]): Change[] {
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
        const { id, before: ours, after, earlier } = change;
        if (look.at === 'after') return [keyOf(change), {}];
        if (look.at === 'before') return [keyOf(change), asGuarded({ kind, id, before: ours, after })];
        if (earlier?.found === true && sameState(look.now, earlier.state)) {
          return [keyOf(change), asGuarded({ kind, id, before: look.now, after })];
        }
        if (after !== null) return [keyOf(change), { leftAlone: { kind, id, ours, now: look.now } }];
        return [keyOf(change), asGuarded({ kind, id, before: look.now, after, changedSince: ours ?? earlier?.state ?? null })];
      });
    }),
  );
  return new Map(perKind.flat());
}

function sameState(one: Json, other: Json): boolean {
  return sameJson(comparable(one), comparable(other));
}
