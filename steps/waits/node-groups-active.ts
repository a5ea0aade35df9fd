import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { type ClusterArgs, clusterArgs } from './cluster-args.ts';

/** Every managed node group of the cluster is ACTIVE; a cluster without any (Fargate) has nothing to wait for. */
export const nodeGroupsActive = defineWait<ClusterArgs, Pick<Clients, 'eks'>>({
  wait: 'node-groups-active',
  args: clusterArgs,
  title: ({ cluster }) => `The node groups of ${cluster} are ACTIVE`,
  expectedSeconds: 5,
  limitSeconds: 1_800,
  everySeconds: 10,
  async look(clients, args) {
    const eks = await clients.eks(args.region);
    const names = await nodeGroupNames(clients, args);
    if (names === null) return { done: false, failed: true, reason: `there is no cluster ${args.cluster} in ${args.region}` };
    const groups = await Promise.all(names.map((nodegroupName) => eks.describeNodegroup({ clusterName: args.cluster, nodegroupName })));
    const others = groups.flatMap(({ nodegroup }) => (nodegroup?.status === 'ACTIVE' ? [] : [nodegroup]));
    if (others.length === 0) return { done: true };
    const reason = others
      .map((group) => `${group?.nodegroupName} is ${group?.status ?? 'of unknown status'}${issues(group?.health?.issues)}`)
      .join('; ');
    // DEGRADED can mend itself (a full subnet, a quota that is raised); the other two cannot.
    return { done: false, reason, failed: others.some((group) => group?.status === 'CREATE_FAILED' || group?.status === 'DELETING') };
  },
});

async function nodeGroupNames(clients: Pick<Clients, 'eks'>, { region, cluster }: ClusterRef): Promise<string[] | null> {
  const eks = await clients.eks(region);
  const names: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await unlessMissing(
      eks.listNodegroups({ clusterName: cluster, ...(nextToken === undefined ? {} : { nextToken }) }),
      'ResourceNotFoundException',
    );
    if (page === null) return null;
    names.push(...(page.nodegroups ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return names.toSorted();
}

function issues(found: readonly { readonly code?: string | undefined; readonly message?: string | undefined }[] | undefined): string {
  const messages = (found ?? []).map(({ code, message }) => message ?? code).filter((text) => text !== undefined);
  return messages.length === 0 ? '' : `: ${messages.join('; ')}`;
}
