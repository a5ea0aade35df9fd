import { setMaxListeners } from 'node:events';
import { emptyApiGateway } from '../../sandbox/apigateway/state.ts';
import { emptyArgoCd } from '../../sandbox/argocd/state.ts';
import { emptyCloudFront } from '../../sandbox/cloudfront/state.ts';
import { emptyEc2 } from '../../sandbox/ec2/state.ts';
import { emptyEks } from '../../sandbox/eks/state.ts';
import { emptyElb } from '../../sandbox/elb/state.ts';
import { emptyGitLab } from '../../sandbox/gitlab/state.ts';
import { emptyIam } from '../../sandbox/iam/state.ts';
import { emptyKubernetes } from '../../sandbox/kubernetes/state.ts';
import { emptyRoute53 } from '../../sandbox/route53/state.ts';
import { emptyS3 } from '../../sandbox/s3/state.ts';
import { type RunningSandbox, startSandbox } from '../../sandbox/server.ts';
import type { System } from '../../sandbox/system.ts';
import { emptyVault } from '../../sandbox/vault/state.ts';
import type { World } from '../../sandbox/world.ts';
import { connectAws } from '../../steps/clients/aws.ts';
import type { Clients } from '../../steps/clients/clients.ts';
import { connectEndpoint } from '../../steps/clients/endpoint.ts';
import { connectKubernetes } from '../../steps/clients/kubernetes.ts';
import { memoised } from '../../steps/clients/memoised.ts';
import { createClock } from '../../steps/kit/clock.ts';
import { createSecrets } from '../../steps/kit/secrets.ts';

export const SCALE = 100;
export const ACCOUNT = '111122223333';

/** Clients of AWS and Kubernetes, for what doesn't need the rest. */
export type RemoteClients = Omit<Clients, 'argocd' | 'gitlab' | 'terraform' | 'vault'>;

export interface Remote {
  readonly running: RunningSandbox;
  readonly clients: RemoteClients;
  /** What was logged, without times. */
  readonly lines: string[];
  stop(): Promise<void>;
}

/** A sandbox with these systems and real clients that talk to it over the wire. Only one at a time: the SDK reads the process's environment. */
export async function startRemote(
  systems: readonly System[],
  options: { readonly secrets?: Record<string, string>; readonly world?: World } = {},
): Promise<Remote> {
  const running = await startSandbox({ world: options.world ?? bareWorld(), scale: SCALE, systems });
  const restore = setEnvironment(running.environment);
  const lines: string[] = [];
  return {
    running,
    lines,
    clients: remoteClients(lines, options.secrets ?? {}),
    async stop() {
      restore();
      await running.stop();
    },
  };
}

/** Real clients for a sandbox whose addresses stand in the environment of the process. */
export function remoteClients(lines: string[], values: Record<string, string>): RemoteClients {
  const clock = createClock(SCALE, Date.now());
  const { signal } = new AbortController();
  // Each request that is under way listens.
  setMaxListeners(100, signal);
  const write = (line: string): void => {
    lines.push(line);
  };
  const aws = connectAws({ clock, signal, homeRegion: 'eu-central-1' });
  const kubernetes = memoised(async (key: string) => {
    const ref = JSON.parse(key) as { region: string; cluster: string };
    return connectKubernetes(ref, { eks: await aws.eks(ref.region), sts: await aws.sts(ref.region), clock, signal });
  });
  return {
    ...aws,
    clock,
    signal,
    estateFolder: '.',
    log: { debug: write, info: write, warn: write, error: write },
    secrets: createSecrets('a key for tests', async (ref) => values[ref]),
    endpoint: async () => connectEndpoint({ signal }),
    kubernetes: ({ region, cluster }) => kubernetes(JSON.stringify({ region, cluster })),
  };
}

export function bareWorld(): World {
  return {
    accountId: ACCOUNT,
    clock: Date.parse('2026-01-05T09:00:00Z'),
    iam: emptyIam(),
    s3: emptyS3(),
    ec2: emptyEc2(),
    eks: emptyEks(),
    elb: emptyElb(),
    route53: emptyRoute53(),
    apigateway: emptyApiGateway(),
    cloudfront: emptyCloudFront(),
    kubernetes: emptyKubernetes(),
    argocd: emptyArgoCd(),
    gitlab: emptyGitLab(),
    vault: emptyVault(),
  };
}

/** Sets variables of this process; the answer sets them back. */
export function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
