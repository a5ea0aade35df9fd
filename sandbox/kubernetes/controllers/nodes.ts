import { isTrue, statusWith } from '../conditions.ts';
import { hashNumber, nextNumber, nextUid, sha } from '../ids.ts';
import { type KubeObject, listAt, stringsAt, textAt } from '../object.ts';
import { runtimeOf } from '../runtime.ts';
import { schedule } from '../schedule.ts';
import { all, type Context, find, put, remove } from '../store.ts';

/** From joining to Ready, in ms of sandbox time. */
const NODE_READY_AFTER = 40_000;
export const PODS_PER_NODE = 110;

export interface NodeTemplate {
  /** Absent: no managed node group brought it. */
  readonly nodegroup?: string;
  readonly instanceId?: string;
  readonly instanceType: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Lets nodes join. They become Ready by themselves. */
export function joinNodes(context: Context, count: number, template: NodeTemplate): void {
  for (let index = 0; index < count; index += 1) joinNode(context, template);
}

function joinNode(context: Context, { nodegroup, instanceType, labels, instanceId }: NodeTemplate): void {
  const { cluster, now } = context;
  const number = nextNumber(cluster);
  const { region } = cluster;
  const ip = `10.0.${Math.floor(number / 250) % 250}.${(number % 250) + 4}`;
  const name = `ip-${ip.replaceAll('.', '-')}.${region}.compute.internal`;
  const zone = `${region}${'abc'[number % 3]}`;
  put(context, 'core/nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: nextUid(cluster),
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        ...(nodegroup === undefined ? {} : { 'eks.amazonaws.com/nodegroup': nodegroup }),
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': instanceType,
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
        ...labels,
      },
    },
    spec: { providerID: `aws:///${zone}/${instanceId ?? `i-${sha(`${cluster.issuer}/${name}`).slice(0, 17)}`}` },
    status: {
      capacity: { cpu: '8', memory: '32Gi', pods: String(PODS_PER_NODE) },
      allocatable: { cpu: '7910m', memory: '30Gi', pods: String(PODS_PER_NODE) },
      addresses: [
        { type: 'InternalIP', address: ip },
        { type: 'InternalDNS', address: name },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: { kubeletVersion: `v${cluster.version}.0-eks-0`, operatingSystem: 'linux', architecture: 'amd64' },
      conditions: [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'container runtime network not ready' }],
    },
  });
  schedule(cluster, `node-ready ${name}`, now + NODE_READY_AFTER);
}

export function nodeReady(context: Context, name: string): void {
  const node = find(context.cluster, 'core/nodes', name);
  if (node === undefined) return;
  const status = statusWith(node, context.now, [
    { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  ]);
  put(context, 'core/nodes', { ...node, status });
}

function isReadyNode(node: KubeObject): boolean {
  return isTrue(node, 'Ready') && node.metadata.deletionTimestamp === undefined;
}

export function readyNodes(context: Context): readonly KubeObject[] {
  return all(context.cluster, 'core/nodes').filter(
    (node) => isReadyNode(node) && (node.spec as { unschedulable?: boolean }).unschedulable !== true,
  );
}

/** The Ready node with the fewest pods that has room, carries the labels asked for, and holds none that the pod may not lie beside. */
export function nodeWithRoom(context: Context, pod: KubeObject): KubeObject | undefined {
  const load = (node: KubeObject): number => loadOf(context, node);
  return readyNodes(context)
    .filter((node) => obstacle(context, node, pod) === null)
    .toSorted((a, b) => load(a) - load(b) || (a.metadata.name < b.metadata.name ? -1 : 1))[0];
}

/** The scheduler's words for a pod that no node takes. */
export function whyNoNode(context: Context, pod: KubeObject): string {
  const nodes = all(context.cluster, 'core/nodes');
  if (nodes.length === 0) return 'no nodes available to schedule pods';
  const ready = new Set(readyNodes(context));
  const notReady = 'node(s) had untolerated taint(s)';
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const why = ready.has(node) ? obstacle(context, node, pod) : notReady;
    if (why !== null) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const reasons = [...counts].map(([why, count]) => `${count} ${why}`).sort();
  const total = nodes.length;
  return `0/${total} nodes are available: ${reasons.join(', ')}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`;
}

function loadOf({ cluster }: Context, node: KubeObject): number {
  return runtimeOf(cluster).podsByNode.get(node.metadata.name)?.size ?? 0;
}

/** What keeps a pod off a Ready node, as the scheduler's plugins put it. */
function obstacle(context: Context, node: KubeObject, pod: KubeObject): string | null {
  const selector = Object.entries(stringsAt(pod, 'spec', 'nodeSelector'));
  if (!selector.every(([label, value]) => node.metadata.labels?.[label] === value))
    return "node(s) didn't match Pod's node affinity/selector";
  if (isTaken(context, node, pod)) return "node(s) didn't match pod anti-affinity rules";
  return loadOf(context, node) < Number(textAt(node, 'status', 'allocatable', 'pods') ?? PODS_PER_NODE) ? null : 'Too many pods';
}

/** Whether a pod on the node is one that this one must not share a host with: required anti-affinity by host name. */
function isTaken(context: Context, node: KubeObject, pod: KubeObject): boolean {
  const terms = listAt(pod, 'spec', 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution').filter(
    (term) => textAt(term, 'topologyKey') === 'kubernetes.io/hostname',
  );
  if (terms.length === 0) return false;
  const others = [...(runtimeOf(context.cluster).podsByNode.get(node.metadata.name) ?? [])].flatMap(
    (key) => find(context.cluster, 'core/pods', key) ?? [],
  );
  return terms.some((term) => {
    const wanted = Object.entries(stringsAt(term, 'labelSelector', 'matchLabels'));
    return others.some(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace && wanted.every(([label, value]) => metadata.labels?.[label] === value),
    );
  });
}

/** Wakes the pods that wait for a node with room. */
export function roomFreed({ cluster, now }: Context): void {
  for (const pod of all(cluster, 'core/pods')) {
    if (textAt(pod, 'spec', 'nodeName') === undefined) schedule(cluster, `bind ${pod.metadata.namespace}/${pod.metadata.name}`, now);
  }
}

/** Wakes what waits for nodes: unbound pods, daemon sets, and the load balancer controller, which runs on nodes too. */
export function nodesChanged(context: Context): void {
  const { cluster, now } = context;
  roomFreed(context);
  for (const set of all(cluster, 'apps/daemonsets')) schedule(cluster, `daemonset ${set.metadata.namespace}/${set.metadata.name}`, now);
  for (const service of all(cluster, 'core/services')) {
    if (textAt(service, 'spec', 'type') === 'LoadBalancer') {
      schedule(cluster, `service ${service.metadata.namespace}/${service.metadata.name}`, now);
    }
  }
  for (const ingress of all(cluster, 'networking.k8s.io/ingresses')) {
    schedule(cluster, `ingress ${ingress.metadata.namespace}/${ingress.metadata.name}`, now);
  }
}

export function nodeGone(context: Context, name: string): void {
  for (const key of [...(runtimeOf(context.cluster).podsByNode.get(name) ?? [])]) remove(context, 'core/pods', key);
}

/** A pod address on the VPC, the same for the same number. */
export function podAddress(context: Context): string {
  const number = nextNumber(context.cluster);
  return `10.0.${128 + (Math.floor(number / 250) % 120)}.${(number % 250) + 4}`;
}

/** Between 15 and 60 s, always the same for the same name. */
export function startLatency(name: string): number {
  return 15_000 + hashNumber(name, 45_001);
}
