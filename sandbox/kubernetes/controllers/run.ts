import { takeDue } from '../schedule.ts';
import type { Context } from '../store.ts';
import { reconcileEndpoints } from './endpoints.ts';
import { collect, foreground } from './garbage.ts';
import { reconcileKarpenter } from './karpenter.ts';
import { finishPod, startPod, stopPod } from './kubelet.ts';
import { reconcileIngress, reconcileService } from './load-balancing.ts';
import { reconcileNamespace } from './namespaces.ts';
import { nodeGone, nodeReady, nodesChanged, roomFreed } from './nodes.ts';
import { reconcilePlatform } from './platform.ts';
import { bindPod } from './pods.ts';
import { bindClaim, establish, fillToken, spreadCa } from './small.ts';
import { reconcileDaemonSet, reconcileDeployment, reconcileJob, reconcileReplicaSet, reconcileStatefulSet } from './workloads.ts';

type Controller = (context: Context, key: string) => void;

const controllers: Readonly<Record<string, Controller>> = {
  namespace: reconcileNamespace,
  service: reconcileService,
  ingress: reconcileIngress,
  endpoints: reconcileEndpoints,
  deployment: reconcileDeployment,
  replicaset: reconcileReplicaSet,
  statefulset: reconcileStatefulSet,
  daemonset: reconcileDaemonSet,
  job: reconcileJob,
  bind: bindPod,
  start: startPod,
  finish: finishPod,
  stop: stopPod,
  nodes: nodesChanged,
  room: roomFreed,
  'node-ready': nodeReady,
  'node-gone': nodeGone,
  token: fillToken,
  definition: establish,
  claim: bindClaim,
  collect,
  foreground,
  ca: spreadCa,
  platform: reconcilePlatform,
  karpenter: reconcileKarpenter,
};

/**
 * Does the controller work that is due by `context.now`, each piece at its own time: a long step of the clock gives
 * the same result as many short ones. With nothing due it costs one comparison.
 */
export function runControllers(context: Context): void {
  const { world, cluster, now } = context;
  for (let due = takeDue(cluster, now); due !== undefined; due = takeDue(cluster, now)) {
    const space = due.task.indexOf(' ');
    const controller = controllers[due.task.slice(0, space)];
    controller?.({ world, cluster, now: Math.max(due.at, cluster.ranAt) }, due.task.slice(space + 1));
    cluster.ranAt = Math.max(cluster.ranAt, due.at);
  }
}
