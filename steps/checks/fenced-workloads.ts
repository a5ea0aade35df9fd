import type { Kubernetes } from '../clients/kubernetes.ts';
import type { FencedWorkload } from '../estate/fence.ts';
import { lookAtPrimary } from '../fence/look-at-primary.ts';
import type { Finding } from '../kit/step.ts';
import type { Check } from '../step.ts';
import { isAllowed } from '../waits/kubernetes-permission.ts';
import { findings } from './from-error.ts';

const RIGHTS = {
  Deployment: { verb: 'patch', group: 'apps', resource: 'deployments/scale' },
  StatefulSet: { verb: 'patch', group: 'apps', resource: 'statefulsets/scale' },
  CronJob: { verb: 'patch', group: 'batch', resource: 'cronjobs' },
  Job: { verb: 'patch', group: 'batch', resource: 'jobs' },
} as const;

/** What the estate wants stopped on the primary is there, and we may stop it. Looked at in drills too: the night is too late for that. */
export const fencedWorkloads: Check = {
  id: 'fenced-workloads',
  title: 'What shall be stopped on the primary is there, and we may stop it',
  async run({ estate, clients, signal }) {
    const { primary, fence } = estate;
    if (!fence.enabled) return [];
    return findings(`the primary cluster ${primary.cluster}`, async () => {
      const look = await lookAtPrimary(estate, { clients, signal });
      // That it does not answer is told by primary-reachable.
      if (!look.answers) return [];
      const refused = await refusedRights(await clients.kubernetes({ region: primary.region, cluster: primary.cluster }), fence.workloads);
      return [...look.missing.map((name) => missing(name, primary.cluster)), ...refused.map((right) => forbidden(right, primary.cluster))];
    });
  },
};

async function refusedRights(kubernetes: Kubernetes, rules: readonly FencedWorkload[]): Promise<string[]> {
  const kinds = new Set(rules.flatMap(({ kind }) => (kind === 'CronJob' ? (['CronJob', 'Job'] as const) : [kind])));
  const answers = await Promise.all(
    [...kinds].map(async (kind) => ({ right: RIGHTS[kind], may: await isAllowed(kubernetes, RIGHTS[kind]) })),
  );
  return answers.filter(({ may }) => !may).map(({ right: { verb, group, resource } }) => `${verb} ${resource}.${group}`);
}

function missing(name: string, cluster: string): Finding {
  return {
    severity: 'warning',
    message: `The estate wants ${name} stopped on the primary, which has no such thing.`,
    evidence: cluster,
    remedy: 'Correct fence.workloads in the estate.',
  };
}

function forbidden(right: string, cluster: string): Finding {
  return {
    severity: 'blocker',
    message: `On the primary we may not ${right}, so what the estate wants stopped there would work on.`,
    evidence: cluster,
    remedy: 'Grant it to the identity that runs EKS-DR, by an access policy or RBAC of the primary.',
  };
}
