import { joinNodes } from '../../../sandbox/kubernetes/controllers/nodes.ts';
import { type ClusterKey, clusterKey } from '../../../sandbox/kubernetes/state.ts';
import { all, type Context, find, put } from '../../../sandbox/kubernetes/store.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';

export interface Controller {
  /** What stands in the way: set on every EC2NodeClass as a condition that is False. */
  nodeClassProblem: { readonly type: string; readonly message: string } | null;
  /** Whether instances that are launched join the cluster. */
  joins: boolean;
  stop(): void;
}

const NODE_CLASS = ['SubnetsReady', 'SecurityGroupsReady', 'AMIsReady', 'InstanceProfileReady', 'ValidationSucceeded', 'Ready'];
const CLAIM = 'default-7xk2p';

/** Stands in for Karpenter's controller: sets conditions, and brings one node for a pod that waits for it. */
export function startController({ sandbox }: RunningSandbox, ref: ClusterKey): Controller {
  const controller: Controller = { nodeClassProblem: null, joins: true, stop: () => clearInterval(timer) };
  const timer = setInterval(() => {
    const cluster = sandbox.world.kubernetes.clusters[clusterKey(ref)];
    if (cluster === undefined) return;
    const context = { world: sandbox.world, cluster, now: sandbox.clock.now() };
    const { type, message = '' } = controller.nodeClassProblem ?? {};
    for (const each of all(cluster, 'karpenter.k8s.aws/ec2nodeclasses'))
      setConditions(context, 'karpenter.k8s.aws/ec2nodeclasses', each.metadata.name, NODE_CLASS, (one) =>
        type !== undefined && (one === type || one === 'Ready') ? message : null,
      );
    for (const each of all(cluster, 'karpenter.sh/nodepools'))
      setConditions(context, 'karpenter.sh/nodepools', each.metadata.name, ['Ready'], () => null);
    bringNode(context, controller.joins);
  }, 10);
  return controller;
}

function bringNode(context: Context, joins: boolean): void {
  const { cluster } = context;
  const job = find(cluster, 'batch/jobs', 'kube-system/eks-dr-karpenter-proof');
  if (job === undefined) return;
  if (find(cluster, 'karpenter.sh/nodeclaims', CLAIM) === undefined) {
    const labels = { 'karpenter.sh/nodepool': 'default' };
    put(context, 'karpenter.sh/nodeclaims', { apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', metadata: { name: CLAIM, labels } });
    if (joins) joinNodes(context, 1, { nodegroup: '', instanceType: 'm7i.large', labels });
  }
  setConditions(context, 'karpenter.sh/nodeclaims', CLAIM, ['Launched', 'Registered', 'Initialized', 'Ready'], (one) =>
    joins || one === 'Launched' ? null : 'Node not registered with cluster',
  );
}

function setConditions(
  context: Context,
  resource: string,
  name: string,
  types: readonly string[],
  problem: (type: string) => string | null,
) {
  const object = find(context.cluster, resource, name);
  if (object === undefined) return;
  const conditions = types.map((type) => {
    const message = problem(type);
    return message === null ? { type, status: 'True' } : { type, status: 'False', message };
  });
  put(context, resource, { ...object, status: { conditions } });
}
