import { TRACKING_ANNOTATION, WAVE_ANNOTATION } from './application.ts';
import { isObject, type JsonObject } from './json.ts';
import type { ResourceKey } from './state.ts';

const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'IngressClassParams',
  'StorageClass',
  'PriorityClass',
  'RuntimeClass',
  'CSIDriver',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
  'EC2NodeClass',
  'NodePool',
  'NodeClaim',
  'NodeOverlay',
]);

/** The order in which Argo CD applies the kinds of one wave; others come after these, by name. */
const ORDER: readonly string[] = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
];

export function isNamespaced(kind: string): boolean {
  return !CLUSTER_SCOPED.has(kind);
}

export function keyOf(object: JsonObject): ResourceKey {
  const apiVersion = String(object.apiVersion ?? '');
  const slash = apiVersion.indexOf('/');
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const kind = String(object.kind ?? '');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: slash < 0 ? apiVersion : apiVersion.slice(slash + 1),
    kind,
    namespace: isNamespaced(kind) ? String(metadata.namespace ?? '') : '',
    name: String(metadata.name ?? ''),
  };
}

export function apiVersionOf(key: Pick<ResourceKey, 'group' | 'version'>): string {
  return key.group === '' ? key.version : `${key.group}/${key.version}`;
}

/** The same object, whatever its version. */
export function identity({ group, kind, namespace, name }: Omit<ResourceKey, 'version'>): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

export function compareKeys(a: ResourceKey, b: ResourceKey): number {
  return identity(a) < identity(b) ? -1 : 1;
}

export function compareKinds(a: ResourceKey, b: ResourceKey): number {
  const rank = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);
  return rank(a.kind) - rank(b.kind) || compareKeys(a, b);
}

export function annotationOf(object: JsonObject, name: string): string | undefined {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  const value = annotations[name];
  return value === undefined ? undefined : String(value);
}

/** The sync wave that an object belongs to; 0 unless it says otherwise. */
export function waveOf(object: JsonObject): number {
  return Number.parseInt(annotationOf(object, WAVE_ANNOTATION) ?? '0', 10) || 0;
}

/** Definitions of custom resources belong to nobody: several applications may bring the same, and none takes them away. */
export function isShared({ kind }: Pick<ResourceKey, 'kind'>): boolean {
  return kind === 'CustomResourceDefinition';
}

/** The object as it is applied: with the id by which Argo CD knows what it owns, and without a namespace where the kind has none. */
export function tracked(object: JsonObject, application: string): JsonObject {
  const key = keyOf(object);
  const metadata = { ...(isObject(object.metadata) ? object.metadata : {}) };
  if (!isNamespaced(key.kind)) delete metadata.namespace;
  if (isShared(key)) return { ...object, metadata };
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [TRACKING_ANNOTATION]: trackingId(application, key) } } };
}

function trackingId(application: string, key: ResourceKey): string {
  return `${application}:${key.group}/${key.kind}:${key.namespace}/${key.name}`;
}
