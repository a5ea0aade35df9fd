import { isDeepStrictEqual } from 'node:util';
import { type Condition, conditionOf, statusWith } from '../conditions.ts';
import { nextSuffix, safeSuffix, stamp } from '../ids.ts';
import { at, type Fields, isFields, type KubeObject, nameOf, numberAt, stringsAt, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { type Context, find, ownedBy, put, remove } from '../store.ts';
import { readyNodes } from './nodes.ts';
import { controllerReference, isFinished, isReadyPod } from './pod-state.ts';
import { createPod } from './pods.ts';

const live = (context: Context, resource: string, key: string): KubeObject | undefined => {
  const object = find(context.cluster, resource, key);
  return object?.metadata.deletionTimestamp === undefined ? object : undefined;
};

const podsOf = (context: Context, owner: KubeObject): readonly KubeObject[] =>
  ownedBy(context.cluster, owner.metadata.uid, 'core/pods').filter((pod) => pod.metadata.deletionTimestamp === undefined);

const replicasOf = (object: KubeObject): number => numberAt(object, 'spec', 'replicas') ?? 1;

function templateHash(object: KubeObject): string {
  return safeSuffix(JSON.stringify(at(object, 'spec', 'template')), 10);
}

/** Stores a status only if it says something new. */
function report(context: Context, resource: string, object: KubeObject, conditions: readonly Condition[], fields: Fields): void {
  const status = statusWith(object, context.now, conditions, { observedGeneration: object.metadata.generation ?? 1, ...fields });
  if (conditions.length === 0 && at(object, 'status', 'conditions') === undefined) delete status.conditions;
  if (!isDeepStrictEqual(status, object.status)) put(context, resource, { ...object, status });
}

/** One ReplicaSet per template; the old ones go to zero once the new one is ready. */
export function reconcileDeployment(context: Context, key: string): void {
  const { cluster, now } = context;
  const deployment = live(context, 'apps/deployments', key);
  if (deployment === undefined) return;
  const hash = templateHash(deployment);
  const desired = replicasOf(deployment);
  const sets = ownedBy(cluster, deployment.metadata.uid, 'apps/replicasets').filter((set) => set.metadata.deletionTimestamp === undefined);
  const name = `${deployment.metadata.name}-${hash}`;
  const existing = sets.find((set) => set.metadata.name === name);
  const current = existing === undefined ? createReplicaSet(context, deployment, name, hash, desired) : scale(context, existing, desired);
  const ready = numberAt(current, 'status', 'readyReplicas') ?? 0;
  const others = sets.filter((set) => set.metadata.name !== name);
  if (ready >= desired) for (const set of others) scale(context, set, 0);
  const total = [current, ...others].reduce((sum, set) => sum + (numberAt(set, 'status', 'replicas') ?? 0), 0);
  const available = [current, ...others].reduce((sum, set) => sum + (numberAt(set, 'status', 'readyReplicas') ?? 0), 0);
  const updated = numberAt(current, 'status', 'replicas') ?? 0;
  const complete = ready >= desired && updated === desired && total === desired;
  const deadline =
    Date.parse(current.metadata.creationTimestamp ?? '') + (numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600) * 1_000;
  const finishedBefore =
    conditionOf(deployment, 'Progressing')?.reason === 'NewReplicaSetAvailable' &&
    String(conditionOf(deployment, 'Progressing')?.message).includes(`"${name}"`);
  const late = !complete && !finishedBefore && now >= deadline;
  if (!complete && !finishedBefore && !late) schedule(cluster, `deployment ${key}`, deadline);
  const minimum = desired - Math.floor(desired / 4);
  report(
    context,
    'apps/deployments',
    deployment,
    [
      available >= minimum
        ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
        : {
            type: 'Available',
            status: 'False',
            reason: 'MinimumReplicasUnavailable',
            message: 'Deployment does not have minimum availability.',
          },
      progressing(name, complete || finishedBefore, late),
    ],
    {
      replicas: total,
      updatedReplicas: updated,
      readyReplicas: available,
      availableReplicas: available,
      unavailableReplicas: Math.max(0, desired - available),
    },
  );
}

function progressing(set: string, complete: boolean, late: boolean): Condition {
  const type = 'Progressing';
  if (complete)
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message: `ReplicaSet "${set}" has successfully progressed.` };
  if (late) return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message: `ReplicaSet "${set}" has timed out progressing.` };
  return { type, status: 'True', reason: 'ReplicaSetUpdated', message: `ReplicaSet "${set}" is progressing.` };
}

