import { setMaxListeners } from 'node:events';
import type { Clients } from '../../steps/clients/clients.ts';
import { connect } from '../../steps/clients/connect.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { type Clock, createClock } from '../../steps/kit/clock.ts';
import type { Driver } from '../../steps/kit/driver.ts';
import type { Engine } from '../../steps/kit/engine.ts';
import type { Log } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { createSecrets } from '../../steps/kit/secrets.ts';
import type { WaitDefinition } from '../../steps/kit/wait.ts';

/** The reference of the one secret that there is. */
export const SECRET = 'env:NEW_RELIC_LICENSE_KEY';

export interface EngineParts {
  readonly drivers: readonly Driver<Clients>[];
  readonly waits?: readonly WaitDefinition<Clients>[];
  /** Real time where it is left out. */
  readonly clock?: Clock;
}

/** An engine over the real clients, not connected yet. What it logs is dropped. */
export function benchEngine(estate: Estate, run: Run, parts: EngineParts): Engine<Clients> {
  const { drivers, waits = [], clock = createClock(1, Date.now()) } = parts;
  const { signal } = new AbortController();
  // Every request that waits for its turn listens to it.
  setMaxListeners(0, signal);
  const quiet = (): void => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const secrets = createSecrets('a key for measuring', async (ref) => (ref === SECRET ? 'a licence key' : undefined));
  return {
    run,
    direction: 'forward',
    clients: connect({ estate, run, environment: process.env, clock, log, signal, secrets, estateFolder: '.' }),
    clock,
    log,
    signal,
    driver: (kind) => drivers.find((one) => one.kind === kind) ?? missing(kind),
    wait: (name) => waits.find((one) => one.wait === name) ?? missing(name),
  };
}

function missing(name: string): never {
  throw new TypeError(`nothing here drives or waits for ${name}`);
}
