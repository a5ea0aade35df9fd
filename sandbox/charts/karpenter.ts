import { type Chart, count, fields, type Json, required, text } from './chart.ts';
import { karpenterDefinitions } from './karpenter-crd.ts';
import { chartLabels, clusterRole, deployment, disruptionBudget, service, serviceAccount } from './objects.ts';

const NAME = 'karpenter';

/** public.ecr.aws/karpenter/karpenter 1.14.1: no webhooks, no certificates, the same at each render. */
export const karpenter: Chart = {
  name: NAME,
  appVersion: '1.14.1',

  render(values, release) {
    const settings = fields(values.settings);
    const clusterName = required(settings.clusterName, '.Values.settings.clusterName is required');
    const labels = chartLabels(NAME, release);
    const selector = { 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/instance': release.name };
    const account = fields(values.serviceAccount);
    const accountName = text(account.name, NAME);
    const own = Array.isArray(fields(values.controller).env) ? (fields(values.controller).env as Json[]) : [];
    const env = [
      { name: 'CLUSTER_NAME', value: clusterName },
      ...(text(settings.interruptionQueue, '') === '' ? [] : [{ name: 'INTERRUPTION_QUEUE', value: String(settings.interruptionQueue) }]),
      ...(text(settings.clusterEndpoint, '') === '' ? [] : [{ name: 'CLUSTER_ENDPOINT', value: String(settings.clusterEndpoint) }]),
      ...own,
    ];
    return [
      ...(release.skipCrds ? [] : karpenterDefinitions),
      ...(account.create === false ? [] : [serviceAccount(release, accountName, labels, account.annotations)]),
      ...clusterRole(release, NAME, labels, accountName, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
      ...dnsRole(labels, accountName, release.namespace),
      service(release, NAME, labels, selector, [{ name: 'http-metrics', port: 8080, targetPort: 'http-metrics' }]),
      deployment(release, {
        name: NAME,
        labels,
        selector,
        replicas: count(values.replicas, 2),
        serviceAccountName: accountName,
        container: {
          name: 'controller',
          image: 'public.ecr.aws/karpenter/controller:1.14.1',
          env,
          ports: [
            { name: 'http-metrics', containerPort: 8080, protocol: 'TCP' },
            { name: 'http', containerPort: 8081, protocol: 'TCP' },
          ],
        },
        // Never on its own nodes, never two of it on one node.
        spread: true,
        pod: {
          priorityClassName: 'system-cluster-critical',
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
        },
      }),
      disruptionBudget(release, NAME, labels, selector),
    ];
  },
};

/** It waits for the cluster's DNS before it starts. */
function dnsRole(labels: Json, account: string, namespace: string): Json[] {
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: `${NAME}-dns`, namespace: 'kube-system', labels };
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['services'], resourceNames: ['kube-dns'], verbs: ['get'] }],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
    },
  ];
}
