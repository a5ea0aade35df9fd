import { brief } from '../kit/text.ts';
import { alike } from './alike.ts';
import type { Cause } from './cause.ts';
import { imageCause, isAboutImage } from './image-cause.ts';
import type { ContainerShape, EventShape } from './pod-shapes.ts';
import { referenceCause } from './reference-cause.ts';

/** Containers that an injector adds: what is wrong with them is so for many services. */
const injected: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'vault-agent', 'vault-agent-init']);

/** Before anything went wrong. */
const quiet: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

/** Why a container does not run; null: nothing is wrong with it, or not yet. `events` are those about its pod. */
export function containerCause(container: ContainerShape, isInit: boolean, events: readonly EventShape[]): Cause | null {
  const { reason = '', message = '' } = container.state?.waiting ?? {};
  if (isAboutImage(reason)) return imageCause(reason, container.image ?? '', pullFailure(container, message, events));
  const ended = endOf(container);
  if (reason === 'CrashLoopBackOff' || ended !== null) return crash(named(container, isInit), ended, message);
  if (quiet.has(reason)) return null;
  return referenceCause(message) ?? { what: message === '' ? reason : `${reason}: ${brief(alike(message), 200)}` };
}

/** Where the pause doesn't repeat why the image could not be pulled, an event has said so. */
function pullFailure({ image = '' }: ContainerShape, message: string, events: readonly EventShape[]): string {
  if (!/^Back-off pulling image "[^"]*"$/.test(message)) return message;
  return events.find((event) => event.reason === 'Failed' && event.message?.includes(`"${image}": `))?.message ?? message;
}

type End = NonNullable<NonNullable<ContainerShape['state']>['terminated']>;

/** How a container ended badly that does not run well since. */
function endOf({ state, lastState, ready, restartCount = 0 }: ContainerShape): End | null {
  const end = state?.terminated ?? (ready === true || restartCount === 0 ? undefined : lastState?.terminated);
  return end === undefined || end.exitCode === 0 ? null : end;
}

function named({ name }: ContainerShape, isInit: boolean): string {
  if (injected.has(name)) return `the container ${name}`;
  return isInit ? `the init container ${name}` : 'a container';
}

function crash(subject: string, end: End | null, waiting: string): Cause {
  if (end === null) return { what: `${subject} crashes${waiting === '' ? '' : `: ${brief(alike(waiting), 200)}`}` };
  if (end.reason === 'OOMKilled') return { what: `${subject} needs more memory than its limit (OOMKilled)` };
  const reason = end.reason === undefined || end.reason === 'Error' || end.reason === 'Completed' ? '' : ` (${end.reason})`;
  const last = brief(alike(end.message ?? ''), 160);
  return { what: `${subject} crashes with exit code ${end.exitCode ?? 'unknown'}${reason}`, ...(last === '' ? {} : { about: last }) };
}
