import { type Chart, count, fields, type Json, text } from './chart.ts';
import { clusterRole, deployment, rule, service, serviceAccount, type WebhookWish, webhookConfiguration } from './objects.ts';

/** istio/istiod 1.30.3. With a revision, names gain it at their end. */
export const istiod: Chart = {
  name: 'istiod',
  appVersion: '1.30.3',

  render(values, release) {
    const revision = text(values.revision, '');
    const suffix = revision === '' ? '' : `-${revision}`;
    const name = `istiod${suffix}`;
    const selector = { app: 'istiod', ...(revision === '' ? { istio: 'pilot' } : { 'istio.io/rev': revision }) };
    const labels = { app: 'istiod', istio: 'pilot', 'istio.io/rev': revision === '' ? 'default' : revision };
    const isScaled = values.autoscaleEnabled !== false;
    const replicas = isScaled ? count(values.autoscaleMin, 1) : count(values.replicaCount, 1);
    const ports = [
      { name: 'grpc-xds', port: 15010 },
      { name: 'https-dns', port: 15012 },
      { name: 'https-webhook', port: 443, targetPort: 15017 },
      { name: 'http-monitoring', port: 15014 },
    ];
    return [
      serviceAccount(release, name, labels),
      ...clusterRole(release, `${name}-clusterrole-${release.namespace}`, labels, name, [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      ]),
      service(release, name, labels, selector, ports),
      deployment(release, {
        name,
        labels,
        selector,
        replicas,
        serviceAccountName: name,
        podLabels: { 'sidecar.istio.io/inject': 'false' },
        container: { name: 'discovery', image: 'docker.io/istio/pilot:1.30.3', ports: [{ containerPort: 15017, protocol: 'TCP' }] },
      }),
      ...(isScaled ? [autoscaler(release.namespace, name, labels, replicas, count(values.autoscaleMax, 5))] : []),
      webhookConfiguration('Mutating', `istio-sidecar-injector${suffix}`, labels, injectors(name, release.namespace, revision)),
      webhookConfiguration('Validating', `istio-validator${suffix}-${release.namespace}`, labels, [
        {
          name: 'rev.validation.istio.io',
          service: { name, namespace: release.namespace, path: '/validate' },
          failurePolicy: text(fields(values.base).validationFailurePolicy, 'Ignore'),
          rules: [
            {
              ...rule('', '', ['*'], ['CREATE', 'UPDATE']),
              apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
              apiVersions: ['*'],
            },
          ],
          objectSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: [revision === '' ? 'default' : revision] }] },
        },
      ]),
    ];
  },
};

function autoscaler(namespace: string, name: string, labels: Json, minReplicas: number, maxReplicas: number): Json {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels },
    spec: {
      minReplicas,
      maxReplicas,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
    },
  };
}

/** By namespace and by pod, each by label and by revision: all four are called for labelled ones only, and fail closed. */
function injectors(name: string, namespace: string, revision: string): WebhookWish[] {
  const rev = revision === '' ? 'default' : revision;
  const webhook = (kind: string, namespaceSelector: Json[], objectSelector: Json[]): WebhookWish => ({
    name: `${kind}.sidecar-injector.istio.io`,
    service: { name, namespace, path: '/inject' },
    failurePolicy: 'Fail',
    rules: [rule('', 'v1', ['pods'], ['CREATE'])],
    namespaceSelector: { matchExpressions: namespaceSelector },
    objectSelector: { matchExpressions: objectSelector },
  });
  const is = (key: string, ...values: string[]): Json => ({ key, operator: 'In', values });
  const isNot = (key: string, ...values: string[]): Json => ({ key, operator: 'NotIn', values });
  const lacks = (key: string): Json => ({ key, operator: 'DoesNotExist' });
  const declined = isNot('sidecar.istio.io/inject', 'false');
  const byRevision = [
    webhook('rev.namespace', [is('istio.io/rev', rev), lacks('istio-injection')], [declined]),
    webhook('rev.object', [lacks('istio.io/rev'), lacks('istio-injection')], [declined, is('istio.io/rev', rev)]),
  ];
  if (revision !== '') return byRevision;
  return [
    ...byRevision,
    webhook('namespace', [is('istio-injection', 'enabled')], [declined]),
    webhook('object', [lacks('istio-injection'), lacks('istio.io/rev')], [is('sidecar.istio.io/inject', 'true'), lacks('istio.io/rev')]),
  ];
}
