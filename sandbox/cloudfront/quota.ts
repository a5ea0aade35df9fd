import { awsFault } from '../aws/fault.ts';
import type { Sandbox } from '../system.ts';

/** Takes an update out of the account's bucket, which refills in sandbox time; throws Throttling when it is empty. */
export function takeUpdate({ world: { cloudfront }, clock }: Sandbox): void {
  const { burst, perMinute } = cloudfront.updates;
  const now = clock.now();
  const bucket = cloudfront.bucket ?? { tokens: burst, at: now };
  const at = Math.max(now, bucket.at);
  const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 60_000) * perMinute);
  cloudfront.bucket = { tokens: tokens < 1 ? tokens : tokens - 1, at };
  if (tokens < 1) throw awsFault(400, 'Throttling', 'Rate exceeded');
}
