/** The sandbox's own time: `scale` times as fast as the wall clock since `origin`. Kept in the world, so a saved world goes on. */
export interface SandboxClock {
  /** Milliseconds since 1970, in sandbox time. */
  now(): number;
  /** ISO 8601 in UTC. */
  timestamp(): string;
  readonly scale: number;
}

export function createSandboxClock(options: {
  readonly scale: number;
  readonly origin: number;
  readonly startedAt?: number;
}): SandboxClock {
  const { scale, origin, startedAt = Date.now() } = options;
  const now = (): number => Math.round(origin + (Date.now() - startedAt) * scale);
  return { now, scale, timestamp: () => new Date(now()).toISOString() };
}
