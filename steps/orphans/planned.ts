import type { Clients } from '../clients/clients.ts';
import type { Driver } from '../kit/driver.ts';
import { groupBy, keyOf } from '../kit/keys.ts';
import { changesOf, type Plan } from '../kit/plan.ts';
import type { Change, ResourceId } from '../kit/resource.ts';

/** The changes of one kind in the forward plans of a run. */
export function plannedChanges(plans: readonly Plan[], kind: string): Change[] {
  return plans
    .filter(({ direction }) => direction === 'forward')
    .flatMap(({ items }) => changesOf(items))
    .filter((change) => change.kind === kind);
}

/** What the run first found missing, and made: each once. */
export function madeIds(plans: readonly Plan[], kind: string): ResourceId[] {
  return [...groupBy(plannedChanges(plans, kind), keyOf).values()].flatMap(([first]) => (first?.before === null ? [first.id] : []));
}

/** Of these things, those that are there. `run`: and belong to this run by what is written on them. */
export async function there(driver: Driver<Clients>, clients: Clients, ids: readonly ResourceId[], run?: string): Promise<ResourceId[]> {
  if (ids.length === 0) return [];
  const looks = await driver.plan(
    clients,
    ids.map((id) => ({ kind: driver.kind, id, desired: null })),
  );
  return ids.filter((_, index) => {
    const look = looks[index];
    if (look === undefined || look.before === null) return false;
    return run === undefined || (look.owner.kind === 'run' && look.owner.run === run);
  });
}
