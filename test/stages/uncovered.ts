import { isReadOnly, takesPart } from '../../steps/kit/step.ts';
import type { Step } from '../../steps/step.ts';
import type { Turn } from './step-turn.ts';

/**
 * The steps, by direction, that drive something but changed nothing in any stage: no test that goes through the stages covers them.
 * Stages are of a drill and of a preparation: what has a part in recoveries alone is none of their business.
 */
export function uncovered(
  steps: readonly Pick<Step, 'id' | 'drivers' | 'modes'>[],
  stages: readonly (Turn & { readonly requests: readonly unknown[] })[],
): Turn[] {
  return steps
    .filter((step) => !isReadOnly(step) && (takesPart(step, 'drill') || takesPart(step, 'prepare')))
    .flatMap(({ id: step }) => (['forward', 'undo'] as const).map((direction): Turn => ({ step, direction })))
    .filter(
      ({ step, direction }) => !stages.some((stage) => stage.step === step && stage.direction === direction && stage.requests.length > 0),
    );
}
