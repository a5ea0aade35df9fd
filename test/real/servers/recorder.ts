import type { PartName } from './part.ts';
import { type ProcessRecord, type State, writeState } from './state.ts';

/** Keeps running.json in step with what is started: written before anything else happens, one writing after the other. */
export function createRecorder(initial: State): {
  state(): State;
  change(changed: (state: State) => State): Promise<void>;
} {
  let state = initial;
  let written = Promise.resolve();
  return {
    state: () => state,
    change(changed) {
      state = changed(state);
      const present = state;
      written = written.then(() => writeState(present));
      return written;
    },
  };
}

export function withProcess(state: State, name: string, record: ProcessRecord): State {
  return { ...state, processes: { ...state.processes, [name]: record } };
}

/** A part runs as described, or is missing for a reason. */
export function withPart(state: State, part: PartName, told: Omit<State['running'], 'missing'> | { readonly reason: string }): State {
  const { [part]: _, missing, ...others } = state.running;
  const { [part]: __, ...otherReasons } = missing;
  if ('reason' in told) return { ...state, running: { ...others, missing: { ...otherReasons, [part]: told.reason } } };
  return { ...state, running: { ...others, ...told, missing: otherReasons } };
}
