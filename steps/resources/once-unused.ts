import { isAwsError } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { EksDrError } from '../kit/errors.ts';

/** What a terminated instance or a deleted load balancer had in use comes free within a few minutes. */
const COMES_FREE_SECONDS = 600;

/** Deletes what something that is on its way out may still use, as soon as it is free. */
export async function onceUnused<T>({ clock, signal }: Pick<Clients, 'clock' | 'signal'>, call: () => Promise<T>): Promise<T> {
  const deadline = clock.now() + COMES_FREE_SECONDS * 1000;
  for (let pause = 2; ; pause = Math.min(pause * 2, 15)) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof EksDrError) || !isInUse(thrown) || clock.now() >= deadline) throw thrown;
      await clock.sleep(pause, signal);
    }
  }
}

// Of an interface, EC2 says it in words.
function isInUse(error: EksDrError): boolean {
  return (
    ['DependencyViolation', 'VolumeInUse', 'ResourceInUse'].some((name) => isAwsError(error, name)) ||
    (isAwsError(error, 'InvalidParameterValue') && /currently in use/i.test(error.message))
  );
}
