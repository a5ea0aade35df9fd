import { setTimeout as delay } from 'node:timers/promises';
import { EksDrError } from './errors.ts';

/** Time as the run sees it: the real one, or in a sandbox one that runs `scale` times as fast since `origin`. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** ISO 8601, in UTC, to the millisecond. */
  timestamp(): string;
  /** Resolves after that many seconds of this clock; rejects with `interrupted` when the signal aborts. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** `origin`: a moment (ms since 1970) at which this clock and the real one agree; all processes of a run share it. */
export function createClock(scale: number, origin: number): Clock {
  const now = (): number => Math.round(origin + (Date.now() - origin) * scale);
  return {
    now,
    timestamp: () => new Date(now()).toISOString(),
    async sleep(seconds, signal) {
      try {
        await delay((seconds * 1000) / scale, undefined, signal === undefined ? {} : { signal });
      } catch (thrown) {
        if (signal?.aborted !== true) throw thrown;
        throw new EksDrError('interrupted', { message: 'Interrupted while waiting.' });
      }
    },
  };
}
