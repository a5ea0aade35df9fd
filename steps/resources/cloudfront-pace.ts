import { isThrottled } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';

const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 60;
/** About four minutes; then the step ends, and goes on when it is run again. */
const TRIES = 8;

/**
 * Asks again, more and more slowly, while CloudFront refuses for the rate alone: it documents none, and accounts with many distributions were
 * refused at two or three updates a minute. As updates go one by one, the ones that follow find the rate as this one left it.
 */
export async function untilNotThrottled<T>(
  { clock, signal, log }: Pick<Clients, 'clock' | 'signal' | 'log'>,
  what: string,
  ask: () => Promise<T>,
): Promise<T> {
  for (let pause = FIRST_PAUSE_SECONDS, tries = 1; ; tries += 1, pause = Math.min(2 * pause, LONGEST_PAUSE_SECONDS)) {
    try {
      return await ask();
    } catch (thrown) {
      if (!isThrottled(thrown) || tries >= TRIES) throw thrown;
      log.info(`CloudFront takes no more requests for now; ${what} is tried again in ${pause} s.`);
      await clock.sleep(pause, signal);
    }
  }
}
