import { nextSuffix } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, listAt, nameOf, numberAt, stringsAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { type Context, find, inNamespace, put } from '../store.ts';
import { controllerReference, isFinished, isReadyPod } from './pod-state.ts';

/** Brings Endpoints and EndpointSlices of one namespace in line with its Services and pods. */
export function reconcileEndpoints(context: Context, namespace: string): void {
  const objects = inNamespace(context.cluster, namespace);
  const pods = objects.flatMap(({ place, object }) => (place.resource === 'core/pods' ? [object] : []));
  const slices = objects.flatMap(({ place, object }) => (place.resource === 'discovery.k8s.io/endpointslices' ? [object] : []));
  for (const { place, object } of objects) {
    if (place.resource !== 'core/services' || object.metadata.deletionTimestamp !== undefined) continue;
    const selector = stringsAt(object, 'spec', 'selector');
    if (Object.keys(selector).length === 0) continue;
    const backends = pods.filter((pod) => matches(pod, selector) && !isFinished(pod) && textAt(pod, 'status', 'podIP') !== undefined);
    const slice = slices.find((each) => each.metadata.ownerReferences?.[0]?.uid === object.metadata.uid);
    writeEndpoints(context, object, backends, slice);
  }
}

function matches(pod: KubeObject, selector: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([label, value]) => pod.metadata.labels?.[label] === value);
}

/** The number behind a Service port: a named target port is looked up in a pod. */
export function targetPort(port: unknown, pods: readonly KubeObject[]): number {
  const target = at(port, 'targetPort') ?? at(port, 'port');
  if (typeof target === 'number') return target;
  const named = pods
    .flatMap((pod) => listAt(pod, 'spec', 'containers'))
    .flatMap((container) => listAt(container, 'ports'))
    .find((each) => at(each, 'name') === target);
  return numberAt(named, 'containerPort') ?? numberAt(port, 'port') ?? 80;
}

function writeEndpoints(context: Context, service: KubeObject, pods: readonly KubeObject[], existing: KubeObject | undefined): void {
  const { namespace = 'default', name } = service.metadata;
  const ports = listAt(service, 'spec', 'ports').map((port) => ({
    ...(textAt(port, 'name') === undefined ? {} : { name: textAt(port, 'name') }),
    port: targetPort(port, pods),
    protocol: textAt(port, 'protocol') ?? 'TCP',
  }));
  const sorted = pods.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const reference = (pod: KubeObject): Fields => ({ kind: 'Pod', namespace, name: pod.metadata.name, uid: pod.metadata.uid });
  const addresses = (ready: boolean): Fields[] =>
    sorted
      .filter((pod) => isReadyPod(pod) === ready)
      .map((pod) => ({ ip: textAt(pod, 'status', 'podIP'), nodeName: textAt(pod, 'spec', 'nodeName'), targetRef: reference(pod) }));
  const [ready, notReady] = [addresses(true), addresses(false)];
  const subset = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ports,
  };
  const sliceName = existing?.metadata.name ?? `${name}-${nextSuffix(context.cluster)}`;
  const before = existing?.metadata.resourceVersion;
  const slice = put(context, 'discovery.k8s.io/endpointslices', {
    ...(existing ?? {}),
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      ...(existing?.metadata ?? {}),
      name: sliceName,
      namespace,
      generateName: `${name}-`,
      labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io', 'kubernetes.io/service-name': name },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    endpoints: sorted.map((pod) => {
      const isReady = isReadyPod(pod);
      return {
        addresses: [textAt(pod, 'status', 'podIP')],
        conditions: { ready: isReady, serving: isReady, terminating: pod.metadata.deletionTimestamp !== undefined },
        nodeName: textAt(pod, 'spec', 'nodeName'),
        targetRef: reference(pod),
      };
    }),
    ports,
  });
  const endpoints = find(context.cluster, 'core/endpoints', nameOf(service));
  put(context, 'core/endpoints', {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...(endpoints?.metadata ?? {}), name, namespace, ownerReferences: [controllerReference(service)] },
    ...(sorted.length > 0 ? { subsets: [subset] } : {}),
  });
  if (slice.metadata.resourceVersion !== before) wakeLoadBalancers(context, service);
}

// Targets follow the endpoints: of the Service's own load balancer, and of Ingresses that lead to it.
function wakeLoadBalancers(context: Context, service: KubeObject): void {
  const { cluster, now } = context;
  if (textAt(service, 'spec', 'type') === 'LoadBalancer') schedule(cluster, `service ${nameOf(service)}`, now + 1_000);
  const { namespace = 'default' } = service.metadata;
  for (const { place, object } of inNamespace(cluster, namespace)) {
    if (place.resource === 'networking.k8s.io/ingresses') schedule(cluster, `ingress ${nameOf(object)}`, now + 1_000);
  }
}

/** The addresses that are ready behind a Service, and the pods they belong to. */
export function readyBackends(context: Context, namespace: string, service: string): readonly { ip: string; pod: string }[] {
  const endpoints = find(context.cluster, 'core/endpoints', `${namespace}/${service}`);
  return listAt(endpoints, 'subsets')
    .flatMap((subset) => listAt(subset, 'addresses'))
    .filter(isFields)
    .map((address) => ({ ip: String(address.ip), pod: textAt(address, 'targetRef', 'name') ?? '' }));
}
