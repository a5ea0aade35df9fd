import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';

const ATTEMPTS = 3;

/** Reads, and reads again after 1 and 2 seconds while the system is away (`remote-unavailable`). For nothing that changes anything. */
export async function readAgain<T>(clock: Clock, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (thrown) {
      const isAway = thrown instanceof EksDrError && thrown.code === 'remote-unavailable';
      if (!isAway || attempt === ATTEMPTS) throw thrown;
      await clock.sleep(2 ** (attempt - 1), signal);
    }
  }
}
