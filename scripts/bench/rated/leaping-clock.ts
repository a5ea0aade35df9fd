import type { RunningSandbox } from '../../../sandbox/server.ts';
import type { Clock } from '../../../steps/kit/clock.ts';

/** The sandbox's clock for who waits alone: a sleep passes at once, for both. */
export function leapingClock({ sandbox: { clock }, leap }: RunningSandbox): Clock {
  return {
    now: () => clock.now(),
    timestamp: () => clock.timestamp(),
    sleep: async (seconds) => leap(seconds),
  };
}
