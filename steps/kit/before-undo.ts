import { contextOf, type PhaseInput } from './phase.ts';
import { changesOf, type Plan } from './plan.ts';

/** Asks the step whether what its undo is about to change may be changed now. Throws what speaks against it. */
export async function beforeUndo<E, C>(input: PhaseInput<E, C>, items: Plan['items']): Promise<void> {
  const changes = changesOf(items);
  if (input.step.beforeUndo === undefined || changes.length === 0) return;
  await input.step.beforeUndo(Object.assign(contextOf(input), { changes }) as never);
}
