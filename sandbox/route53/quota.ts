import { awsFault } from '../aws/fault.ts';
import type { Sandbox } from '../system.ts';

/** The account's request quota: how many requests may come at once, and how many a second in the long run. */
export const requestQuota = { burst: 50, perSecond: 10 };
const { burst, perSecond } = requestQuota;

/** Takes a request out of the account's bucket, which refills in sandbox time; throws Throttling when it is empty. */
export function takeRequest({ world, clock }: Sandbox): void {
  const now = clock.now();
  const bucket = world.route53.bucket ?? { tokens: burst, at: now };
  const at = Math.max(now, bucket.at);
  const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
  if (tokens < 1) {
    world.route53.bucket = { tokens, at };
    throw awsFault(400, 'Throttling', 'Rate exceeded');
  }
  world.route53.bucket = { tokens: tokens - 1, at };
}
