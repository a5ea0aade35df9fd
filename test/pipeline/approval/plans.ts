import { changesOf, countVerbs, expectedSeconds, type Plan, type PlanItem, planDigest } from '../../../steps/kit/plan.ts';

/** A plan of these items, as a step writes it. */
export function planOf(items: readonly PlanItem[], more: Partial<Plan> = {}): Plan {
  const list = [...items] as Plan['items'];
  return {
    schema: 1,
    run: 'drill-1',
    step: 'switch-route53',
    attempt: 1,
    direction: 'forward',
    items: list,
    digest: planDigest(list),
    changes: countVerbs(changesOf(list)),
    expectedSeconds: expectedSeconds(list),
    digestKey: null,
    leftAlone: [],
    needs: {},
    estate: { parts: [], digest: 'none' },
    createdAt: '2027-01-12T09:30:00Z',
    ...more,
  };
}
