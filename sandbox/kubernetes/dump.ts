import type { Fields, KubeObject } from './object.ts';
import type { KubernetesClusterState, KubernetesState } from './state.ts';

// What controllers make from other objects, under names that no two runs share.
const derived: ReadonlySet<string> = new Set([
  'core/pods',
  'core/endpoints',
  'core/events',
  'core/nodes',
  'apps/replicasets',
  'discovery.k8s.io/endpointslices',
]);

const sorted = <T>(record: Readonly<Record<string, T>>): [string, T][] => Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The objects of every cluster as wanted: no status, no ids, no times, no addresses, nothing that controllers derive. */
export function dumpKubernetes({ clusters }: KubernetesState): unknown {
  return Object.fromEntries(sorted(clusters).map(([key, cluster]) => [key, dumpCluster(cluster)]));
}

function dumpCluster(cluster: KubernetesClusterState): unknown {
  const resources = sorted(cluster.objects).filter(([resource, objects]) => !derived.has(resource) && Object.keys(objects).length > 0);
  const nodes = Object.keys(cluster.objects['core/nodes'] ?? {}).length;
  return {
    nodes,
    ...Object.fromEntries(
      resources.map(([resource, objects]) => [
        resource,
        Object.fromEntries(sorted(objects).map(([key, object]) => [key, dumpObject(object)])),
      ]),
    ),
  };
}

function dumpObject(object: KubeObject): Fields {
  const { metadata, status: _, kind, apiVersion, ...rest } = object;
  const { labels = {}, annotations = {}, finalizers = [], ownerReferences = [], deletionTimestamp } = metadata;
  const { 'kubernetes.io/service-account.uid': _uid, ...stable } = annotations;
  return {
    kind,
    apiVersion,
    labels: Object.fromEntries(sorted(labels)),
    annotations: Object.fromEntries(sorted(stable)),
    finalizers: finalizers.toSorted(),
    owners: ownerReferences.map((owner) => `${owner.kind}/${owner.name}`).toSorted(),
    ...(deletionTimestamp === undefined ? {} : { terminating: true }),
    ...dumpContent(object, rest),
  };
}

function dumpContent(object: KubeObject, content: Fields): Fields {
  if (object.kind === 'Secret' && object.type === 'kubernetes.io/service-account-token') return { type: object.type };
  if (object.kind === 'ConfigMap' && object.metadata.name === 'kube-root-ca.crt') return {};
  if (object.kind === 'PersistentVolumeClaim') {
    const { volumeName: _, ...spec } = (content.spec ?? {}) as Fields;
    return { ...content, spec };
  }
  if (object.kind !== 'Service' || object.apiVersion !== 'v1') return content;
  const { clusterIP: _ip, clusterIPs: _ips, ports = [], ...spec } = (content.spec ?? {}) as Fields;
  return { ...content, spec: { ...spec, ports: (ports as Fields[]).map(({ nodePort: _, ...port }) => port) } };
}
