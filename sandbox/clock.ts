/** The sandbox's own time: `scale` times as fast as the wall clock since `origin`. Kept in the world, so a saved world goes on. */
export interface SandboxClock {
  /** Milliseconds since 1970, in sandbox time. */
  now(): number;
  /** ISO 8601 in UTC. */
  timestamp(): string;
  readonly scale: number;
}

/** A clock that can pass over time in which nothing would happen, for who waits alone. */
export interface LeapingClock extends SandboxClock {
  leap(seconds: number): void;
}

export function createSandboxClock(options: {
  readonly scale: number;
  readonly origin: number;
  readonly startedAt?: number;
}): LeapingClock {
  const { scale, origin, startedAt = Date.now() } = options;
  let leapt = 0;
  const now = (): number => Math.round(origin + leapt + (Date.now() - startedAt) * scale);
  const leap = (seconds: number): void => {
    leapt += seconds * 1000;
  };
  return { now, leap, scale, timestamp: () => new Date(now()).toISOString() };
}
