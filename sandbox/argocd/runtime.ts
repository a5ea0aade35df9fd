import type { Application } from './application.ts';
import type { Rendered } from './render.ts';
import type { ArgoCdState } from './state.ts';

export interface ApplicationEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: Application;
}

/** What can be worked out from the state again; it is never saved. */
export interface Runtime {
  /** What sources rendered to, by source and content of the repository. */
  readonly rendered: Map<string, Rendered>;
  readonly watchers: Set<(event: ApplicationEvent) => void>;
  /** Nothing is due before (ms of sandbox time). */
  nextDue: number;
  /** Destination cluster to its newest resourceVersion, when last looked at. */
  readonly seen: Map<string, number>;
}

const runtimeKey = Symbol('runtime');

/** Hangs on the state under a symbol, which JSON leaves out. */
export function runtimeOf(state: ArgoCdState): Runtime {
  const holder = state as ArgoCdState & { [runtimeKey]?: Runtime };
  if (holder[runtimeKey] !== undefined) return holder[runtimeKey];
  const runtime: Runtime = { rendered: new Map(), watchers: new Set(), nextDue: 0, seen: new Map() };
  Object.defineProperty(holder, runtimeKey, { value: runtime, enumerable: false });
  return runtime;
}

/** Makes the controller look again at `at` at the latest. */
export function wake(state: ArgoCdState, at: number): void {
  const runtime = runtimeOf(state);
  runtime.nextDue = Math.min(runtime.nextDue, at);
}
