import { randomInt } from 'node:crypto';
import { startFullSandbox } from '../../../sandbox/start.ts';
import type { World } from '../../../sandbox/world.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';

export interface AwsConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** AWS as one caller in one region sees it. */
export interface Aws {
  readonly account: string;
  /** For the constructor of any SDK client; no retries. */
  config(overrides?: Partial<AwsConfig>): AwsConfig;
}

/** The sandbox's AWS, with the world for what AWS's API can't arrange there. */
export interface SandboxAws extends Aws {
  readonly world: World;
  /** The sandbox's time, in ms. */
  now(): number;
}

export async function sandboxAws(world: World = emptyWorld()): Promise<Opened<SandboxAws>> {
  const running = await startFullSandbox({ world, scale: 200 });
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = running.environment;
  const config = configFor(running.addresses.aws, { accessKeyId, secretAccessKey });
  return { subject: { account: world.accountId, config, world, now: running.sandbox.clock.now }, close: () => running.stop() };
}

/** An account of its own: ministack takes a 12-digit access key for the account. */
export async function ministackAws({ ministack }: Running): Promise<Opened<Aws> | null> {
  if (ministack === undefined) return null;
  const account = String(randomInt(100_000_000_000, 1_000_000_000_000));
  const config = configFor(ministack.url, { accessKeyId: account, secretAccessKey: 'any' });
  return { subject: { account, config }, close: async () => undefined };
}

/** The ministack that verifies signatures, as its root user. */
export async function ministackAuthAws({ ministackAuth }: Running): Promise<Opened<Aws> | null> {
  if (ministackAuth === undefined) return null;
  const { url, accessKeyId, secretAccessKey } = ministackAuth;
  return { subject: { account: '000000000000', config: configFor(url, { accessKeyId, secretAccessKey }) }, close: async () => undefined };
}

export async function motoAws({ moto }: Running): Promise<Opened<Aws> | null> {
  if (moto === undefined) return null;
  const config = configFor(moto.url, { accessKeyId: 'test', secretAccessKey: 'test' });
  return { subject: { account: '123456789012', config }, close: async () => undefined };
}

function configFor(endpoint: string, credentials: AwsConfig['credentials']): Aws['config'] {
  return (overrides = {}) => ({ endpoint, region: 'eu-west-1', maxAttempts: 1, credentials, ...overrides });
}
