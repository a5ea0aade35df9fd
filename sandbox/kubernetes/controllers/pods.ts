import { admit } from '../admission/admit.ts';
import { vaultProblem } from '../admission/inject-vault.ts';
import { statusWith } from '../conditions.ts';
import { failureOf } from '../failure.ts';
import { stamp } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, listAt, nameOf, stringsAt, textAt } from '../object.ts';
import { builtInTypes, type ResourceType } from '../resources.ts';
import { schedule } from '../schedule.ts';
import { type Context, drop, find, put } from '../store.ts';
import { nodeWithRoom, podAddress, startLatency } from './nodes.ts';
import { controllerReference, isFinished } from './pod-state.ts';

const JOB_RUNTIME = 10_000;
const INIT_AGAIN = 20_000;
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
  const { kind, apiVersion } = owner;
  const { name, namespace = 'default', uid = '' } = owner.metadata;
  put(context, 'core/events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.failed-create`, namespace },
    involvedObject: { apiVersion, kind, name, namespace, uid },
    type: 'Warning',
    reason: 'FailedCreate',
    message: `Error creating: ${message}`,
    lastTimestamp: stamp(context.now),
  });
  schedule(context.cluster, `${kind.toLowerCase()} ${nameOf(owner)}`, context.now + CREATE_AGAIN);
}

/** The scheduler: a Ready node with room, or the condition that says there is none. */
export function bindPod(context: Context, key: string): void {
  const { cluster, now } = context;
  const pod = find(cluster, 'core/pods', key);
  if (pod === undefined || textAt(pod, 'spec', 'nodeName') !== undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const node = nodeWithRoom(context, pod);
  if (node === undefined) {
    const message = 'no nodes available to schedule pods';
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
    { startTime: stamp(now), containerStatuses: containers(pod, () => ({ waiting: { reason: 'ContainerCreating' } }), false, 0) },
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

function containers(pod: KubeObject, state: (container: Fields) => Fields, ready: boolean, restartCount: number): Fields[] {
  return listAt(pod, 'spec', 'containers')
    .filter(isFields)
    .map((container) => ({
      name: container.name,
      image: container.image,
      imageID: '',
      ready,
      started: ready,
      restartCount,
      state: state(container),
    }));
}

function missingImage(pod: KubeObject): string | undefined {
  return [...listAt(pod, 'spec', 'initContainers'), ...listAt(pod, 'spec', 'containers')]
    .map((container) => textAt(container, 'image'))
    .find((image) => image?.endsWith(':missing') || image === undefined || image === '' || image === 'auto');
}

function crashes(pod: KubeObject): boolean {
  return listAt(pod, 'spec', 'containers').some((container) =>
    listAt(container, 'env').some((entry) => at(entry, 'name') === 'CRASH' && at(entry, 'value') === '1'),
  );
}

/** The kubelet: the image is pulled and the containers run, or it says why not. */
export function startPod(context: Context, key: string): void {
  const { cluster, now } = context;
  const pod = find(cluster, 'core/pods', key);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return;
  const image = missingImage(pod);
  const notReady = [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' } as const];
  if (image !== undefined) {
    const message = `Back-off pulling image "${image}": manifest unknown`;
    const statuses = containers(pod, () => ({ waiting: { reason: 'ImagePullBackOff', message } }), false, 0);
    put(context, 'core/pods', { ...pod, status: statusWith(pod, now, notReady, { phase: 'Pending', containerStatuses: statuses }) });
    return;
  }
  const noSecrets = vaultProblem(context, pod);
  if (noSecrets !== null) {
    const waiting = { waiting: { reason: 'CrashLoopBackOff', message: noSecrets } };
    const initContainerStatuses = [{ name: 'vault-agent-init', ready: false, restartCount: 1, state: waiting }];
    put(context, 'core/pods', { ...pod, status: statusWith(pod, now, notReady, { phase: 'Pending', initContainerStatuses }) });
    schedule(cluster, `start ${key}`, now + INIT_AGAIN);
    return;
  }
  const started = { startedAt: stamp(now) };
  if (crashes(pod)) {
    const statuses = containers(
      pod,
      () => ({ waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } }),
      false,
      3,
    );
    const terminated = { lastState: { terminated: { exitCode: 1, reason: 'Error', ...started, finishedAt: stamp(now) } } };
    const failing = statuses.map((status) => ({ ...status, ...terminated }));
    put(context, 'core/pods', { ...pod, status: statusWith(pod, now, notReady, { phase: 'Running', containerStatuses: failing }) });
    return;
  }
  const ip = podAddress(context);
  const statuses = containers(pod, () => ({ running: started }), true, 0);
  const conditions = [{ type: 'Ready', status: 'True' } as const, { type: 'ContainersReady', status: 'True' } as const];
  const fields = { phase: 'Running', podIP: ip, podIPs: [{ ip }], containerStatuses: statuses };
  put(context, 'core/pods', { ...pod, status: statusWith(pod, now, conditions, fields) });
  const runsOnce = pod.metadata.ownerReferences?.[0]?.kind === 'Job' || textAt(pod, 'spec', 'restartPolicy') === 'Never';
  if (runsOnce) schedule(cluster, `finish ${key}`, now + JOB_RUNTIME);
}

/** The containers of a pod that runs to completion end well. */
export function finishPod(context: Context, key: string): void {
  const { cluster, now } = context;
  const pod = find(cluster, 'core/pods', key);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const terminated = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: stamp(now) } };
  const conditions = [{ type: 'Ready', status: 'False', reason: 'PodCompleted' } as const];
  const fields = { phase: 'Succeeded', containerStatuses: containers(pod, () => terminated, false, 0) };
  put(context, 'core/pods', { ...pod, status: statusWith(pod, now, conditions, fields) });
}

/** A pod whose deletion was asked for is gone once its containers have stopped. */
export function stopPod(context: Context, key: string): void {
  const pod = find(context.cluster, 'core/pods', key);
  if (pod?.metadata.deletionTimestamp === undefined) return;
  if ((pod.metadata.finalizers ?? []).length === 0) drop(context, 'core/pods', key);
}
