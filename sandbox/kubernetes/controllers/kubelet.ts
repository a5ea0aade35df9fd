import { vaultProblem } from '../admission/inject-vault.ts';
import { statusWith } from '../conditions.ts';
import { stamp } from '../ids.ts';
import { at, type Fields, type KubeObject, listAt, nameOf, textAt } from '../object.ts';
import { schedule } from '../schedule.ts';
import { type Context, drop, find, put } from '../store.ts';
import { creating, statuses } from './container-statuses.ts';
import { warnOf } from './events.ts';
import { imageWaiting, pullProblem } from './images.ts';
import { podAddress } from './nodes.ts';
import { isFinished } from './pod-state.ts';
import { environmentProblem, mountProblem } from './references.ts';

const JOB_RUNTIME = 10_000;
const INIT_AGAIN = 20_000;
/** The kubelet looks again after a pause that doubles: from 10 s to 5 min. For what it mounts to 2 min (ms of sandbox time). */
const PAUSE = { first: 10_000, image: 300_000, other: 120_000 };

const notReady = [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' } as const];

/** The kubelet: volumes are mounted, images pulled and the containers run, or it says why not and tries again. */
export function startPod(context: Context, key: string): void {
  const pod = find(context.cluster, 'core/pods', key);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return;
  if (waitsForVolumes(context, pod) || waitsForImage(context, pod) || waitsForVault(context, pod)) return;
  if (waitsForEnvironment(context, pod) || crashes(context, pod)) return;
  run(context, pod);
}

function waitsForVolumes(context: Context, pod: KubeObject): boolean {
  const problem = mountProblem(context, pod);
  if (problem === null) return false;
  warnOf(context, pod, 'FailedMount', problem);
  again(context, pod, PAUSE.other);
  return true;
}

function waitsForImage(context: Context, pod: KubeObject): boolean {
  const all = (['initContainers', 'containers'] as const).flatMap((of) => listAt(pod, 'spec', of));
  const stuck = all.find((container) => pullProblem(context, container) !== null);
  const problem = pullProblem(context, stuck ?? all[0]);
  if (stuck === undefined || problem === null) return false;
  const reasons = [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')].map((status) =>
    textAt(status, 'state', 'waiting', 'reason'),
  );
  const isAgain = reasons.some((reason) => reason === 'ErrImagePull' || reason === 'ImagePullBackOff');
  const waits = (container: Fields): Fields => ({
    waiting: container === stuck ? imageWaiting(container, problem, isAgain) : { reason: 'PodInitializing' },
  });
  warnOf(context, pod, 'Failed', `Failed to pull image "${textAt(stuck, 'image')}": ${problem}`);
  report(context, pod, {
    phase: 'Pending',
    ...(listAt(pod, 'spec', 'initContainers').length === 0 ? {} : { initContainerStatuses: statuses(pod, 'initContainers', waits) }),
    containerStatuses: statuses(pod, 'containers', waits),
  });
  again(context, pod, PAUSE.image);
  return true;
}

/** An agent that gets no secrets tries again and again; it does not end (auto-auth without exit_on_err). */
function waitsForVault(context: Context, pod: KubeObject): boolean {
  if (vaultProblem(context, pod) === null) return false;
  const startedAt = textAt(pod, 'status', 'startTime') ?? stamp(context.now);
  const ended = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: startedAt } };
  const initContainerStatuses = statuses(pod, 'initContainers', ({ name }) =>
    name === 'vault-agent-init' ? { running: { startedAt } } : ended,
  ).map((status) => (status.name === 'vault-agent-init' ? { ...status, ready: false } : status));
  report(context, pod, { phase: 'Pending', initContainerStatuses });
  schedule(context.cluster, `start ${nameOf(pod)}`, context.now + INIT_AGAIN);
  return true;
}

function waitsForEnvironment(context: Context, pod: KubeObject): boolean {
  const all = listAt(pod, 'spec', 'containers');
  if (all.every((container) => environmentProblem(context, pod, container) === null)) return false;
  const containerStatuses = statuses(pod, 'containers', (container) => {
    const message = environmentProblem(context, pod, container);
    return message === null
      ? { running: { startedAt: textAt(pod, 'status', 'startTime') ?? stamp(context.now) } }
      : { waiting: { reason: 'CreateContainerConfigError', message } };
  });
  report(context, pod, { phase: 'Pending', ...initialized(context, pod), containerStatuses });
  again(context, pod, PAUSE.other);
  return true;
}

