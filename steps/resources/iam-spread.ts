import { isAwsError, unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { EksDrError } from '../kit/errors.ts';

/**
 * IAM is eventually consistent: what was just made may be unknown for a while to other services, and to other requests to IAM itself.
 * AWS gives no figure; 2 s are usual, up to 30 have been reported. So an answer that a thing made moments ago does not exist is
 * believed only after this long.
 */
const SPREADS_SECONDS = 60;

/** Makes the call again while it is refused for something that IAM may only not have told everyone yet. */
export async function whileIamSpreads<T>(
  { clock, signal }: Pick<Clients, 'clock' | 'signal'>,
  isUnknownYet: (error: EksDrError) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  const deadline = clock.now() + SPREADS_SECONDS * 1000;
  for (let pause = 1; ; pause = Math.min(pause * 2, 8)) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof EksDrError) || !isUnknownYet(thrown) || clock.now() >= deadline) throw thrown;
      await clock.sleep(pause, signal);
    }
  }
}

/** A trust policy names a role, user or provider that IAM does not know (yet). */
export function isInvalidPrincipal(error: EksDrError): boolean {
  return isAwsError(error, 'MalformedPolicyDocument') && /invalid principal/i.test(error.message);
}

export function isNoSuchEntity(error: EksDrError): boolean {
  return isAwsError(error, 'NoSuchEntity');
}

/** Null where IAM says that there is no such thing. */
export function unlessNoSuchEntity<T>(answer: Promise<T>): Promise<T | null> {
  return unlessMissing(answer, 'NoSuchEntityException', 'NoSuchEntity');
}
