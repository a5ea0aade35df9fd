import type { Limit } from '../../../steps/clients/limits.ts';

/** Requests that nothing but limits holds up, then a wait that no client can shorten. */
export interface Stage {
  /** How many, by the limit that counts them. One request may be counted by several. */
  readonly requests: Readonly<Record<string, number>>;
  readonly thenSeconds?: number;
}

/**
 * The least time, in seconds, in which stages can follow each other: every bucket is full at the start, every answer comes at once, and
 * the requests of a stage go in the best order there is.
 */
export function leastTime(stages: readonly Stage[], limits: Readonly<Record<string, Limit>>): number {
  const fullAt = new Map<string, number>();
  let now = 0;
  for (const { requests, thenSeconds = 0 } of stages) {
    let end = now;
    for (const [bucket, count] of Object.entries(requests)) {
      const limit = limits[bucket];
      if (limit === undefined) throw new TypeError(`no limit is known for ${bucket}`);
      const full = Math.max(fullAt.get(bucket) ?? 0, now) + count / limit.perSecond;
      fullAt.set(bucket, full);
      end = Math.max(end, full - limit.burst / limit.perSecond);
    }
    now = end + thenSeconds;
  }
  return now;
}
