import type { Observed } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';

/**
 * A thing that is there already under the name we would use, and isn't this run's. It is never taken over: it may be what production,
 * or the lost cluster, still works with.
 */
export function foreignThing(noun: string, name: string, { owner }: Pick<Observed, 'owner'>): EksDrError {
  const whose = owner.kind === 'run' ? `belongs to run ${owner.run}` : 'was not made by EKS-DR';
  return nameTaken(noun, name, whose);
}

/** A name that IAM calls taken; it does not tell upper from lower case there. */
export function nameTaken(noun: string, name: string, why = 'may be spelled in another case'): EksDrError {
  return new EksDrError('conflict', {
    message: `There is a ${noun} ${name} in the account already, which ${why}; it was left as it is.`,
    target: `${noun} ${name}`,
    remedy: `Look what uses that ${noun} (aws iam get-${noun.includes('policy') ? 'policy' : 'role'}), delete or rename it if nothing does, then plan again.`,
  });
}
