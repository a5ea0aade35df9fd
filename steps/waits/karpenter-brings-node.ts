import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Kubernetes, KubernetesObject } from '../clients/kubernetes.ts';
import { defineWait } from '../kit/wait.ts';
import { clusterArgs, conditionOf } from './cluster-args.ts';
import { conditionText } from './kubernetes-conditions.ts';

const args = clusterArgs.extend({ namespace: z.string(), job: z.string(), nodePool: z.string(), nodeRoleArn: z.string() });

type Args = z.infer<typeof args>;

/** What becomes of a NodeClaim, in this order. */
const stages = ['Launched', 'Registered', 'Initialized'];

/** The pod of a job that fits on nodes of one NodePool alone has run: Karpenter launched an instance, it joined, and took the pod. */
export const karpenterBringsNode = defineWait<Args, Pick<Clients, 'kubernetes'>>({
  wait: 'karpenter-brings-node',
  args,
  title: ({ cluster, nodePool }) => `Karpenter brings ${cluster} a node of NodePool ${nodePool}`,
  expectedSeconds: 90,
  limitSeconds: 600,
  everySeconds: 5,
  async look(clients, wanted) {
    const { region, cluster, namespace, job: name } = wanted;
    const kubernetes = await clients.kubernetes({ region, cluster });
    const job = await kubernetes.get({ apiVersion: 'batch/v1', kind: 'Job', namespace, name });
    if (job === null) return { done: false, reason: 'its job does not exist yet' };
    if (conditionOf(job, 'Complete')?.status === 'True') return { done: true };
    const failed = conditionOf(job, 'Failed');
    if (failed?.status === 'True') {
      const reason = `the job ${namespace}/${name} failed: ${failed.message}; delete it, then plan this step again`;
      return { done: false, failed: true, reason };
    }
    return { done: false, reason: (await claimReason(kubernetes, wanted)) ?? (await podReason(kubernetes, wanted)) };
  },
});

/** How far the newest NodeClaim has come; null: there is none. */
async function claimReason(kubernetes: Kubernetes, { nodePool, nodeRoleArn }: Args): Promise<string | null> {
  const claims = await kubernetes.list(
    { apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim' },
    { labelSelector: `karpenter.sh/nodepool=${nodePool}` },
  );
  const claim = claims.find((one) => conditionOf(one, 'Ready')?.status !== 'True');
  if (claim === undefined) return null;
  const stage = stages.find((type) => conditionOf(claim, type)?.status !== 'True');
  if (stage === undefined) return null;
  const condition = conditionOf(claim, stage);
  const state = conditionText({ type: stage, status: condition?.status ?? 'not known yet', message: condition?.message });
  const hint =
    stage === 'Registered'
      ? ` (where this stays: does ${nodeRoleArn} have an access entry of type EC2_LINUX, and do its subnets reach the API server and the registries?)`
      : '';
  return `NodeClaim ${claim.metadata.name}: ${state}${hint}`;
}

async function podReason(kubernetes: Kubernetes, { namespace, job }: Args): Promise<string> {
  const pods: readonly KubernetesObject[] = await kubernetes.list(
    { apiVersion: 'v1', kind: 'Pod' },
    { namespace, labelSelector: `job-name=${job}` },
  );
  const scheduled = pods.map((pod) => conditionOf(pod, 'PodScheduled')).find((condition) => condition !== null);
  if (scheduled === undefined) return 'its pod does not exist yet';
  if (scheduled?.status === 'True') return 'its pod has a node and is starting';
  return `no NodeClaim yet; the pod: ${scheduled?.message ?? ''}`;
}
