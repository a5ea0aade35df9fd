import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { formatJson, unwritable, writeAtomically } from '../../steps/kit/atomic-file.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { isAlive } from '../../steps/kit/process-alive.ts';

export const LOCK_FILE = 'runner.lock';

const holder = z.object({ pid: z.int(), host: z.string(), since: z.string(), children: z.array(z.int()).default([]) });

type Holder = z.infer<typeof holder>;

/** The right to work on one run folder, until `release`. */
export interface RunLock {
  /** Notes the processes that work for the holder: should it die, they hold the lock on. */
  children(pids: readonly number[]): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock of a run folder, or takes it over from a dead process. Throws `run-busy` when another process has it. */
export function lockRun(folder: string): Promise<RunLock> {
  return takeLock(join(folder, LOCK_FILE));
}

/** The same for any file that shall stand for the lock. */
export async function takeLock(file: string): Promise<RunLock> {
  const me: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString(), children: [] };
  for (let tries = 0; tries < 3; tries += 1) {
    if (await createOnly(file, formatJson(me))) return held(file, me);
    const found = await readHolder(file);
    if (found !== undefined) refuseIfAlive(found, file);
    await rm(file, { force: true });
  }
  throw new EksDrError('run-busy', { message: `Another process keeps taking ${file}.`, target: file });
}

function held(file: string, me: Holder): RunLock {
  // One write after the other: a late one must not bring the file back after its release.
  let last: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work);
    return last;
  };
  return {
    children: (pids) => next(() => writeAtomically(file, formatJson({ ...me, children: pids }))),
    release: () => next(() => rm(file, { force: true })),
  };
}

async function createOnly(file: string, text: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(text);
    await handle.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw unwritable(file, thrown);
  }
}

/** Undefined when it has just gone, or is unreadable because its writer died at it. */
async function readHolder(file: string): Promise<Holder | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    return holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function refuseIfAlive(found: Holder, file: string): void {
  const elsewhere = found.host !== hostname();
  const alive = [found.pid, ...found.children].filter((pid) => pid !== process.pid && isAlive(pid));
  if (!elsewhere && alive.length === 0) return;
  throw new EksDrError('run-busy', { ...words(found, alive, elsewhere, dirname(file)), target: file });
}

function words(
  { pid, host, since }: Holder,
  alive: readonly number[],
  elsewhere: boolean,
  folder: string,
): { message: string; remedy: string } {
  if (elsewhere) {
    return {
      message: `Another runner has ${folder}: process ${pid} on ${host}, since ${since}.`,
      remedy: `Wait for it to end, or stop it, then try again. Only if it is surely gone: remove ${join(folder, LOCK_FILE)}.`,
    };
  }
  if (alive.includes(pid)) {
    return {
      message: `Another runner has ${folder}: process ${pid}, since ${since}.`,
      remedy: `Wait for it to end, or end it (kill ${pid}), then try again.`,
    };
  }
  return {
    message: `The runner of ${folder} is gone, but a step that it started still works: process ${alive.join(', ')}.`,
    remedy: `Let it finish, or ask it to stop after the change in hand (kill ${alive.join(' ')}), then try again.`,
  };
}
