import { EksDrError } from '../kit/errors.ts';
import type { Owner } from '../kit/resource.ts';

/**
 * A thing that is there already under the name we would use, and isn't this run's. It is never taken over: it may be what production,
 * or the lost cluster, still works with.
 */
export function foreignThing(noun: string, name: string, owner: Owner): EksDrError {
  const whose = owner.kind === 'run' ? `belongs to run ${owner.run}` : 'was not made by EKS-DR';
  return nameTaken(noun, name, whose);
}

/** A name that IAM calls taken; it does not tell upper from lower case there. */
export function nameTaken(noun: string, name: string, why = 'may be spelled in another case'): EksDrError {
  return new EksDrError('conflict', {
    message: `There is a ${noun} ${name} in the account already, which ${why}; it was left as it is.`,
    target: `${noun} ${name}`,
    remedy: `Find out what uses that ${noun}; delete or rename it if nothing does, then plan again.`,
  });
}
