import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Run } from '../kit/run.ts';
import type { Secrets } from '../kit/secrets.ts';
import { connectAws } from './aws.ts';
import type { Clients, ClusterRef } from './clients.ts';
import { memoised, once } from './memoised.ts';

export interface ConnectOptions {
  readonly estate: Estate;
  readonly run: Run;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** The folder of the estate file: paths in the estate are relative to it. */
  readonly estateFolder: string;
  /** How long a remote system may take for an answer, in real seconds. */
  readonly answerSeconds?: number | undefined;
}

/** The remote systems of a run, each loaded and connected when it is first asked for, once per region or cluster. */
export function connect(options: ConnectOptions): Clients {
  const { clock, log, signal, secrets, estate, run, estateFolder, answerSeconds } = options;
  const homeRegion = estate.targets[run.target]?.region ?? estate.primary.region;
  const aws = connectAws({ clock, signal, homeRegion, answerSeconds });

  const cluster = memoised(async (key: string) => {
    const ref = JSON.parse(key) as ClusterRef;
    const { connectKubernetes } = await import('./kubernetes.ts');
    return connectKubernetes(ref, { eks: await aws.eks(ref.region), sts: await aws.sts(ref.region), clock, signal, answerSeconds });
  });
  return {
    clock,
    log,
    signal,
    secrets,
    estateFolder,
    ...aws,
    kubernetes: (ref) => cluster(JSON.stringify({ region: ref.region, cluster: ref.cluster })),
    argocd: once(async () => (await import('./argocd.ts')).connectArgoCd(options)),
    gitlab: once(async () => (await import('./gitlab.ts')).connectGitLab(options)),
    vault: once(async () => (await import('./vault.ts')).connectVault(options)),
    endpoint: once(async () => (await import('./endpoint.ts')).connectEndpoint({ signal })),
    terraform: once(async () => (await import('./terraform.ts')).connectTerraform(options)),
  };
}
