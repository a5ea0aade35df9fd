import type { Clients } from '../clients/clients.ts';
import { groupBy } from '../kit/keys.ts';
import type { Finding } from '../kit/step.ts';
import { durationText } from '../kit/text.ts';
import { RUN_LABEL, RUN_TAG } from '../naming.ts';
import type { Check } from '../step.ts';
import { clusterNames } from './eks-room.ts';
import { findings } from './from-error.ts';

/** Something of a drill that still stands. */
interface Standing {
  readonly run: string;
  readonly what: string;
  /** Milliseconds since 1970; null: not known. */
  readonly since: number | null;
}

/** Clusters and Argo CD registrations of earlier drills that nobody cleaned up. They cost, and a recovery may want their room. */
export const forgottenDrills: Check = {
  id: 'forgotten-drills',
  title: 'No earlier drill was forgotten',
  async run({ estate, run, clients, clock }) {
    const region = estate.targets[run.target]?.region ?? estate.primary.region;
    const { keepHours } = estate.drill;
    const look = (evidence: string, read: () => Promise<Standing[]>): Promise<readonly Finding[] | Standing[]> =>
      read().catch(async (thrown: unknown) => (await findings(evidence, () => Promise.reject(thrown))).map(asWarning));
    const looked = await Promise.all([
      look(`eks:DescribeCluster in ${region}`, () => drillClusters(clients, region)),
      look(`${estate.argocd.url} /api/v1/clusters`, () => registrations(clients)),
    ]);
    const found = looked.flat();
    const standing = found.filter((one): one is Standing => 'since' in one && one.run !== run.id);
    const forgotten = [...groupBy(standing, (one) => one.run)].flatMap(([drill, things]) => {
      const hours = hoursSince(drill, things, clock.now());
      return hours !== null && hours < keepHours ? [] : [forgottenDrill(drill, things, hours, keepHours)];
    });
    return [...found.filter((one): one is Finding => 'severity' in one), ...forgotten];
  },
};

/** Not to know of a forgotten drill stops nobody. */
function asWarning(finding: Finding): Finding {
  return { ...finding, severity: 'warning' };
}

async function drillClusters(clients: Pick<Clients, 'eks'>, region: string): Promise<Standing[]> {
  const eks = await clients.eks(region);
  const clusters = await Promise.all((await clusterNames(eks)).map(async (name) => (await eks.describeCluster({ name })).cluster));
  return clusters.flatMap((cluster) => {
    const run = cluster?.tags?.[RUN_TAG];
    if (run === undefined || !isDrill(run)) return [];
    return [{ run, what: `the cluster ${cluster?.name} in ${region}`, since: cluster?.createdAt?.getTime() ?? null }];
  });
}

async function registrations(clients: Pick<Clients, 'argocd'>): Promise<Standing[]> {
  const clusters = await (await clients.argocd()).listClusters();
  return clusters.flatMap(({ name, labels }) => {
    const run = labels[RUN_LABEL];
    return run !== undefined && isDrill(run) ? [{ run, what: `the registration of ${name} with Argo CD`, since: null }] : [];
  });
}

function isDrill(run: string): boolean {
  return run.startsWith('drill-');
}

/** How long the drill stands, by its id or what it made; null: nobody can tell. */
function hoursSince(run: string, things: readonly Standing[], now: number): number | null {
  const [, year, month, day, hour, minute, second] = /^drill-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(run) ?? [];
  const named = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const since = Number.isNaN(named) ? things.map((thing) => thing.since).find((time) => time !== null) : named;
  return since === undefined || since === null ? null : (now - since) / 3_600_000;
}

function forgottenDrill(run: string, things: readonly Standing[], hours: number | null, keepHours: number): Finding {
  const age = hours === null ? 'nobody knows since when' : `for ${durationText(hours * 3600)}`;
  return {
    severity: 'warning',
    message: `The drill ${run} still stands, ${age}; the estate keeps drills for ${keepHours} h.`,
    evidence: things.map(({ what }) => what).join(', '),
    remedy: `Clean it up: eks-dr undo --run .eks-dr/${run} --approve all, where it was started; in Jenkins, EKS-DR-undo with the build of the drill as SOURCE_BUILD.`,
  };
}
