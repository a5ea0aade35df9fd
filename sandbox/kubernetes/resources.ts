import { at, isFields, type KubeObject, listAt, textAt } from './object.ts';
import type { KubernetesClusterState } from './state.ts';

/** One type that the API serves. */
export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
  /** Of a custom resource: its openAPIV3Schema. */
  readonly schema?: unknown;
}

type Row = readonly [plural: string, kind: string, scope: 'ns' | 'cluster', shortNames?: string, subresources?: string];

const groups: readonly (readonly [group: string, version: string, rows: readonly Row[]])[] = [
  [
    '',
    'v1',
    [
      ['namespaces', 'Namespace', 'cluster', 'ns', 'status'],
      ['nodes', 'Node', 'cluster', 'no', 'status'],
      ['pods', 'Pod', 'ns', 'po', 'status'],
      ['services', 'Service', 'ns', 'svc', 'status'],
      ['endpoints', 'Endpoints', 'ns', 'ep'],
      ['secrets', 'Secret', 'ns'],
      ['configmaps', 'ConfigMap', 'ns', 'cm'],
      ['serviceaccounts', 'ServiceAccount', 'ns', 'sa', 'token'],
      ['resourcequotas', 'ResourceQuota', 'ns', 'quota', 'status'],
      ['limitranges', 'LimitRange', 'ns', 'limits'],
      ['persistentvolumeclaims', 'PersistentVolumeClaim', 'ns', 'pvc', 'status'],
      ['events', 'Event', 'ns', 'ev'],
    ],
  ],
  [
    'apps',
    'v1',
    [
      ['deployments', 'Deployment', 'ns', 'deploy', 'status,scale'],
      ['replicasets', 'ReplicaSet', 'ns', 'rs', 'status,scale'],
      ['statefulsets', 'StatefulSet', 'ns', 'sts', 'status,scale'],
      ['daemonsets', 'DaemonSet', 'ns', 'ds', 'status'],
    ],
  ],
  [
    'batch',
    'v1',
    [
      ['jobs', 'Job', 'ns', '', 'status'],
      ['cronjobs', 'CronJob', 'ns', 'cj', 'status'],
    ],
  ],
  [
    'networking.k8s.io',
    'v1',
    [
      ['ingresses', 'Ingress', 'ns', 'ing', 'status'],
      ['ingressclasses', 'IngressClass', 'cluster'],
      ['networkpolicies', 'NetworkPolicy', 'ns', 'netpol'],
    ],
  ],
  [
    'rbac.authorization.k8s.io',
    'v1',
    [
      ['roles', 'Role', 'ns'],
      ['rolebindings', 'RoleBinding', 'ns'],
      ['clusterroles', 'ClusterRole', 'cluster'],
      ['clusterrolebindings', 'ClusterRoleBinding', 'cluster'],
    ],
  ],
  ['storage.k8s.io', 'v1', [['storageclasses', 'StorageClass', 'cluster', 'sc']]],
  ['discovery.k8s.io', 'v1', [['endpointslices', 'EndpointSlice', 'ns']]],
  [
    'admissionregistration.k8s.io',
    'v1',
    [
      ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', 'cluster'],
      ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', 'cluster'],
    ],
  ],
  ['policy', 'v1', [['poddisruptionbudgets', 'PodDisruptionBudget', 'ns', 'pdb', 'status']]],
  ['autoscaling', 'v2', [['horizontalpodautoscalers', 'HorizontalPodAutoscaler', 'ns', 'hpa', 'status']]],
  ['apiextensions.k8s.io', 'v1', [['customresourcedefinitions', 'CustomResourceDefinition', 'cluster', 'crd,crds', 'status']]],
];

const split = (text: string | undefined): readonly string[] => (text ? text.split(',') : []);

/** The types that every cluster serves. */
export const builtInTypes: readonly ResourceType[] = groups.flatMap(([group, version, rows]) =>
  rows.map(([plural, kind, scope, shortNames, subresources]) => ({
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced: scope === 'ns',
    shortNames: split(shortNames),
    subresources: split(subresources),
  })),
);

/** The key of a type in the state: `core/services`, `apps/deployments`. */
export function resourceOf({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return `${group === '' ? 'core' : group}/${plural}`;
}

export function groupVersion({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

function isEstablished(definition: KubeObject): boolean {
  return listAt(definition, 'status', 'conditions').some((each) => at(each, 'type') === 'Established' && at(each, 'status') === 'True');
}

function customTypes(definition: KubeObject): readonly ResourceType[] {
  if (!isEstablished(definition)) return [];
  const kind = textAt(definition, 'spec', 'names', 'kind') ?? '';
  return listAt(definition, 'spec', 'versions')
    .filter((version) => at(version, 'served') === true)
    .map((version) => ({
      group: textAt(definition, 'spec', 'group') ?? '',
      version: textAt(version, 'name') ?? '',
      plural: textAt(definition, 'spec', 'names', 'plural') ?? '',
      singular: textAt(definition, 'spec', 'names', 'singular') ?? kind.toLowerCase(),
      kind,
      namespaced: textAt(definition, 'spec', 'scope') === 'Namespaced',
      shortNames: listAt(definition, 'spec', 'names', 'shortNames').map(String),
      subresources: isFields(at(version, 'subresources', 'status')) ? ['status'] : [],
      schema: at(version, 'schema', 'openAPIV3Schema'),
    }));
}

/** All types of a cluster: the built-in ones, then those of its established custom resource definitions. */
export function typesOf(cluster: KubernetesClusterState): readonly ResourceType[] {
  const definitions = cluster.objects['apiextensions.k8s.io/customresourcedefinitions'];
  return definitions === undefined ? builtInTypes : [...builtInTypes, ...Object.values(definitions).flatMap(customTypes)];
}

export function typeOfPath(cluster: KubernetesClusterState, group: string, version: string, plural: string): ResourceType | undefined {
  return typesOf(cluster).find((type) => type.group === group && type.version === version && type.plural === plural);
}

export function typeOfKind(cluster: KubernetesClusterState, apiVersion: string, kind: string): ResourceType | undefined {
  return typesOf(cluster).find((type) => type.kind === kind && groupVersion(type) === apiVersion);
}