function createReplicaSet(context: Context, deployment: KubeObject, name: string, hash: string, replicas: number): KubeObject {
  const label = { 'pod-template-hash': hash };
  const template = at(deployment, 'spec', 'template') as Fields;
  const templateMeta = isFields(template.metadata) ? template.metadata : {};
  const labels = { ...stringsAt(template, 'metadata', 'labels'), ...label };
  return put(context, 'apps/replicasets', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: deployment.metadata.namespace ?? 'default',
      generation: 1,
      labels,
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...stringsAt(deployment, 'spec', 'selector', 'matchLabels'), ...label } },
      template: { ...template, metadata: { ...templateMeta, labels } },
    },
    status: { replicas: 0 },
  });
}

function scale(context: Context, set: KubeObject, replicas: number): KubeObject {
  if (replicasOf(set) === replicas) return set;
  const spec = set.spec as Fields;
  const metadata = { ...set.metadata, generation: (set.metadata.generation ?? 1) + 1 };
  return put(context, 'apps/replicasets', { ...set, metadata, spec: { ...spec, replicas } });
}

export function reconcileReplicaSet(context: Context, key: string): void {
  const set = live(context, 'apps/replicasets', key);
  if (set === undefined) return;
  const desired = replicasOf(set);
  const pods = podsOf(context, set).filter((pod) => !isFinished(pod));
  for (let count = pods.length; count < desired; count += 1) createPod(context, set, `${set.metadata.name}-${nextSuffix(context.cluster)}`);
  const surplus = pods.toSorted((a, b) => Number(isReadyPod(a)) - Number(isReadyPod(b))).slice(0, Math.max(0, pods.length - desired));
  for (const pod of surplus) remove(context, 'core/pods', nameOf(pod));
  const left = podsOf(context, set);
  const ready = left.filter(isReadyPod).length;
  report(context, 'apps/replicasets', set, [], {
    replicas: left.length,
    fullyLabeledReplicas: left.length,
    readyReplicas: ready,
    availableReplicas: ready,
  });
}

/** Pods with fixed names, one after the other; a new template replaces them from the last to the first. */
export function reconcileStatefulSet(context: Context, key: string): void {
  const set = live(context, 'apps/statefulsets', key);
  if (set === undefined) return;
  const { cluster } = context;
  const desired = replicasOf(set);
  const revision = `${set.metadata.name}-${templateHash(set)}`;
  const label = { 'controller-revision-hash': revision };
  const podName = (ordinal: number): string => `${set.metadata.name}-${ordinal}`;
  const keyOf = (ordinal: number): string => `${set.metadata.namespace}/${podName(ordinal)}`;
  const podAt = (ordinal: number): KubeObject | undefined => find(cluster, 'core/pods', keyOf(ordinal));
  const ordinals = Array.from({ length: desired }, (_, ordinal) => ordinal);
  const isCurrent = (pod: KubeObject): boolean => pod.metadata.labels?.['controller-revision-hash'] === revision;
  const parallel = at(set, 'spec', 'podManagementPolicy') === 'Parallel';

  for (const pod of podsOf(context, set)) {
    const ordinal = Number(pod.metadata.name.slice(set.metadata.name.length + 1));
    if (ordinal >= desired) remove(context, 'core/pods', nameOf(pod));
  }
  const outdated = ordinals.toReversed().find((ordinal) => {
    const pod = podAt(ordinal);
    return pod !== undefined && !isCurrent(pod);
  });
  const allOthersReady = ordinals.every((ordinal) => ordinal === outdated || isReady(podAt(ordinal)));
  if (outdated !== undefined && allOthersReady) remove(context, 'core/pods', keyOf(outdated));
  for (const ordinal of ordinals) {
    const pod = podAt(ordinal);
    const names = { ...label, 'apps.kubernetes.io/pod-index': String(ordinal), 'statefulset.kubernetes.io/pod-name': podName(ordinal) };
    if (pod === undefined) createPod(context, set, podName(ordinal), names, { hostname: podName(ordinal) });
    if (!parallel && !isReady(podAt(ordinal))) break;
  }
  const pods = podsOf(context, set);
  const ready = pods.filter(isReadyPod).length;
  const updated = pods.filter(isCurrent).length;
  report(context, 'apps/statefulsets', set, [], {
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    updatedReplicas: updated,
    currentReplicas: updated,
    updateRevision: revision,
    ...(updated === desired ? { currentRevision: revision } : {}),
  });
}

