import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { type ClusterArgs, clusterArgs } from './cluster-args.ts';

/** The EKS cluster is ACTIVE. */
export const clusterActive = defineWait<ClusterArgs, Pick<Clients, 'eks'>>({
  wait: 'cluster-active',
  args: clusterArgs,
  title: ({ cluster }) => `The cluster ${cluster} is ACTIVE`,
  expectedSeconds: 5,
  limitSeconds: 1_800,
  everySeconds: 10,
  async look(clients, { region, cluster }) {
    const eks = await clients.eks(region);
    const described = await unlessMissing(eks.describeCluster({ name: cluster }), 'ResourceNotFoundException');
    if (described === null) return { done: false, failed: true, reason: `there is no cluster ${cluster} in ${region}` };
    const status = described.cluster?.status ?? 'of unknown status';
    if (status === 'ACTIVE') return { done: true };
    const reason = `it is ${status}${issues(described.cluster?.health?.issues)}`;
    return { done: false, reason, failed: status === 'FAILED' || status === 'DELETING' };
  },
});

function issues(found: readonly { readonly message?: string | undefined }[] | undefined): string {
  const messages = (found ?? []).map(({ message }) => message).filter((message) => message !== undefined);
  return messages.length === 0 ? '' : `: ${messages.join('; ')}`;
}
