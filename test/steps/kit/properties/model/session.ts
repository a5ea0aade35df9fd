import { setMaxListeners } from 'node:events';
import { EksDrError } from '../../../../../steps/kit/errors.ts';
import type { Mishap } from './mishaps.ts';
import { editByOthers, type ModelWorld } from './world.ts';

/** The connection of one process to the remote systems. Requests take their time, and mishaps befall them. */
export interface Session {
  readonly world: ModelWorld;
  /** Aborted when somebody asks the process to stop. */
  readonly signal: AbortSignal;
  /** Resolves when the process has died. */
  readonly died: Promise<void>;
  /** How many requests there were. */
  count(): number;
  /** Sends a request whose effect consists of these parts, to be carried out at one moment. */
  request<T>(parts: readonly (() => T)[]): Promise<T[]>;
}

/** Longer than any request is under way. */
export const LONGEST_REQUEST_SECONDS = 0.5;

export function createSession(world: ModelWorld, seed: number, mishaps: readonly Mishap[]): Session {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let die = (): void => undefined;
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  let dead = false;
  let away = false;
  let count = 0;

  async function request<T>(parts: readonly (() => T)[]): Promise<T[]> {
    if (dead) return never();
    const index = count;
    count += 1;
    await underWay(index);
    // Of a process that has died meanwhile, some requests arrive all the same.
    if (dead && index % 2 === 0) return never();
    const befalls = dead ? [] : mishaps.filter((mishap) => mishap.request === index).map(({ what }) => what);
    for (const what of befalls) if (typeof what === 'object') editByOthers(world, what);
    if (befalls.includes('abort')) controller.abort();
    if (befalls.includes('kill-before')) kill();
    if (befalls.includes('away')) away = true;
    if (away || befalls.includes('cut-before')) throw cut();
    if (dead && befalls.includes('kill-before')) return never();
    const carriedOut = befalls.includes('cut-within') ? parts.slice(0, Math.ceil(parts.length / 2)) : parts;
    const results = carriedOut.map((part) => part());
    if (befalls.includes('kill-after')) kill();
    if (befalls.includes('cut-after') || befalls.includes('cut-within')) throw cut();
    await underWay(index + 1);
    return dead ? never() : results;
  }

  function kill(): void {
    dead = true;
    die();
  }

  // The same seed, the same durations: a failing story can be told again.
  function underWay(index: number): Promise<void> {
    const random = Math.imul(index + 1, 2_654_435_761) ^ Math.imul(seed + 1, 1_597_334_677);
    return world.clock.sleep(((random >>> 8) % 200) / 1000);
  }

  return { world, signal: controller.signal, died, count: () => count, request };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function cut(): EksDrError {
  return new EksDrError('remote-unavailable', { message: 'The connection was cut.' });
}
