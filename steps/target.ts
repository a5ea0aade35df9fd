import type { Estate } from './estate/estate.ts';
import { EksDrError } from './kit/errors.ts';
import type { Run } from './kit/run.ts';

/** The place that a run recovers to. Throws `input-invalid` where the estate does not have it any more. */
export function targetOf({ targets }: Pick<Estate, 'targets'>, run: Pick<Run, 'target'>): Estate['targets'][string] {
  const target = targets[run.target];
  if (target !== undefined) return target;
  throw new EksDrError('input-invalid', {
    message: `The run's target ${run.target} is not in the estate, which has: ${Object.keys(targets).join(', ')}.`,
    target: 'targets',
  });
}
