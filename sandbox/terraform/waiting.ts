import { setTimeout as sleep } from 'node:timers/promises';
import { errorName } from './failure.ts';
import type { Settings } from './settings.ts';

/** Looks again and again until `look` gives something else than undefined. `limit` in milliseconds of the sandbox's time. */
export async function until<T>(settings: Settings, limit: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + Math.max(limit / settings.scale, settings.pollMilliseconds * 20);
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`timeout while waiting for ${what}`);
    await sleep(settings.pollMilliseconds);
  }
}

/** Repeats a call while it fails with an error that passes; the provider does so for IAM's propagation and for dependencies. */
export async function retried<T>(
  settings: Settings,
  limit: number,
  passes: (error: unknown) => boolean,
  call: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + Math.max(limit / settings.scale, settings.pollMilliseconds * 10);
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!passes(error) || Date.now() > deadline) throw error;
      await sleep(settings.pollMilliseconds);
    }
  }
}

/** The value, or null when the call fails with one of these errors. */
export async function orNull<T>(names: readonly string[], call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (names.includes(errorName(error))) return null;
    throw error;
  }
}
