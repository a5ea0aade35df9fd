import type { Clients } from '../../steps/clients/clients.ts';
import { connect } from '../../steps/clients/connect.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { createClock } from '../../steps/kit/clock.ts';
import type { Log } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { createSecrets } from '../../steps/kit/secrets.ts';

/**
 * Clients in this process, for a sandbox whose environment this is. Only one at a time: the AWS SDK reads the environment of the process,
 * which `stop` restores.
 */
export function clientsIn(
  environment: Readonly<Record<string, string>>,
  { estate, run, folder }: { readonly estate: Estate; readonly run: Run; readonly folder: string },
): { readonly clients: Clients; stop(): void } {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const silent = (): void => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
  const clients = connect({
    estate,
    run,
    environment,
    clock: createClock(Number(environment.EKS_DR_CLOCK_SCALE), Date.now()),
    log,
    signal: new AbortController().signal,
    secrets: createSecrets(environment.EKS_DR_DIGEST_KEY, async () => undefined),
    estateFolder: folder,
  });
  return {
    clients,
    stop() {
      for (const name of Object.keys(environment)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    },
  };
}
