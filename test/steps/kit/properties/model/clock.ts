import type { Clock } from '../../../../../steps/kit/clock.ts';
import { EksDrError } from '../../../../../steps/kit/errors.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/**
 * A clock on which nothing takes real time: once everybody sleeps, it moves on to the next who wakes. The same sleeps always end in the
 * same order.
 */
export function createModelClock(): Clock {
  let now = Date.parse('2026-01-05T09:00:00Z');
  let sleepers: Sleeper[] = [];
  let due = false;

  function moveOn(): void {
    due = false;
    const next = sleepers.reduce<Sleeper | undefined>(
      (first, each) => (first === undefined || each.at < first.at ? each : first),
      undefined,
    );
    if (next === undefined) return;
    now = Math.max(now, next.at);
    sleepers = sleepers.filter((sleeper) => sleeper !== next);
    next.wake();
    moveOnLater();
  }

  // After everything that can go on without the clock has gone on.
  function moveOnLater(): void {
    if (due || sleepers.length === 0) return;
    due = true;
    setImmediate(moveOn);
  }

  return {
    now: () => now,
    timestamp: () => new Date(now).toISOString(),
    sleep: (seconds, signal) =>
      new Promise((resolve, reject) => {
        const interrupted = (): void => {
          sleepers = sleepers.filter((each) => each !== sleeper);
          reject(new EksDrError('interrupted', { message: 'Interrupted while waiting.' }));
        };
        const sleeper: Sleeper = {
          at: now + seconds * 1000,
          wake() {
            signal?.removeEventListener('abort', interrupted);
            resolve();
          },
        };
        if (signal?.aborted === true) return interrupted();
        signal?.addEventListener('abort', interrupted, { once: true });
        sleepers.push(sleeper);
        moveOnLater();
      }),
  };
}
