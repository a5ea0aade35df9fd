import { ensureLoadBalancer, findStack, type ListenerWish, type LoadBalancerWish, removeLoadBalancer } from '../../elb/load-balancers.ts';
import { sha } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, listAt, nameOf, numberAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { all, type Context, find, namespaced, put, release } from '../store.ts';
import { readyBackends, targetPort } from './endpoints.ts';
import { readyNodes } from './nodes.ts';
import { hasLoadBalancerController } from './platform.ts';

const SERVICE_FINALIZER = 'service.k8s.aws/resources';
const SERVICE_STACK = 'service.k8s.aws/stack';
const INGRESS_STACK = 'ingress.k8s.aws/stack';
/** From seeing an object to a load balancer with a host name, and from deletion to its end (ms of sandbox time). */
const CREATE_AFTER = 6_000;
const DELETE_AFTER = 12_000;
const SERVICE_ANNOTATION = 'service.beta.kubernetes.io/aws-load-balancer-';
const INGRESS_ANNOTATION = 'alb.ingress.kubernetes.io/';

interface Wishes {
  readonly stackTag: string;
  readonly stack: string;
  readonly finalizer: string;
}

const annotation = (object: KubeObject, name: string): string | undefined => object.metadata.annotations?.[name];

/** `a=1,b=2` as in the annotations for additional tags. */
function tagsFrom(text: string | undefined): Record<string, string> {
  if (text === undefined || text === '') return {};
  return Object.fromEntries(text.split(',').map((pair) => [pair.split('=')[0]?.trim() ?? '', pair.split('=').slice(1).join('=').trim()]));
}

// As the controller names them: k8s-<8 of the namespace>-<8 of the name>-<10 of a hash>.
function generatedName(cluster: string, namespace: string, name: string): string {
  const clean = (text: string): string => text.replaceAll(/[^a-z0-9]/g, '').slice(0, 8);
  return `k8s-${clean(namespace)}-${clean(name)}-${sha(`${cluster}/${namespace}/${name}`).slice(0, 10)}`;
}

function network(context: Context): Pick<LoadBalancerWish, 'vpcId' | 'subnetIds' | 'securityGroupIds'> {
  const { region, cluster } = context.cluster;
  const vpc = context.world.eks.clusters[`${region}/${cluster}`]?.vpc;
  return {
    vpcId: vpc?.vpcId ?? '',
    subnetIds: vpc?.subnetIds ?? [],
    securityGroupIds: vpc === undefined ? [] : [vpc.clusterSecurityGroupId],
  };
}

function instanceIds(context: Context): string[] {
  return readyNodes(context).map((node) => (textAt(node, 'spec', 'providerID') ?? '').split('/').at(-1) ?? '');
}

function targetsOf(context: Context, targetType: 'ip' | 'instance', namespace: string, service: string): readonly string[] {
  const backends = readyBackends(context, namespace, service);
  if (targetType === 'ip') return backends.map(({ ip }) => ip);
  return backends.length === 0 ? [] : instanceIds(context);
}

/** What the AWS Load Balancer Controller does for one Service: where it runs. */
export function reconcileService(context: Context, key: string): void {
  const service = find(context.cluster, 'core/services', key);
  if (service === undefined) return;
  const wishes = { stackTag: SERVICE_STACK, stack: key, finalizer: SERVICE_FINALIZER };
  const wanted = textAt(service, 'spec', 'type') === 'LoadBalancer' && service.metadata.deletionTimestamp === undefined;
  if (!wanted) {
    withdraw(context, 'core/services', service, wishes);
    return;
  }
  if (!mayStart(context, 'service', 'core/services', service, wishes)) return;
  const balancer = ensureLoadBalancer(context.world, context.cluster.region, context.now, serviceWish(context, service, key));
  publish(context, 'core/services', key, balancer.dnsName);
}

