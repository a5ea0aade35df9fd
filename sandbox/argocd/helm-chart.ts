import { isObject, type JsonObject } from './json.ts';

export interface Chart {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
}

export interface Release {
  readonly name: string;
  readonly namespace: string;
}

/**
 * What a chart of the sandbox renders to: a Deployment, its ServiceAccount and Service, and by its values an ALB Ingress.
 * All bear the release's name. `service.type: LoadBalancer` makes the Service an NLB.
 */
export function renderChart(chart: Chart, release: Release, values: JsonObject): JsonObject[] {
  const account = object(values.serviceAccount);
  const accountName = text(account.name) ?? release.name;
  const ingress = object(values.ingress);
  return [
    ...(account.create === false ? [] : [serviceAccount(chart, release, account, accountName)]),
    deployment(chart, release, values, accountName),
    service(chart, release, values),
    ...(ingress.enabled === true ? [renderIngress(chart, release, values, ingress)] : []),
  ];
}

function serviceAccount(chart: Chart, release: Release, account: JsonObject, name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...metadata(chart, release, account.annotations), name } };
}

function deployment(chart: Chart, release: Release, values: JsonObject, serviceAccountName: string): JsonObject {
  const image = object(values.image);
  const port = number(object(values.service).targetPort) ?? 8080;
  const podAnnotations = object(values.podAnnotations);
  const env = Object.entries(object(values.env)).map(([name, value]) => ({ name, value: String(value) }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(chart, release, undefined),
    spec: {
      replicas: number(values.replicaCount) ?? 1,
      selector: { matchLabels: selector(chart, release) },
      template: {
        metadata: {
          labels: { ...selector(chart, release), ...texts(values.podLabels) },
          ...(Object.keys(podAnnotations).length === 0 ? {} : { annotations: texts(podAnnotations) }),
        },
        spec: {
          serviceAccountName,
          containers: [
            {
              name: chart.name,
              image: `${text(image.repository) ?? chart.name}:${text(image.tag) ?? chart.appVersion}`,
              ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
              ...(env.length === 0 ? {} : { env }),
              ...(isObject(values.resources) && Object.keys(values.resources).length > 0 ? { resources: values.resources } : {}),
            },
          ],
        },
      },
    },
  };
}

function service(chart: Chart, release: Release, values: JsonObject): JsonObject {
  const wanted = object(values.service);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(chart, release, wanted.annotations),
    spec: {
      type: text(wanted.type) ?? 'ClusterIP',
      ...(text(wanted.loadBalancerClass) === undefined ? {} : { loadBalancerClass: text(wanted.loadBalancerClass) }),
      selector: selector(chart, release),
      ports: [{ name: 'http', port: number(wanted.port) ?? 80, targetPort: 'http', protocol: 'TCP' }],
    },
  };
}

function renderIngress(chart: Chart, release: Release, values: JsonObject, ingress: JsonObject): JsonObject {
  const backend = { service: { name: release.name, port: { number: number(object(values.service).port) ?? 80 } } };
  const host = text(ingress.host);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: metadata(chart, release, ingress.annotations),
    spec: {
      ingressClassName: text(ingress.className) ?? 'alb',
      rules: [
        { ...(host === undefined ? {} : { host }), http: { paths: [{ path: text(ingress.path) ?? '/', pathType: 'Prefix', backend }] } },
      ],
    },
  };
}

function metadata(chart: Chart, release: Release, annotations: unknown): JsonObject {
  const written = texts(annotations);
  return {
    name: release.name,
    namespace: release.namespace,
    labels: {
      'helm.sh/chart': `${chart.name}-${chart.version}`,
      ...selector(chart, release),
      'app.kubernetes.io/version': chart.appVersion,
      'app.kubernetes.io/managed-by': 'Helm',
    },
    ...(Object.keys(written).length === 0 ? {} : { annotations: written }),
  };
}

function selector(chart: Chart, release: Release): Record<string, string> {
  return { 'app.kubernetes.io/name': chart.name, 'app.kubernetes.io/instance': release.name };
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

function number(value: unknown): number | undefined {
  const found = Number(value ?? Number.NaN);
  return Number.isFinite(found) ? found : undefined;
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(object(value)).map(([name, item]) => [name, String(item)]));
}
