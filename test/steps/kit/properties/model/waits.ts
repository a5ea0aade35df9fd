import { z } from 'zod';
import { defineWait } from '../../../../../steps/kit/wait.ts';
import type { ModelClients } from './drivers.ts';

/** Over after so many seconds. */
export const pause = defineWait<{ seconds: number; of: string }, ModelClients>({
  wait: 'pause',
  args: z.object({ seconds: z.number(), of: z.string() }),
  title: ({ of, seconds }) => `${of} after ${seconds} s`,
  expectedSeconds: 5,
  limitSeconds: 60,
  everySeconds: 1,
  async look(_clients, { seconds }, waitedSeconds) {
    return waitedSeconds >= seconds ? { done: true } : { done: false, reason: 'not yet' };
  },
});
