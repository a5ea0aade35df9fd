import type { Engine } from './engine.ts';
import { asEksDrError, EksDrError } from './errors.ts';
import type { Wait } from './resource.ts';
import type { Progress, WaitMemory } from './wait.ts';

/** After so long even the same reason is said once more: nobody shall wonder whether anything still waits. */
const SAY_AGAIN_SECONDS = 60;

/** Looks until the wait is done, its limit is reached, or the signal aborts. A system that is away for a while only delays it. */
export async function runWait<C>(engine: Engine<C>, wait: Wait): Promise<void> {
  const { clients, clock, log, signal } = engine;
  const definition = engine.wait(wait.wait);
  const startedAt = clock.now();
  const memory: WaitMemory = new Map();
  let shown = { reason: '', at: 0 };
  for (;;) {
    throwIfInterrupted(signal);
    const waited = (clock.now() - startedAt) / 1000;
    const progress = await lookOnce(() => definition.look(clients, wait.args, waited, memory));
    if (progress.done) {
      log.info(`done: ${wait.title}${waited >= 1 ? ` (${Math.round(waited)} s)` : ''}`);
      return;
    }
    if (progress.failed === true)
      throw new EksDrError('unhealthy', { message: `${wait.title}: ${clause(progress.reason)}.`, target: wait.title });
    if (waited >= wait.limitSeconds) {
      throw new EksDrError('wait-timed-out', {
        message: `${wait.title}: not within ${wait.limitSeconds} s; last seen: ${clause(progress.reason)}.`,
        target: wait.title,
      });
    }
    if (progress.reason !== shown.reason || waited - shown.at >= SAY_AGAIN_SECONDS) {
      shown = { reason: progress.reason, at: waited };
      const times = `${Math.round(waited)} s, expected ${wait.expectedSeconds} s, limit ${wait.limitSeconds} s`;
      log.info(`waiting: ${wait.title}: ${clause(progress.reason)} (${times})`);
    }
    await clock.sleep(definition.everySeconds, signal);
  }
}

/** The reason of an error is a sentence; here it stands within one. */
function clause(reason: string): string {
  return reason.replace(/\.$/, '');
}

async function lookOnce(look: () => Promise<Progress>): Promise<Progress> {
  try {
    return await look();
  } catch (thrown) {
    const error = asEksDrError(thrown);
    if (error.category !== 'unavailable') throw error;
    return { done: false, reason: error.message };
  }
}

export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new EksDrError('interrupted', { message: 'Interrupted; what was under way is finished.' });
}
