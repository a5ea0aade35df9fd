import { brief } from '../kit/text.ts';
import { alike } from './alike.ts';
import type { Cause } from './cause.ts';
import { containerCause } from './container-cause.ts';
import type { ContainerShape, EventShape, PodShape } from './pod-shapes.ts';
import { referenceCause } from './reference-cause.ts';

/** Why a pod is not ready; null: it is, or is on its way without a complaint. `events` are the warnings about it, the newest first. */
export function podCause({ metadata, spec, status = {} }: PodShape, events: readonly EventShape[]): Cause | null {
  if (metadata.deletionTimestamp !== undefined || status.phase === 'Succeeded') return null;
  const condition = (type: string) => status.conditions?.find((one) => one.type === type);
  const scheduled = condition('PodScheduled');
  if (scheduled?.status === 'False') return unscheduled(scheduled.message ?? '', scheduled.reason ?? '');
  if (condition('Ready')?.status === 'True') return null;
  for (const container of status.initContainerStatuses ?? []) {
    const cause = containerCause(container, true, events);
    if (cause !== null) return cause;
  }
  for (const container of status.containerStatuses ?? []) {
    const cause = containerCause(container, false, events);
    if (cause !== null) return cause;
  }
  if (status.phase === 'Failed')
    return { what: `a pod ended${status.reason === undefined ? ' badly' : `: ${status.reason}`}`, ...about(status.message) };
  return warned(events, status.phase === 'Pending') ?? unended(spec, status.initContainerStatuses ?? []);
}

/** An init container that runs on: the agent of Vault asks again and again where it may not log in. One that restarts always is a sidecar. */
function unended(spec: PodShape['spec'], inits: readonly ContainerShape[]): Cause | null {
  const sidecars = new Set(spec?.initContainers?.flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : [])));
  const running = inits.find(({ name, state }) => state?.running !== undefined && !sidecars.has(name));
  if (running === undefined) return null;
  if (running.name === 'vault-agent-init') return { what: 'the container vault-agent-init still gets no secrets from Vault' };
  return { what: `the init container ${running.name} has not ended` };
}

/** The words of the scheduler without the numbers of nodes, which change with every node: `Insufficient cpu, Too many pods`. */
function unscheduled(message: string, reason: string): Cause {
  const [, reasons = ''] = /nodes are available: (.*?)(\. preemption:.*|\.?$)/s.exec(message) ?? [];
  const each = reasons
    .split(/, (?=\d+ )/)
    .map((one) => one.replace(/^\d+ /, '').trim())
    .filter((one) => one !== '');
  const words = each.length > 0 ? [...new Set(each)].sort().join(', ') : message === '' ? reason : alike(message);
  return { what: `no node takes the pods: ${brief(words, 200)}` };
}

const beforeStart: ReadonlySet<string> = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'NetworkNotReady']);

/** While its containers are still being made a pod says nothing itself; nor does one whose probe fails. */
function warned(events: readonly EventShape[], isPending: boolean): Cause | null {
  const event = events.find(({ reason = '' }) => (isPending ? beforeStart.has(reason) : reason === 'Unhealthy'));
  if (event === undefined) return null;
  const message = event.message ?? '';
  if (!isPending) return { what: `not ready: ${brief(alike(message), 200)}` };
  return referenceCause(message) ?? { what: `${event.reason ?? ''}: ${brief(alike(message), 200)}` };
}

function about(message: string | undefined): { readonly about?: string } {
  return message === undefined || message === '' ? {} : { about: brief(alike(message), 160) };
}