function serviceWish(context: Context, service: KubeObject, key: string): LoadBalancerWish {
  const { namespace = 'default', name } = service.metadata;
  const { cluster } = context.cluster;
  const option = (suffix: string): string | undefined => annotation(service, `${SERVICE_ANNOTATION}${suffix}`);
  const targetType = option('nlb-target-type') === 'ip' || option('type') === 'nlb-ip' ? 'ip' : 'instance';
  const certificate = option('ssl-cert');
  const tlsPorts = option('ssl-ports')?.split(',') ?? [];
  const pods = namespaced(context.cluster, namespace, 'core/pods');
  const targets = targetsOf(context, targetType, namespace, name);
  const listeners = listAt(service, 'spec', 'ports').map((port): ListenerWish => {
    const number = numberAt(port, 'port') ?? 80;
    const isTls =
      certificate !== undefined &&
      (tlsPorts.length === 0 || tlsPorts.includes(String(number)) || tlsPorts.includes(String(at(port, 'name'))));
    const backend = targetType === 'ip' ? targetPort(port, pods) : (numberAt(port, 'nodePort') ?? number);
    const plain = { port: number, protocol: textAt(port, 'protocol') ?? 'TCP', targetPort: backend, targets };
    return isTls ? { ...plain, protocol: 'TLS', certificateArn: certificate } : plain;
  });
  return {
    cluster,
    stackTag: SERVICE_STACK,
    stack: key,
    name: option('name') ?? generatedName(cluster, namespace, name),
    type: 'network',
    scheme: option('scheme') === 'internet-facing' ? 'internet-facing' : 'internal',
    targetType,
    ...network(context),
    tags: tagsFrom(option('additional-resource-tags')),
    listeners,
  };
}

function isAlbIngress(ingress: KubeObject): boolean {
  return (textAt(ingress, 'spec', 'ingressClassName') ?? annotation(ingress, 'kubernetes.io/ingress.class')) === 'alb';
}

const groupOf = (ingress: KubeObject): string | undefined => annotation(ingress, `${INGRESS_ANNOTATION}group.name`);

/** What the AWS Load Balancer Controller does for one Ingress, or for the group that it belongs to. */
export function reconcileIngress(context: Context, key: string): void {
  const ingress = find(context.cluster, 'networking.k8s.io/ingresses', key);
  if (ingress === undefined) return;
  const group = groupOf(ingress);
  const finalizer = group === undefined ? 'ingress.k8s.aws/resources' : `group.ingress.k8s.aws/${group}`;
  const wishes = { stackTag: INGRESS_STACK, stack: group ?? key, finalizer };
  const members = membersOf(context, ingress, group);
  const wanted = isAlbIngress(ingress) && ingress.metadata.deletionTimestamp === undefined;
  if (!wanted) {
    const shared = members.some((member) => nameOf(member) !== key);
    withdraw(context, 'networking.k8s.io/ingresses', ingress, wishes, shared);
    return;
  }
  if (!mayStart(context, 'ingress', 'networking.k8s.io/ingresses', ingress, wishes)) return;
  const balancer = ensureLoadBalancer(
    context.world,
    context.cluster.region,
    context.now,
    ingressWish(context, ingress, members, wishes.stack),
  );
  for (const member of members) publish(context, 'networking.k8s.io/ingresses', nameOf(member), balancer.dnsName);
}

function membersOf(context: Context, ingress: KubeObject, group: string | undefined): readonly KubeObject[] {
  if (group === undefined) return [ingress];
  return all(context.cluster, 'networking.k8s.io/ingresses').filter(
    (each) => groupOf(each) === group && isAlbIngress(each) && each.metadata.deletionTimestamp === undefined,
  );
}

function listenPorts(ingress: KubeObject): readonly { protocol: string; port: number }[] {
  const text = annotation(ingress, `${INGRESS_ANNOTATION}listen-ports`);
  const certificate = annotation(ingress, `${INGRESS_ANNOTATION}certificate-arn`);
  if (text === undefined) return [certificate === undefined ? { protocol: 'HTTP', port: 80 } : { protocol: 'HTTPS', port: 443 }];
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return [];
    return parsed.filter(isFields).flatMap((entry) => Object.entries(entry).map(([protocol, port]) => ({ protocol, port: Number(port) })));
  } catch {
    return [];
  }
}

