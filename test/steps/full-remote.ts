import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { startFullSandbox } from '../../sandbox/start.ts';
import type { World } from '../../sandbox/world.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { connect } from '../../steps/clients/connect.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { createClock } from '../../steps/kit/clock.ts';
import type { Log } from '../../steps/kit/log.ts';
import type { Run } from '../../steps/kit/run.ts';
import { createSecrets } from '../../steps/kit/secrets.ts';
import { remoteSecret } from '../../steps/remote-secrets.ts';
import { built } from '../built.ts';
import { exampleFile } from '../pipeline/estate/example.ts';

/** The whole sandbox, with every client a step may use, the stand-in for Terraform included. */
export interface FullRemote {
  readonly running: RunningSandbox;
  readonly lines: string[];
  /** A folder of its own for this test. */
  readonly folder: string;
  clients(options: {
    readonly estate: Estate;
    readonly run: Run;
    readonly signal?: AbortSignal;
    readonly environment?: NodeJS.ProcessEnv;
    readonly estateFolder?: string;
  }): Clients;
  stop(): Promise<void>;
}

/** Only one at a time: the AWS SDK reads the environment of the process. */
export async function startFullRemote(world: World, scale = 100): Promise<FullRemote> {
  // Each client removes its folder when the process ends; only tests make so many in one process.
  process.setMaxListeners(100);
  const program = await built('sandbox/bin/terraform');
  const running = await startFullSandbox({ world, scale });
  const folder = mkdtempSync(join(tmpdir(), 'full-remote-'));
  const before = { ...process.env };
  Object.assign(process.env, running.environment);
  const lines: string[] = [];
  const write = (message: string): void => {
    lines.push(message);
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  return {
    running,
    lines,
    folder,
    clients({ estate, run, signal = new AbortController().signal, environment = {}, estateFolder = resolve(exampleFile, '..') }) {
      const clients: Clients = connect({
        estate,
        run,
        environment: {
          PATH: process.env.PATH,
          HOME: folder,
          EKS_DR_TERRAFORM: program,
          TF_SANDBOX_POLL_MS: '25',
          TF_SANDBOX_CLOCK_SCALE: String(scale),
          ...running.environment,
          ...environment,
        },
        clock: createClock(scale, Date.now()),
        log,
        signal,
        secrets: createSecrets('a key for tests', (ref) => remoteSecret(clients, ref)),
        estateFolder,
      });
      return clients;
    },
    async stop() {
      for (const name of Object.keys(running.environment)) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