function isReady(pod: KubeObject | undefined): boolean {
  return pod !== undefined && isReadyPod(pod);
}

/** One pod on each Ready node. */
export function reconcileDaemonSet(context: Context, key: string): void {
  const set = live(context, 'apps/daemonsets', key);
  if (set === undefined) return;
  const hash = templateHash(set);
  const pods = podsOf(context, set);
  const nodes = readyNodes(context);
  const isCurrent = (pod: KubeObject): boolean => pod.metadata.labels?.['controller-revision-hash'] === hash;
  const outdated = pods.find((pod) => !isCurrent(pod));
  if (outdated !== undefined) remove(context, 'core/pods', nameOf(outdated));
  const taken = new Set(podsOf(context, set).map((pod) => at(pod, 'spec', 'nodeSelector', 'kubernetes.io/hostname')));
  for (const node of nodes) {
    if (taken.has(node.metadata.name)) continue;
    const pin = { nodeSelector: { 'kubernetes.io/hostname': node.metadata.name } };
    createPod(context, set, `${set.metadata.name}-${nextSuffix(context.cluster)}`, { 'controller-revision-hash': hash }, pin);
  }
  const left = podsOf(context, set);
  const ready = left.filter(isReadyPod).length;
  report(context, 'apps/daemonsets', set, [], {
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: left.length,
    updatedNumberScheduled: left.filter(isCurrent).length,
    numberReady: ready,
    numberAvailable: ready,
    numberUnavailable: nodes.length - ready,
    numberMisscheduled: 0,
  });
}

/** Its pods end; it begins anew when it is resumed. */
function suspendJob(context: Context, job: KubeObject): void {
  const active = podsOf(context, job).filter((pod) => !isFinished(pod));
  for (const pod of active) remove(context, 'core/pods', nameOf(pod));
  report(context, 'batch/jobs', job, [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }], {
    active: 0,
    succeeded: numberAt(job, 'status', 'succeeded') ?? 0,
  });
}

/** Pods until enough of them have succeeded. */
export function reconcileJob(context: Context, key: string): void {
  const job = live(context, 'batch/jobs', key);
  if (job === undefined || conditionOf(job, 'Complete') !== undefined) return;
  if (at(job, 'spec', 'suspend') === true) {
    suspendJob(context, job);
    return;
  }
  const completions = numberAt(job, 'spec', 'completions') ?? 1;
  const parallelism = numberAt(job, 'spec', 'parallelism') ?? 1;
  const pods = podsOf(context, job);
  const succeeded = pods.filter((pod) => at(pod, 'status', 'phase') === 'Succeeded').length;
  const active = pods.filter((pod) => !isFinished(pod)).length;
  const missing = Math.min(parallelism, completions - succeeded) - active;
  for (let count = 0; count < missing; count += 1)
    createPod(context, job, `${job.metadata.name}-${nextSuffix(context.cluster)}`, { 'job-name': job.metadata.name });
  const conditions: readonly Condition[] = succeeded >= completions ? [{ type: 'Complete', status: 'True' }] : [];
  report(context, 'batch/jobs', job, conditions, {
    startTime: textAt(job, 'status', 'startTime') ?? stamp(context.now),
    active: active + Math.max(0, missing),
    succeeded,
    ...(succeeded >= completions ? { completionTime: stamp(context.now) } : {}),
  });
}
