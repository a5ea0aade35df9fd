import type * as z from 'zod';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { type ClusterArgs, clusterArgs } from './cluster-args.ts';

/** No instance that Karpenter launched for the cluster is left. It takes them away itself, as long as it runs and their pods may go. */
export const karpenterNodesGone = defineWait<ClusterArgs, Pick<Clients, 'ec2'>>({
  wait: 'karpenter-nodes-gone',
  args: clusterArgs as z.ZodType<ClusterArgs>,
  title: ({ cluster }) => `No instance of Karpenter's is left of ${cluster}`,
  expectedSeconds: 120,
  limitSeconds: 1_200,
  everySeconds: 10,
  async look(clients, { region, cluster }) {
    const ec2 = await clients.ec2(region);
    const Filters = [
      { Name: `tag:kubernetes.io/cluster/${cluster}`, Values: ['owned'] },
      { Name: 'tag-key', Values: ['karpenter.sh/nodepool'] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'] },
    ];
    const reservations = await allPages(async (NextToken) => {
      const page = await ec2.describeInstances({ Filters, NextToken });
      return [page.Reservations, page.NextToken];
    });
    const left = reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId, State }) => `${InstanceId} (${State?.Name})`));
    if (left.length === 0) return { done: true };
    const shown = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ' ...' : ''}`;
    const hint = 'a pod with a disruption budget or karpenter.sh/do-not-disrupt holds its node; look at the NodeClaims';
    return { done: false, reason: `${left.length} left: ${shown}; ${hint}` };
  },
});
