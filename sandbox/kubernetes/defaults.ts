import { withSchemaDefaults } from './custom-schema.ts';
import { nextNumber } from './ids.ts';
import { type Fields, isFields, type KubeObject, listAt, numberAt, stringsAt, textAt } from './object.ts';
import type { ResourceType } from './resources.ts';
import type { Context } from './store.ts';
import { webhookDefaults } from './webhook-defaults.ts';

type Defaulter = (object: KubeObject, context: Context, before: KubeObject | undefined) => KubeObject;

const encode = (text: string): string => Buffer.from(text).toString('base64');
const fieldsAt = (object: KubeObject, name: string): Fields => (isFields(object[name]) ? object[name] : {});

function container(given: unknown): unknown {
  if (!isFields(given)) return given;
  const ports = listAt(given, 'ports').map((port) => (isFields(port) ? { ...port, protocol: port.protocol ?? 'TCP' } : port));
  const image = String(given.image ?? '');
  const isLatest = image.endsWith(':latest') || !image.split('/').at(-1)?.includes(':');
  return {
    ...given,
    ...(given.ports === undefined ? {} : { ports }),
    imagePullPolicy: given.imagePullPolicy ?? (isLatest ? 'Always' : 'IfNotPresent'),
    resources: given.resources ?? {},
    terminationMessagePath: given.terminationMessagePath ?? '/dev/termination-log',
    terminationMessagePolicy: given.terminationMessagePolicy ?? 'File',
  };
}

function podSpec(given: Fields): Fields {
  const result: Fields = { ...given };
  for (const list of ['containers', 'initContainers']) if (Array.isArray(given[list])) result[list] = given[list].map(container);
  return {
    ...result,
    restartPolicy: given.restartPolicy ?? 'Always',
    dnsPolicy: given.dnsPolicy ?? 'ClusterFirst',
    schedulerName: given.schedulerName ?? 'default-scheduler',
    securityContext: given.securityContext ?? {},
    terminationGracePeriodSeconds: given.terminationGracePeriodSeconds ?? 30,
  };
}

function workload(extra: (spec: Fields) => Fields): Defaulter {
  return (object) => {
    const spec = fieldsAt(object, 'spec');
    const template = isFields(spec.template) ? spec.template : undefined;
    const templateSpec =
      template !== undefined && isFields(template.spec) ? { template: { ...template, spec: podSpec(template.spec) } } : {};
    return { ...object, spec: { ...extra(spec), ...spec, ...templateSpec }, status: object.status ?? {} };
  };
}

const deployment = workload(() => ({
  replicas: 1,
  strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
}));

function nodePort(context: Context): number {
  return 30_000 + (nextNumber(context.cluster) % 2_768);
}

function service(object: KubeObject, context: Context, before: KubeObject | undefined): KubeObject {
  const spec = fieldsAt(object, 'spec');
  const type = textAt(spec, 'type') ?? 'ClusterIP';
  const needsNodePort = type === 'LoadBalancer' || type === 'NodePort';
  const oldPorts = listAt(before, 'spec', 'ports');
  const ports = listAt(spec, 'ports').map((port) => {
    if (!isFields(port)) return port;
    const old = oldPorts.find((each) => numberAt(each, 'port') === port.port);
    const chosen = port.nodePort ?? numberAt(old, 'nodePort') ?? (needsNodePort ? nodePort(context) : undefined);
    const { nodePort: _, ...rest } = port;
    const withNodePort = needsNodePort && chosen !== undefined ? { nodePort: chosen } : {};
    return { ...rest, ...withNodePort, protocol: port.protocol ?? 'TCP', targetPort: port.targetPort ?? port.port };
  });
  const number = nextNumber(context.cluster);
  const clusterIP =
    spec.clusterIP ?? textAt(before, 'spec', 'clusterIP') ?? `172.20.${1 + (Math.floor(number / 250) % 250)}.${1 + (number % 250)}`;
  const balanced = type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true, externalTrafficPolicy: 'Cluster' } : {};
  return {
    ...object,
    spec: {
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ...balanced,
      ...spec,
      ...(type === 'ExternalName' ? {} : { clusterIP, clusterIPs: [clusterIP] }),
      ...(spec.ports === undefined ? {} : { ports }),
      type,
    },
    status: object.status ?? { loadBalancer: {} },
  };
}

function secret(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  const written = Object.fromEntries(Object.entries(stringsAt({ stringData }, 'stringData')).map(([key, text]) => [key, encode(text)]));
  const data = { ...fieldsAt(object, 'data'), ...written };
  return { ...rest, ...(Object.keys(data).length === 0 ? {} : { data }), type: object.type ?? 'Opaque' } as KubeObject;
}

function namespace(object: KubeObject): KubeObject {
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  const spec = fieldsAt(object, 'spec');
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec: { finalizers: ['kubernetes'], ...spec },
    status: object.status ?? { phase: 'Active' },
  };
}

/** Of containers, each default is made of the one before that is given: the limit of the maximum, the request of the limit, then of the minimum. */
function limitRange(object: KubeObject): KubeObject {
  const spec = fieldsAt(object, 'spec');
  const limits = listAt(spec, 'limits').map((item) => {
    if (!isFields(item) || item.type !== 'Container') return item;
    const given = (name: string): Fields => (isFields(item[name]) ? item[name] : {});
    const limit = { ...given('max'), ...given('default') };
    const request = { ...given('min'), ...limit, ...given('defaultRequest') };
    const some = (name: string, values: Fields): Fields => (Object.keys(values).length === 0 ? {} : { [name]: values });
    return { ...item, ...some('default', limit), ...some('defaultRequest', request) };
  });
  return { ...object, spec: { ...spec, limits } };
}

const defaulters: Readonly<Record<string, Defaulter>> = {
  Deployment: deployment,
  ReplicaSet: workload(() => ({ replicas: 1 })),
  StatefulSet: workload(() => ({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate' },
  })),
  DaemonSet: workload(() => ({ revisionHistoryLimit: 10, updateStrategy: { type: 'RollingUpdate' } })),
  Job: workload(() => ({ backoffLimit: 6, completions: 1, parallelism: 1, suspend: false, completionMode: 'NonIndexed' })),
  Pod: (object) => ({
    ...object,
    spec: podSpec(fieldsAt(object, 'spec')),
    status: object.status ?? { phase: 'Pending', qosClass: 'Burstable' },
  }),
  Service: service,
  Secret: secret,
  Namespace: namespace,
  LimitRange: limitRange,
  MutatingWebhookConfiguration: webhookDefaults({ reinvocationPolicy: 'Never' }),
  ValidatingWebhookConfiguration: webhookDefaults({}),
};

const builtInGroups: ReadonlySet<string> = new Set(['v1', 'apps/v1', 'batch/v1', 'admissionregistration.k8s.io/v1']);

/** Fills in what the API server fills in. `before` is the stored version, when there is one. */
export function withDefaults(context: Context, type: ResourceType, object: KubeObject, before: KubeObject | undefined): KubeObject {
  if (type.schema !== undefined) return withSchemaDefaults(type.schema, object) as KubeObject;
  const defaulter = builtInGroups.has(object.apiVersion) ? defaulters[object.kind] : undefined;
  return defaulter === undefined ? object : defaulter(object, context, before);
}
