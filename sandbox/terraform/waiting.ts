import { setTimeout as sleep } from 'node:timers/promises';
import { errorName } from './failure.ts';
import type { ProviderContext } from './kinds.ts';

/**
 * Looks again and again until `look` gives something else than undefined. `limit` in milliseconds of the sandbox's time. An interrupt ends
 * the wait at once, as it cancels the context that the provider waits with.
 */
export async function until<T>(
  { settings, signal }: ProviderContext,
  limit: number,
  what: string,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + Math.max(limit / settings.scale, settings.pollMilliseconds * 20);
  for (;;) {
    throwIfCanceled(signal);
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`timeout while waiting for ${what}`);
    await pause(settings.pollMilliseconds, signal);
  }
}

/** Repeats a call while it fails with an error that passes; the provider does so for IAM's propagation and for dependencies. */
export async function retried<T>(
  { settings, signal }: ProviderContext,
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
      await pause(settings.pollMilliseconds, signal);
      throwIfCanceled(signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  // An interrupt only ends it early: what it means is said in one place.
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

function throwIfCanceled(signal: AbortSignal): void {
  if (signal.aborted) throw new Error('context canceled');
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
