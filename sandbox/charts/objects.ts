import type { Json, Release } from './chart.ts';

export type Labels = Readonly<Record<string, string>>;

/** The labels that most charts put on all they make. */
export function chartLabels(chart: string, release: Release): Record<string, string> {
  return { 'app.kubernetes.io/name': chart, 'app.kubernetes.io/instance': release.name, 'app.kubernetes.io/managed-by': 'Helm' };
}

export interface DeploymentWish {
  readonly name: string;
  readonly labels: Labels;
  readonly selector: Labels;
  readonly replicas: number;
  readonly serviceAccountName: string;
  readonly container: Json;
  /** No two pods of it on one node. */
  readonly spread?: boolean;
  readonly pod?: Json;
  readonly podAnnotations?: Labels;
  readonly podLabels?: Labels;
}

export function deployment(release: Release, wish: DeploymentWish): Json {
  const { name, labels, selector, replicas, serviceAccountName, container, spread = false, pod = {}, podAnnotations, podLabels } = wish;
  const term = { labelSelector: { matchLabels: selector }, topologyKey: 'kubernetes.io/hostname' };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: release.namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: selector },
      template: {
        metadata: {
          labels: { ...labels, ...selector, ...podLabels },
          ...(podAnnotations === undefined ? {} : { annotations: podAnnotations }),
        },
        spec: { serviceAccountName, ...(spread ? { affinity } : {}), ...pod, containers: [container] },
      },
    },
  };
}

export function serviceAccount(release: Release, name: string, labels: Labels, annotations: unknown = {}): Json {
  const given = typeof annotations === 'object' && annotations !== null && Object.keys(annotations).length > 0 ? { annotations } : {};
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: release.namespace, labels, ...given } };
}

export function service(release: Release, name: string, labels: Labels, selector: Labels, ports: readonly Json[], more: Json = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: release.namespace, labels },
    spec: { selector, ports, ...more },
  };
}

/** A ClusterRole with its binding to an account. */
export function clusterRole(release: Release, name: string, labels: Labels, account: string, rules: readonly Json[]): Json[] {
  const group = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: release.namespace }],
    },
  ];
}

export function disruptionBudget(release: Release, name: string, labels: Labels, selector: Labels): Json {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: release.namespace, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
  };
}

export interface DefinitionWish {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Of `spec`; anything goes unless given. */
  readonly spec?: Json;
}

export function definition({ group, version, kind, plural, scope, spec = ANYTHING }: DefinitionWish): Json {
  const schema = { type: 'object', properties: { spec, status: ANYTHING } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema }, subresources: { status: {} } }],
    },
  };
}

export const ANYTHING: Json = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

export interface WebhookWish {
  readonly name: string;
  readonly service: { readonly name: string; readonly namespace: string; readonly path: string };
  readonly caBundle?: string;
  readonly failurePolicy?: string;
  readonly rules: readonly Json[];
  readonly namespaceSelector?: Json;
  readonly objectSelector?: Json;
  readonly timeoutSeconds?: number;
}

export function webhookConfiguration(kind: 'Mutating' | 'Validating', name: string, labels: Labels, wishes: readonly WebhookWish[]): Json {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name, labels },
    webhooks: wishes.map(({ service: { path, ...where }, caBundle, ...wish }) => ({
      ...wish,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { service: { ...where, path }, ...(caBundle === undefined ? {} : { caBundle }) },
    })),
  };
}

export function rule(group: string, version: string, resources: readonly string[], operations: readonly string[]): Json {
  return { apiGroups: [group], apiVersions: [version], resources, operations };
}
