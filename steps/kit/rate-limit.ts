import type { Clock } from './clock.ts';

/** Lets at most `perSecond` callers through on average, `burst` of them at once. */
export interface RateLimiter {
  /** Resolves when it is the caller's turn; first come, first served. Rejects with `interrupted` when the signal aborts. */
  take(signal?: AbortSignal): Promise<void>;
}

/** A token bucket on the run's clock. Keep one per documented bucket of a remote system. */
export function createRateLimiter(clock: Clock, limit: { readonly perSecond: number; readonly burst: number }): RateLimiter {
  const interval = 1000 / limit.perSecond;
  // The moment at which the bucket is full again: each caller moves it one interval on.
  let fullAt = 0;
  const pass = async (signal?: AbortSignal): Promise<void> => {
    const now = clock.now();
    fullAt = Math.max(fullAt, now) + interval;
    const waitMs = fullAt - now - limit.burst * interval;
    if (waitMs > 0) await clock.sleep(waitMs / 1000, signal);
    // Where only one may come at a time, the interval counts from when it really went: a timer may be late, and the next one's may not.
    if (limit.burst === 1) fullAt = Math.max(fullAt, clock.now() + interval);
  };
  if (limit.burst > 1) return { take: pass };
  let last: Promise<void> = Promise.resolve();
  return {
    take(signal) {
      const mine = last.then(() => pass(signal));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
