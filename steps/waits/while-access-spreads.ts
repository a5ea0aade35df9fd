import { EksDrError } from '../kit/errors.ts';
import type { Progress } from '../kit/wait.ts';

/** How long a new access entry may take to reach every API server of a cluster. EKS speaks of seconds. */
const SPREADS_SECONDS = 120;

/** A look at a cluster to which we have just been let in: for a while, a refused login is something to wait on. */
export async function whileAccessSpreads(waitedSeconds: number, look: () => Promise<Progress>): Promise<Progress> {
  try {
    return await look();
  } catch (thrown) {
    if (!(thrown instanceof EksDrError) || thrown.code !== 'login-refused' || waitedSeconds >= SPREADS_SECONDS) throw thrown;
    return { done: false, reason: thrown.message };
  }
}
