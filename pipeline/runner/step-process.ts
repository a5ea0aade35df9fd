import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { EksDrError, exitStatus } from '../../steps/kit/errors.ts';
import { followFile } from '../../steps/kit/follow-file.ts';
import type { LogFormat } from '../../steps/kit/log.ts';
import type { Direction } from '../../steps/kit/plan.ts';

export type Phase = 'plan' | 'apply';

/** One compiled step as a child process. */
export interface StepProcess {
  /** The folder with `<step>.js`. */
  readonly stepsFolder: string;
  /** The run folder: input and output. */
  readonly folder: string;
  readonly step: string;
  readonly phase: Phase;
  readonly direction: Direction;
  readonly log: LogFormat;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborting asks the step to finish the change in hand and end. */
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
  readonly onStart: (pid: number) => void;
  readonly onEnd: (pid: number) => void;
}

export interface StepExit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs the step to its end. Its log lines are appended to `<step>.log` and go to `onLine`. Rejects only when it can't be started.
 * The step writes into the file by itself: should the runner die, the step still finishes what it is at.
 */
export async function runStepProcess(options: StepProcess): Promise<StepExit> {
  const { stepsFolder, folder, step, phase, direction, log, environment, signal, onLine, onStart, onEnd } = options;
  const script = join(stepsFolder, `${step}.js`);
  const undo = direction === 'undo' ? ['--undo'] : [];
  const file = join(folder, `${step}.log`);
  const handle = await open(file, 'a', 0o600);
  const follower = await followFile(file, onLine);
  try {
    // In a process group of its own: Ctrl-C on the terminal reaches the runner alone, which hands it on once.
    const child = spawn(process.execPath, [script, phase, '--in', folder, ...undo, '--log', log], {
      env: environment,
      stdio: ['ignore', 'ignore', handle.fd],
      detached: true,
    });
    return await exitOf(child, { script, step, signal, onStart, onEnd });
  } finally {
    await handle.close();
    await follower.stop();
  }
}

type Watched = Pick<StepProcess, 'step' | 'signal' | 'onStart' | 'onEnd'> & { readonly script: string };

async function exitOf(child: ChildProcess, { script, step, signal, onStart, onEnd }: Watched): Promise<StepExit> {
  const { pid } = child;
  const interrupt = (): void => void child.kill('SIGTERM');
  if (pid !== undefined) onStart(pid);
  signal.addEventListener('abort', interrupt);
  if (signal.aborted) interrupt();
  try {
    return await new Promise<StepExit>((resolve, reject) => {
      child.once('error', (cause) =>
        reject(new EksDrError('bug', { message: `Cannot start ${script}: ${cause.message}.`, target: step, cause })),
      );
      child.once('exit', (status, killedBy) => resolve({ status, signal: killedBy }));
    });
  } finally {
    signal.removeEventListener('abort', interrupt);
    if (pid !== undefined) onEnd(pid);
  }
}

/** The error for an exit without a word in the record. */
export function errorOfExit(step: string, exit: StepExit): EksDrError {
  const how = exit.signal === null ? `exit status ${exit.status}` : `signal ${exit.signal}`;
  const message = `${step} ended with ${how} and left no reason in its record; its last log lines stand in ${step}.log.`;
  if (exit.signal === 'SIGKILL') {
    return new EksDrError('interrupted', {
      message: `${step} was killed by something else on this machine (SIGKILL); its last log lines stand in ${step}.log.`,
      target: step,
      remedy: 'Run again: it continues where it stopped. If no person killed it, look whether the machine ran out of memory.',
    });
  }
  if (exit.status === exitStatus.interrupted || exit.signal === 'SIGTERM' || exit.signal === 'SIGINT' || exit.signal === 'SIGHUP') {
    return new EksDrError('interrupted', { message, target: step });
  }
  return new EksDrError(exit.status === exitStatus.usage ? 'bad-usage' : 'bug', { message, target: step });
}
