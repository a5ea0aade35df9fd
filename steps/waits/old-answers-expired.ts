import * as z from 'zod';
import { defineWait } from '../kit/wait.ts';

const args = z.strictObject({ seconds: z.number().nonnegative() });

/** Answers that resolvers took before the switch have run out. Only where this apply switched something. */
export const oldAnswersExpired = defineWait<z.infer<typeof args>, unknown>({
  wait: 'old-answers-expired',
  args,
  title: ({ seconds }) => `Old DNS answers have expired (${seconds} s)`,
  expectedSeconds: 60,
  limitSeconds: 24 * 3600,
  everySeconds: 5,
  only: 'changes',
  async look(_clients, { seconds }, waitedSeconds) {
    if (waitedSeconds >= seconds) return { done: true };
    return { done: false, reason: `resolvers may give old answers for up to ${seconds} s` };
  },
});
