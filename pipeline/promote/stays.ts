import type { Documents } from '../../steps/kit/documents.ts';
import { groupBy } from '../../steps/kit/keys.ts';
import { netChanges } from '../../steps/kit/undo.ts';
import type { Step } from '../../steps/step.ts';
import type { Closed } from '../runner/closed.ts';

const SHOWN = 3;

/** What the run made and changed, on the whole, step by step: what its undo would have taken back. */
export function staysOf({ records, plans }: Pick<Documents, 'records' | 'plans'>, steps: readonly Step[]): Closed['stays'] {
  return steps.flatMap(({ id: step }) => {
    const { applied = [], completed = [] } = records[step] ?? {};
    const begun = plans.filter((plan) => plan.step === step && applied.includes(plan.attempt));
    const net = netChanges(begun.map(({ attempt, items }) => ({ items, completed: completed.includes(attempt) })));
    return net
      .filter(({ after }) => after !== null)
      .map(({ kind, id, before }) => ({
        step,
        kind,
        id: { ...id },
        change: before === null ? ('created' as const) : ('changed' as const),
      }));
  });
}

/** The same for people: a line for each kind of thing. */
export function staysLines(stays: Closed['stays'], steps: readonly Step[]): string[] {
  const drivers = new Map(steps.flatMap((step) => step.drivers.map((driver) => [driver.kind, driver] as const)));
  return [...groupBy(stays, ({ kind, change }) => `${kind} ${change}`).values()].map((alike) => {
    const [{ kind, change } = { kind: '', change: '' }] = alike;
    const driver = drivers.get(kind);
    const names = alike.slice(0, SHOWN).map(({ id }) => driver?.label(id) ?? Object.values(id).join(' '));
    const more = alike.length > SHOWN ? ` and ${alike.length - SHOWN} more` : '';
    return `${driver?.noun ?? kind}, ${change}: ${names.join(', ')}${more}`;
  });
}