function ingressWish(context: Context, ingress: KubeObject, members: readonly KubeObject[], stack: string): LoadBalancerWish {
  const { namespace = 'default', name } = ingress.metadata;
  const { cluster } = context.cluster;
  const option = (suffix: string): string | undefined => annotation(ingress, `${INGRESS_ANNOTATION}${suffix}`);
  const targetType = option('target-type') === 'ip' ? 'ip' : 'instance';
  const certificateArn = option('certificate-arn');
  const backend = members.flatMap(backendsOf)[0];
  const service = backend && find(context.cluster, 'core/services', `${backend.namespace}/${backend.service}`);
  const port = listAt(service, 'spec', 'ports').find((each) => at(each, 'port') === backend?.port || at(each, 'name') === backend?.port);
  const number = targetType === 'ip' ? targetPort(port ?? {}, []) : (numberAt(port, 'nodePort') ?? 80);
  const targets = backend === undefined ? [] : targetsOf(context, targetType, backend.namespace, backend.service);
  const listeners = listenPorts(ingress).map((listener): ListenerWish => {
    const wish = { ...listener, targetPort: number, targets };
    return listener.protocol === 'HTTPS' && certificateArn !== undefined ? { ...wish, certificateArn } : wish;
  });
  const scheme = option('scheme') === 'internet-facing' ? 'internet-facing' : 'internal';
  return {
    cluster,
    stackTag: INGRESS_STACK,
    stack,
    name: option('load-balancer-name') ?? generatedName(cluster, groupOf(ingress) === undefined ? namespace : '', groupOf(ingress) ?? name),
    type: 'application',
    scheme,
    targetType,
    ...network(context),
    tags: tagsFrom(option('tags')),
    listeners,
  };
}

function backendsOf(ingress: KubeObject): readonly { namespace: string; service: string; port: unknown }[] {
  const { namespace = 'default' } = ingress.metadata;
  const paths = listAt(ingress, 'spec', 'rules').flatMap((rule) => listAt(rule, 'http', 'paths').map((path) => at(path, 'backend')));
  return [...paths, at(ingress, 'spec', 'defaultBackend')].flatMap((backend) => {
    const service = textAt(backend, 'service', 'name');
    const port = at(backend, 'service', 'port', 'number') ?? at(backend, 'service', 'port', 'name');
    return service === undefined ? [] : [{ namespace, service, port }];
  });
}

// The controller puts its finalizer first, and takes some seconds.
function mayStart(context: Context, task: string, resource: string, object: KubeObject, { finalizer, stackTag, stack }: Wishes): boolean {
  const { cluster, now, world } = context;
  if (!hasLoadBalancerController(context)) return false;
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) {
    put(context, resource, { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } });
  }
  if (findStack(world, cluster.region, cluster.cluster, stackTag, stack) !== undefined) return true;
  const due = Math.max(Date.parse(object.metadata.creationTimestamp ?? '') + CREATE_AFTER, 0);
  if (now >= due) return true;
  schedule(cluster, `${task} ${nameOf(object)}`, due);
  return false;
}

function publish(context: Context, resource: string, key: string, hostname: string): void {
  const object = find(context.cluster, resource, key);
  if (object === undefined) return;
  const status: Fields = isFields(object.status) ? object.status : {};
  put(context, resource, { ...object, status: { ...status, loadBalancer: { ingress: [{ hostname }] } } });
}

function withdraw(context: Context, resource: string, object: KubeObject, { finalizer, stackTag, stack }: Wishes, shared = false): void {
  const { cluster, now, world } = context;
  if (!(object.metadata.finalizers ?? []).includes(finalizer) || !hasLoadBalancerController(context)) return;
  const deleted = object.metadata.deletionTimestamp;
  const due = deleted === undefined ? now : Date.parse(deleted) + DELETE_AFTER;
  if (now < due) {
    schedule(cluster, `${resource === 'core/services' ? 'service' : 'ingress'} ${nameOf(object)}`, due);
    return;
  }
  const balancer = findStack(world, cluster.region, cluster.cluster, stackTag, stack);
  if (balancer !== undefined && !shared) removeLoadBalancer(world, cluster.region, balancer.arn, true);
  release(context, resource, object, finalizer);
  const kept = find(cluster, resource, nameOf(object));
  if (kept !== undefined) put(context, resource, { ...kept, status: { loadBalancer: {} } });
}
