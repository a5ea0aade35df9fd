import { resolve } from 'node:path';
import type { Clients } from '../../../../steps/clients/clients.ts';
import { connect } from '../../../../steps/clients/connect.ts';
import { createClock } from '../../../../steps/kit/clock.ts';
import type { Log } from '../../../../steps/kit/log.ts';
import { createSecrets } from '../../../../steps/kit/secrets.ts';
import { exampleFile } from '../../../pipeline/estate/example.ts';
import { estateWith, runWith } from '../../../steps/context.ts';
import type { Aws } from '../../subjects/aws.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Of the form that servers ask for, and good nowhere. */
const jwt = (sub: string): string => [part({ alg: 'RS256', typ: 'JWT' }), part({ sub }), 'c2lnbmF0dXJl'].join('.');

const SECRETS: Readonly<Record<string, string>> = {
  'env:ONE': 'first value',
  'env:TWO': 'second value',
  'env:JWT_ONE': jwt('one'),
  'env:JWT_TWO': jwt('two'),
};
const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What leads the AWS SDK to an emulator. */
export function awsEnvironment(aws: Pick<Aws, 'config'>): NodeJS.ProcessEnv {
  const { endpoint, credentials } = aws.config();
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/**
 * The clients of a step, whose waiting is `scale` times as fast as the clock. The AWS SDK reads the environment of the process: one
 * connection at a time, until it is closed.
 */
export function connected(run: string, environment: NodeJS.ProcessEnv, scale: number): { readonly clients: Clients; close(): void } {
  const before = Object.keys(environment).map((name): [string, string | undefined] => [name, process.env[name]]);
  Object.assign(process.env, environment);
  const clients = connect({
    estate: estateWith(),
    run: runWith({ id: run, mode: 'recover' }),
    environment,
    clock: createClock(scale, Date.now()),
    log: quiet,
    signal: new AbortController().signal,
    secrets: createSecrets('a key for tests', async (ref) => SECRETS[ref]),
    estateFolder: resolve(exampleFile, '..'),
  });
  return {
    clients,
    close() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
