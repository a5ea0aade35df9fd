import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { serversFolder } from './folders.ts';
import type { PartName } from './part.ts';
import type { ProcessId } from './process.ts';
import type { Running } from './running.ts';

/** One server's process as it was started. */
export interface ProcessRecord extends ProcessId {
  readonly part: PartName;
  /** Of command, arguments and environment: another one means that it must be started anew. */
  readonly digest: string;
  readonly log: string;
}

/** `running.json`: credentials are in it, so it is for its owner alone (mode 0600). */
export interface State {
  readonly schema: 1;
  readonly ports: Readonly<Record<string, number>>;
  readonly processes: Readonly<Record<string, ProcessRecord>>;
  readonly running: Running;
}

/** Null when nothing was started. A file of another schema counts as nothing: its processes can't be told. */
export async function readState(): Promise<State | null> {
  try {
    const state = JSON.parse(await readFile(stateFile(), 'utf8')) as State;
    return state.schema === 1 ? state : null;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw thrown;
  }
}

export async function writeState(state: State): Promise<void> {
  await writeFileAtomic(stateFile(), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

export async function removeState(): Promise<void> {
  await rm(stateFile(), { force: true });
}

export function stateFile(): string {
  return join(serversFolder(), 'running.json');
}
