import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type SandboxProcess, startSandboxProcess } from '../../scripts/drill/sandbox-process.ts';

const root = join(import.meta.dirname, '..', '..');
export const program = join(root, 'dist', 'eks-dr.js');

/** Whom a kill hits: the runner alone (its steps live on), the running steps alone, or everything at once, as when a machine dies. */
export type Victim = 'runner' | 'steps' | 'all';

/** How one start of the program ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Numbers from 0 to 1 that follow from the seed. (Mulberry32) */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Everything on stderr so far. */
  text(): string;
}

/** Starts eks-dr in a process group of its own, as a shell does. */
export function start(sandbox: Pick<SandboxProcess, 'environment'>, args: readonly string[]): Started {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, ...sandbox.environment },
  });
  const chunks: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  // The pipe must be read to its end, or the last words are lost; steps that outlive the runner do not hold it open.
  const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, stderr: chunks.join('') }) as Ended);
  return { child, ended, text: () => chunks.join('') };
}

/** The processes that the lock of the run says are at work. */
export async function stepsAtWork(folder: string): Promise<readonly number[]> {
  const text = await readFile(join(folder, 'runner.lock'), 'utf8').catch(() => '{}');
  try {
    return (JSON.parse(text) as { children?: number[] }).children ?? [];
  } catch {
    return [];
  }
}

/** Kills at once, without a chance to write anything. */
export async function kill(started: Started, victim: Victim, folder: string): Promise<void> {
  const steps = await stepsAtWork(folder);
  const runner = started.child.pid;
  const pids = [...(victim === 'steps' || runner === undefined ? [] : [runner]), ...(victim === 'runner' ? [] : steps)];
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in the meantime.
    }
  }
  await (victim === 'steps' ? undefined : started.ended);
}

/** Whether a step that outlived a kill still holds the folder. */
export function isBusy({ status }: Ended): boolean {
  return status === 24;
}

/** Runs the same command until it ends well, whatever killed it before; waits while a step that lives on holds the folder. */
export async function untilDone(sandbox: SandboxProcess, args: readonly string[], tries: number): Promise<Ended> {
  for (let left = tries; ; left -= 1) {
    const ended = await start(sandbox, args).ended;
    if (ended.status === 0 || left <= 1) return ended;
    if (!isBusy(ended)) throw new Error(`exit status ${ended.status}:\n${ended.stderr}`);
    await delay(500);
  }
}

/** A sandbox and a run folder that begin alike wherever they are made from the same `seedFolder`. */
export async function place(root: string, name: string, runFiles: string | undefined, scale: number) {
  const base = join(root, name);
  const folder = join(base, 'run');
  await mkdir(folder, { recursive: true });
  if (runFiles !== undefined) {
    for (const file of ['run.json', 'estate.json', 'runner.json']) await cp(join(runFiles, file), join(folder, file));
  }
  const file = join(base, 'world.json');
  const sandbox = await startSandboxProcess({ program, world: 'small', file, scale });
  return { folder, sandbox };
}
