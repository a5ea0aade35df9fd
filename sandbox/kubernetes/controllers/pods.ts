import { admit } from '../admission/admit.ts';
import { statusWith } from '../conditions.ts';
import { failureOf } from '../failure.ts';
import { stamp } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, nameOf, stringsAt, textAt } from '../object.ts';
import { builtInTypes, type ResourceType } from '../resources.ts';
import { schedule } from '../schedule.ts';
import { type Context, find, put } from '../store.ts';
import { creating } from './container-statuses.ts';
import { warnOf } from './events.ts';
import { nodeWithRoom, startLatency, whyNoNode } from './nodes.ts';
import { controllerReference } from './pod-state.ts';

const KARPENTER_NOTICES = 3_000;

/** How soon a controller tries again to make a pod that was refused (ms of sandbox time). */
const CREATE_AGAIN = 5_000;
const podType = builtInTypes.find(({ kind }) => kind === 'Pod') as ResourceType;

/** Makes a pod from the template of its owner, unless a webhook refuses it: then the owner tries again. The scheduler and the kubelet take it from there. */
export function createPod(context: Context, owner: KubeObject, name: string, labels: Record<string, string> = {}, spec: Fields = {}): void {
  const template = at(owner, 'spec', 'template');
  const templateSpec = at(template, 'spec');
  const pod: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? 'default',
      labels: { ...stringsAt(template, 'metadata', 'labels'), ...labels },
      annotations: stringsAt(template, 'metadata', 'annotations'),
      ownerReferences: [controllerReference(owner)],
    },
    spec: { serviceAccountName: 'default', ...(isFields(templateSpec) ? templateSpec : {}), ...spec },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  };
  try {
    put(context, 'core/pods', admit(context, { operation: 'CREATE', type: podType, namespace: pod.metadata.namespace, object: pod }));
  } catch (thrown) {
    if (failureOf(thrown) === null) throw thrown;
    refused(context, owner, (thrown as Error).message);
  }
}

/** Says in an event why a controller has no pods, and lets it try again. */
function refused(context: Context, owner: KubeObject, message: string): void {
  warnOf(context, owner, 'FailedCreate', `Error creating: ${message}`);
  schedule(context.cluster, `${owner.kind.toLowerCase()} ${nameOf(owner)}`, context.now + CREATE_AGAIN);
}

/** The scheduler: a Ready node with room, or the condition that says there is none. */
export function bindPod(context: Context, key: string): void {
  const { cluster, now } = context;
  const pod = find(cluster, 'core/pods', key);
  if (pod === undefined || textAt(pod, 'spec', 'nodeName') !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const node = nodeWithRoom(context, pod);
  if (node === undefined) {
    const message = whyNoNode(context, pod);
    const status = statusWith(pod, now, [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }]);
    put(context, 'core/pods', { ...pod, status });
    schedule(cluster, 'karpenter changed', now + KARPENTER_NOTICES);
    return;
  }
  bindTo(context, pod, node.metadata.name);
}

function bindTo(context: Context, pod: KubeObject, nodeName: string): void {
  const { cluster, now } = context;
  const status = statusWith(
    pod,
    now,
    [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Initialized', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'ContainersNotReady' },
      { type: 'ContainersReady', status: 'False', reason: 'ContainersNotReady' },
    ],
    { startTime: stamp(now), ...creating(pod) },
  );
  const spec = isFields(pod.spec) ? pod.spec : {};
  put(context, 'core/pods', { ...pod, spec: { ...spec, nodeName }, status });
  schedule(cluster, `start ${nameOf(pod)}`, now + startLatency(latencyName(pod)));
}

// Pods have random names; what they start as counts, so that two runs of one world take equally long.
function latencyName(pod: KubeObject): string {
  const owner = pod.metadata.ownerReferences?.[0];
  return `${pod.metadata.namespace}/${owner?.kind === 'StatefulSet' ? pod.metadata.name : (owner?.name ?? pod.metadata.name)}`;
}
