import { type Chart, count, fields, type Json, text } from './chart.ts';
import { deployment, service, serviceAccount } from './objects.ts';

/** The keys that values.schema.json knows; any other is refused. */
const KEYS: Readonly<Record<string, 'object' | 'string' | 'boolean' | 'number' | 'array'>> = {
  name: 'string',
  revision: 'string',
  replicaCount: 'number',
  kind: 'string',
  rbac: 'object',
  serviceAccount: 'object',
  podAnnotations: 'object',
  podSecurityContext: 'object',
  securityContext: 'object',
  service: 'object',
  resources: 'object',
  autoscaling: 'object',
  env: 'object',
  strategy: 'object',
  minReadySeconds: 'number',
  labels: 'object',
  annotations: 'object',
  nodeSelector: 'object',
  tolerations: 'array',
  topologySpreadConstraints: 'array',
  affinity: 'object',
  networkGateway: 'string',
  imagePullPolicy: 'string',
  imagePullSecrets: 'array',
  podDisruptionBudget: 'object',
  terminationGracePeriodSeconds: 'number',
  volumes: 'array',
  volumeMounts: 'array',
  initContainers: 'array',
  additionalContainers: 'array',
  priorityClassName: 'string',
  platform: 'string',
  global: 'object',
};

/** istio/gateway 1.30.3. Its image is the word `auto`, until istiod's injector fills in the real one. */
export const istioGateway: Chart = {
  name: 'gateway',
  appVersion: '1.30.3',

  render(values, release) {
    refuseUnknown(values);
    const name = text(values.name, release.name);
    const selector = { app: name, istio: name.replace(/^istio-/, '') };
    const labels = { ...selector, 'app.kubernetes.io/name': name, 'app.kubernetes.io/managed-by': 'Helm' };
    const wanted = fields(values.service);
    const account = fields(values.serviceAccount);
    const accountName = text(account.name, name);
    const scaling = fields(values.autoscaling);
    const ports = Array.isArray(wanted.ports)
      ? (wanted.ports as Json[])
      : [
          { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
          { name: 'http2', port: 80, targetPort: 80, protocol: 'TCP' },
          { name: 'https', port: 443, targetPort: 443, protocol: 'TCP' },
        ];
    const more = {
      type: text(wanted.type, 'LoadBalancer'),
      ...(text(wanted.loadBalancerClass, '') === '' ? {} : { loadBalancerClass: wanted.loadBalancerClass }),
    };
    const made = service(release, name, labels, selector, ports, more) as { metadata: Json };
    const annotations = fields(wanted.annotations);
    return [
      ...(account.create === false ? [] : [serviceAccount(release, accountName, labels, account.annotations)]),
      Object.keys(annotations).length === 0 ? made : { ...made, metadata: { ...made.metadata, annotations } },
      labelledForInjection(
        deployment(release, {
          name,
          labels,
          selector,
          replicas: scaling.enabled === false ? count(values.replicaCount, 1) : count(scaling.minReplicas, 1),
          serviceAccountName: accountName,
          container: { name: 'istio-proxy', image: 'auto', ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }] },
          pod: {},
          podAnnotations: { 'inject.istio.io/templates': 'gateway' },
        }),
      ),
    ];
  },
};

function refuseUnknown(values: Json): void {
  const wrong = Object.entries(values).flatMap(([key, value]) => {
    const type = KEYS[key];
    if (type === undefined) return [`- (root): Additional property ${key} is not allowed`];
    if (value === null) return [];
    const actual = Array.isArray(value) ? 'array' : typeof value;
    return actual === type ? [] : [`- ${key}: Invalid type. Expected: ${type}, given: ${actual}`];
  });
  if (wrong.length === 0) return;
  throw new Error(`values don't meet the specifications of the schema(s) in the following chart(s):\ngateway:\n${wrong.join('\n')}`);
}

function labelledForInjection(deployed: Json): Json {
  const spec = deployed.spec as { template: { metadata: { labels: Json } } };
  const { metadata } = spec.template;
  const labels = { ...metadata.labels, 'sidecar.istio.io/inject': 'true' };
  return { ...deployed, spec: { ...spec, template: { ...spec.template, metadata: { ...metadata, labels } } } };
}
