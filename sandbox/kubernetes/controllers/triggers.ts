import { type KubeObject, listAt, nameOf, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import type { KubernetesClusterState } from '../state.ts';

/** The controller that looks after each resource, as the first word of its tasks. */
const controllers: Readonly<Record<string, string>> = {
  'core/namespaces': 'namespace',
  'core/services': 'service',
  'core/persistentvolumeclaims': 'claim',
  'apps/deployments': 'deployment',
  'apps/replicasets': 'replicaset',
  'apps/statefulsets': 'statefulset',
  'apps/daemonsets': 'daemonset',
  'batch/jobs': 'job',
  'networking.k8s.io/ingresses': 'ingress',
  'apiextensions.k8s.io/customresourcedefinitions': 'definition',
};

/** How long a controller takes to notice, in ms of sandbox time, where it is not at once. */
const delays: Readonly<Record<string, number>> = { claim: 3_000, definition: 800 };

/** Resources whose namespace's endpoints may change with them. */
const shapesEndpoints: ReadonlySet<string> = new Set(['core/services', 'core/pods']);

const ENDPOINTS_DELAY = 500;
const TOKEN_DELAY = 2_000;
const PLATFORM_DELAY = 1_000;
const KARPENTER_DELAY = 1_000;

/** Asks for the controller work that follows from one change. It does none of it, so a write stays cheap. */
export function trigger(
  cluster: KubernetesClusterState,
  now: number,
  resource: string,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
): void {
  const object = after ?? before;
  if (object === undefined) return;
  const { namespace } = object.metadata;
  const controller = controllers[resource];
  if (controller !== undefined && after !== undefined) schedule(cluster, `${controller} ${nameOf(after)}`, now + (delays[controller] ?? 0));
  if (namespace !== undefined && shapesEndpoints.has(resource)) schedule(cluster, `endpoints ${namespace}`, now + ENDPOINTS_DELAY);
  if (after === undefined && before !== undefined) dropped(cluster, now, resource, before);
  if (resource === 'core/pods' || resource === 'apps/replicasets') wakeOwners(cluster, now, object);
  if (resource === 'core/pods' && after !== undefined && textAt(after, 'spec', 'nodeName') === undefined) {
    schedule(cluster, `bind ${nameOf(after)}`, now);
  }
  if (resource === 'core/pods' && after?.metadata.deletionTimestamp !== undefined) schedule(cluster, `stop ${nameOf(after)}`, now + 3_000);
  if (resource === 'core/nodes') schedule(cluster, 'nodes changed', now);
  if (resource === 'apps/deployments' || resource.startsWith('admissionregistration.k8s.io/'))
    schedule(cluster, 'platform changed', now + PLATFORM_DELAY);
  if (resource === 'core/nodes' || resource.startsWith('karpenter.')) schedule(cluster, 'karpenter changed', now + KARPENTER_DELAY);
  if (resource === 'core/secrets' && after !== undefined && after.type === 'kubernetes.io/service-account-token') {
    schedule(cluster, `token ${nameOf(after)}`, now + TOKEN_DELAY);
  }
}

function wakeOwners(cluster: KubernetesClusterState, now: number, object: KubeObject): void {
  for (const owner of object.metadata.ownerReferences ?? []) {
    if (owner.controller === true) schedule(cluster, `${owner.kind.toLowerCase()} ${object.metadata.namespace}/${owner.name}`, now);
  }
}

function dropped(cluster: KubernetesClusterState, now: number, resource: string, before: KubeObject): void {
  const { namespace, uid } = before.metadata;
  if (uid !== undefined) schedule(cluster, `collect ${uid}`, now);
  if (namespace !== undefined) schedule(cluster, `namespace ${namespace}`, now);
  if (resource === 'core/nodes') schedule(cluster, `node-gone ${before.metadata.name}`, now);
  for (const owner of before.metadata.ownerReferences ?? []) {
    if (owner.blockOwnerDeletion === true) schedule(cluster, `foreground ${owner.uid}`, now);
  }
  // A pod that is gone leaves room for one that waits.
  if (resource === 'core/pods' && listAt(before, 'status', 'conditions').length > 0) schedule(cluster, 'room freed', now + 1_000);
}
