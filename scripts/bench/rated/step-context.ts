import { setMaxListeners } from 'node:events';
import type { Clients } from '../../../steps/clients/clients.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import type { Description } from '../../../steps/kit/resource.ts';
import type { Run } from '../../../steps/kit/run.ts';
import type { Step } from '../../../steps/step.ts';

interface Given {
  readonly clients: Clients;
  readonly estate: Estate;
  readonly run: Run;
  /** The outputs of the steps before it, as far as it looks at them. */
  readonly needs: Readonly<Record<string, unknown>>;
}

/** What a step wants, when the steps before it said this. */
export async function describeStep(
  { id, describe }: Pick<Step, 'id' | 'describe'>,
  { clients, needs, ...given }: Given,
): Promise<Description> {
  if (describe === undefined) throw new TypeError(`the step ${id} describes nothing`);
  const { clock, log, signal } = clients;
  setMaxListeners(0, signal);
  const folder = { records: {}, plans: [] };
  // A step's own context type is known to the step alone.
  return describe({ ...given, clients, clock, log, signal, needs, folder, allSteps: async () => [] } as never);
}
