import { emptyEc2 } from '../../sandbox/ec2/state.ts';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { emptyIam } from '../../sandbox/iam/state.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { emptyRoute53 } from '../../sandbox/route53/state.ts';
import { route53 } from '../../sandbox/route53/system.ts';
import { emptyS3 } from '../../sandbox/s3/state.ts';
import { s3 } from '../../sandbox/s3/system.ts';
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../sandbox/server.ts';
import { sts } from '../../sandbox/sts/system.ts';
import type { World } from '../../sandbox/world.ts';

/** A world in which only the basic AWS services are used. */
export function awsWorld(): World {
  const world: Partial<World> = {
    accountId: '111122223333',
    clock: Date.UTC(2026, 0, 15, 3, 0, 0),
    iam: emptyIam(),
    s3: emptyS3(),
    ec2: emptyEc2(),
    route53: emptyRoute53(),
  };
  return world as World;
}

/** Starts a sandbox of the basic AWS services on free ports. */
export function startAwsSandbox(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  return startSandbox({ world: awsWorld(), scale: 100, systems: [sts, iam, ec2, s3, route53], ...options });
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly maxAttempts: number;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** What an SDK client needs to talk to the sandbox as the runner, without retries. */
export function clientConfig(running: RunningSandbox, overrides: Partial<ClientConfig> = {}): ClientConfig {
  return {
    endpoint: running.addresses.aws,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: running.environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: running.environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
    ...overrides,
  };
}

/** The error a promise ends with; fails when it does not end with one. */
export async function errorOf(promise: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('Expected a failure, got an answer.');
}
