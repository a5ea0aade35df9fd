import type { Engine } from './engine.ts';
import { type Guarded, guard } from './guard.ts';
import { type Json, sameJson } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import type { LeftAlone, PlanItem } from './plan.ts';
import { type Change, type Description, isWait, type Resource, type Wait } from './resource.ts';
import { comparable } from './secrets.ts';
import type { Folded, UndoPlan } from './undo.ts';

/**
 * What a step describes as its way back follows the same law as the swap of every before and after: what is no longer as the run left it
 * asks by itself where the run had made it, and is left alone where the run had only modified it.
 */
export function heedChangesSince<C>(
  engine: Engine<C>,
  items: readonly (readonly PlanItem[])[],
  { wanted, folded }: { readonly wanted: Description; readonly folded: readonly (readonly Folded[])[] },
): UndoPlan {
  const changes = items.flat().filter((item): item is Change => !isWait(item) && item.before !== null);
  const since = new Map([...toldBy(wanted, changes), ...foundSince(engine, changes, folded.flat())]);
  const leftAlone: LeftAlone[] = [];
  const heeded = items.map((wave) =>
    wave.flatMap((item): PlanItem[] => {
      const ours = isWait(item) ? undefined : since.get(keyOf(item));
      if (isWait(item) || ours === undefined) return [item];
      if (!ours.modified) return [{ ...item, changedSince: ours.state }];
      leftAlone.push({ kind: item.kind, id: item.id, ours: ours.state, now: item.before });
      return [];
    }),
  );
  return { items: heeded.filter((wave) => wave.length > 0), leftAlone };
}

/** What the run had left, of things that are otherwise now; `modified`: it had not made them. */
type Since = Map<string, { readonly state: Json; readonly modified: boolean }>;

/** Of things that the plans of the step do not know by these ids, the step says itself what the run had left. */
function toldBy(wanted: Description, changes: readonly Change[]): Since {
  const resources = wanted.flat() as readonly (Resource | Wait)[];
  const ours = new Map(resources.flatMap((item) => (isWait(item) || item.ours === undefined ? [] : [[keyOf(item), item.ours] as const])));
  return new Map(
    changes.flatMap((change) => {
      const state = ours.get(keyOf(change));
      const isSame = state === undefined || sameJson(comparable(state), comparable(change.before));
      return isSame ? [] : [[keyOf(change), { state, modified: false }] as const];
    }),
  );
}

/** Drivers judge themselves whether a thing is as it was left: what was cut short half way is. Of a whole stack, its own tool tells. */
function foundSince<C>(engine: Engine<C>, changes: readonly Change[], folded: readonly Folded[]): Since {
  const byKey = new Map(folded.map((change) => [keyOf(change), change]));
  return new Map(
    changes.flatMap((change) => {
      const left = byKey.get(keyOf(change));
      if (left === undefined || engine.driver(change.kind).standing?.(change.before, left) !== 'elsewhere') return [];
      const { earlier, before, after } = left;
      const isEarlier = earlier?.found === true && sameJson(comparable(change.before), comparable(earlier.state));
      return isEarlier ? [] : [[keyOf(change), { state: after ?? earlier?.state ?? null, modified: before !== null }] as const];
    }),
  );
}

/**
 * What others have put on a thing that goes, and without which it can't be deleted, goes before it: each a change of its own that asks by
 * itself. What the plan takes off anyway is the run's own.
 */
export async function withAttached<C>(engine: Engine<C>, items: readonly (readonly PlanItem[])[]): Promise<PlanItem[][]> {
  const planned = new Set(items.flat().flatMap((item) => (isWait(item) ? [] : [keyOf(item)])));
  const waves = await Promise.all(
    items.map(async (wave) => {
      const found = await Promise.all(wave.map((item) => attachedTo(engine, item)));
      const foreign = found.flat().filter(({ change }) => !planned.has(keyOf(change)));
      guard(engine.run, engine.direction, foreign);
      return foreign.length === 0 ? [[...wave]] : [foreign.map(({ change }) => change), [...wave]];
    }),
  );
  return waves.flat();
}

async function attachedTo<C>(engine: Engine<C>, item: PlanItem): Promise<Guarded[]> {
  if (isWait(item) || item.after !== null || item.before === null) return [];
  const resources = (await engine.driver(item.kind).attached?.(engine.clients, item.id)) ?? [];
  const perKind = await Promise.all(
    [...groupBy(resources, ({ kind }) => kind)].map(async ([kind, members]) => {
      const driver = engine.driver(kind);
      const compared = await driver.plan(engine.clients, members);
      return members.flatMap(({ id }, index): Guarded[] => {
        const found = compared[index];
        if (found === undefined || found.before === null) return [];
        return [
          { change: { kind, id, before: found.before, after: null, changedSince: null }, owner: found.owner, label: driver.label(id) },
        ];
      });
    }),
  );
  return perKind.flat();
}
