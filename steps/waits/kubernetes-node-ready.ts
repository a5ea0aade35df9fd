import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { type ClusterArgs, clusterArgs, conditionOf } from './cluster-args.ts';

/** At least one node is Ready: EKS calls a cluster ACTIVE before anything can run on it. */
export const kubernetesNodeReady = defineWait<ClusterArgs, Pick<Clients, 'kubernetes'>>({
  wait: 'kubernetes-node-ready',
  args: clusterArgs,
  title: ({ cluster }) => `A node of ${cluster} is Ready`,
  expectedSeconds: 30,
  limitSeconds: 600,
  everySeconds: 5,
  async look(clients, args) {
    const kubernetes = await clients.kubernetes(args);
    const nodes = await kubernetes.list({ apiVersion: 'v1', kind: 'Node' });
    if (nodes.some((node) => conditionOf(node, 'Ready')?.status === 'True')) return { done: true };
    const [first] = nodes;
    if (first === undefined) return { done: false, reason: 'no node has joined' };
    const why = conditionOf(first, 'Ready')?.message ?? '';
    return { done: false, reason: `none of ${nodes.length} nodes is Ready${why === '' ? '' : ` (${first.metadata.name}: ${why})`}` };
  },
});