/** A container with CRASH=1 in its environment ends badly each time. */
function crashes(context: Context, pod: KubeObject): boolean {
  const isCrashing = (container: unknown): boolean =>
    listAt(container, 'env').some((entry) => at(entry, 'name') === 'CRASH' && at(entry, 'value') === '1');
  if (!listAt(pod, 'spec', 'containers').some(isCrashing)) return false;
  const now = stamp(context.now);
  const { name, namespace, uid } = pod.metadata;
  const containerStatuses = statuses(pod, 'containers', (container) => {
    if (!isCrashing(container)) return { running: { startedAt: now } };
    const message = `back-off 40s restarting failed container=${String(container.name)} pod=${name}_${namespace}(${uid})`;
    const ended = { exitCode: 1, reason: 'Error', startedAt: now, finishedAt: now };
    return { waiting: { reason: 'CrashLoopBackOff', message }, restartCount: 3, lastState: { terminated: ended } };
  });
  report(context, pod, { phase: 'Running', ...initialized(context, pod), containerStatuses });
  return true;
}

function run(context: Context, pod: KubeObject): void {
  const { cluster, now } = context;
  const ip = podAddress(context);
  const running = { running: { startedAt: stamp(now) } };
  const conditions = [{ type: 'Ready', status: 'True' } as const, { type: 'ContainersReady', status: 'True' } as const];
  const containerStatuses = statuses(pod, 'containers', () => running);
  const fields = { phase: 'Running', podIP: ip, podIPs: [{ ip }], ...initialized(context, pod), containerStatuses };
  put(context, 'core/pods', { ...pod, status: statusWith(pod, now, conditions, fields) });
  const runsOnce = pod.metadata.ownerReferences?.[0]?.kind === 'Job' || textAt(pod, 'spec', 'restartPolicy') === 'Never';
  if (runsOnce) schedule(cluster, `finish ${nameOf(pod)}`, now + JOB_RUNTIME);
}

/** Init containers that have done their work; those that restart always are sidecars and go on. */
function initialized({ now }: Context, pod: KubeObject): Fields {
  if (listAt(pod, 'spec', 'initContainers').length === 0) return {};
  const initContainerStatuses = statuses(pod, 'initContainers', ({ restartPolicy }) =>
    restartPolicy === 'Always'
      ? { running: { startedAt: stamp(now) } }
      : { terminated: { exitCode: 0, reason: 'Completed', finishedAt: stamp(now) } },
  );
  return { initContainerStatuses };
}

function report(context: Context, pod: KubeObject, fields: Fields): void {
  put(context, 'core/pods', { ...pod, status: statusWith(pod, context.now, notReady, { ...creating(pod), ...fields }) });
}

/** As long again as the pod has waited already, within limits: that doubles from look to look. */
function again({ cluster, now }: Context, pod: KubeObject, longest: number): void {
  const waited = now - Date.parse(textAt(pod, 'status', 'startTime') ?? stamp(now));
  schedule(cluster, `start ${nameOf(pod)}`, now + Math.min(Math.max(waited, PAUSE.first), longest));
}

/** The containers of a pod that runs to completion end well. */
export function finishPod(context: Context, key: string): void {
  const { cluster, now } = context;
  const pod = find(cluster, 'core/pods', key);
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
  const terminated = { terminated: { exitCode: 0, reason: 'Completed', finishedAt: stamp(now) } };
  const conditions = [{ type: 'Ready', status: 'False', reason: 'PodCompleted' } as const];
  const fields = { phase: 'Succeeded', containerStatuses: statuses(pod, 'containers', () => terminated) };
  put(context, 'core/pods', { ...pod, status: statusWith(pod, now, conditions, fields) });
}

/** A pod whose deletion was asked for is gone once its containers have stopped. */
export function stopPod(context: Context, key: string): void {
  const pod = find(context.cluster, 'core/pods', key);
  if (pod?.metadata.deletionTimestamp === undefined) return;
  if ((pod.metadata.finalizers ?? []).length === 0) drop(context, 'core/pods', key);
}
