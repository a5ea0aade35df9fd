import { type ChildProcess, spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { EksDrError } from '../kit/errors.ts';
import { followFile } from '../kit/follow-file.ts';
import { once } from './memoised.ts';

/** Is told when the program runs and how it ended. */
export interface Watch {
  onStart(pid: number): void;
  /** Null: by a signal. */
  onEnd(code: number | null): void;
  /** It ended by itself and left the lock of the state behind. */
  onLockLeft(): void;
}

export interface ProcessOptions extends Partial<Watch> {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A private folder for what it says: then it goes on to its end even if we are killed. */
  readonly outputFolder?: string;
  /** Each line of stdout as it comes. Without it stdout is only collected: it may hold values that no log may see. */
  onLine?(line: string): void;
}

/** What it wrote is without colours. */
export interface ProcessResult {
  /** Null when the program was ended by a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// Whoever stops a whole tree of processes has reached Terraform too, and a second interrupt makes it drop everything.
const GRACE_MILLISECONDS = 500;
const INTERRUPTED = /Interrupt received/;

/**
 * Runs a program without a shell to its end. When the signal aborts, the program gets one SIGINT (unless it says it had one already)
 * and all the time it needs to save what it did. Throws `program-missing`.
 */
export async function runProcess(options: ProcessOptions): Promise<ProcessResult> {
  if (options.signal.aborted) throw new EksDrError('interrupted', { message: `Interrupted before ${options.program} was started.` });
  const output = options.outputFolder === undefined ? pipes(options) : await files(options, options.outputFolder);
  // A group of its own: Ctrl-C in a terminal reaches us alone, and we tell Terraform once.
  const child = spawn(options.program, options.args, { cwd: options.cwd, env: { ...options.env }, stdio: output.stdio, detached: true });
  const ended = exitOf(child, options);
  if (child.pid !== undefined) options.onStart?.(child.pid);

  const abort = (): void => {
    setTimeout(() => {
      if (!output.interrupted()) child.kill('SIGINT');
    }, GRACE_MILLISECONDS);
  };
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const [said, code] = await Promise.all([output.read(child, ended), ended]);
    options.onEnd?.(code);
    return { code, ...said };
  } finally {
    options.signal.removeEventListener('abort', abort);
    await output.close();
  }
}

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the program writes to, and how it is read from there. */
interface Output {
  readonly stdio: ['ignore', 'pipe' | number, 'pipe' | number];
  /** Whether it said that it was interrupted. */
  interrupted(): boolean;
  read(child: ChildProcess, ended: Promise<unknown>): Promise<Said>;
  close(): Promise<void>;
}

function listener({ onLine }: ProcessOptions) {
  let interrupted = false;
  const said: { readonly stdout: string[]; readonly stderr: string[] } = { stdout: [], stderr: [] };
  return {
    interrupted: () => interrupted,
    // Terraform colours what it writes for people, also where nobody has asked for it; escapes inside JSON are text and stay.
    hear: (stream: 'stdout' | 'stderr') => (coloured: string) => {
      const line = stripVTControlCharacters(coloured);
      if (INTERRUPTED.test(line)) interrupted = true;
      said[stream].push(line);
      if (stream === 'stdout') onLine?.(line);
    },
    said: (): Said => ({ stdout: said.stdout.join('\n'), stderr: said.stderr.join('\n') }),
  };
}

function pipes(options: ProcessOptions): Output {
  const { interrupted, hear, said } = listener(options);
  return {
    stdio: ['ignore', 'pipe', 'pipe'],
    interrupted,
    async read({ stdout, stderr }) {
      await Promise.all([linesOf(stdout, hear('stdout')), linesOf(stderr, hear('stderr'))]);
      return said();
    },
    close: async () => undefined,
  };
}

/** A pipe ends with us, and with it, at its next word, the program, in the middle of what it does. A file stays. */
async function files(options: ProcessOptions, folder: string): Promise<Output> {
  const { interrupted, hear, said } = listener(options);
  const streams = await Promise.all(
    (['stdout', 'stderr'] as const).map(async (stream) => {
      const path = join(folder, `${crypto.randomUUID()}.${stream}`);
      const handle = await open(path, 'a', 0o600);
      return { path, handle, follower: await followFile(path, hear(stream)) };
    }),
  );
  const stop = once(() => Promise.all(streams.map(({ follower }) => follower.stop())));
  return {
    stdio: ['ignore', ...streams.map(({ handle }) => handle.fd)] as unknown as Output['stdio'],
    interrupted,
    async read(_child, ended) {
      await ended;
      await stop();
      return said();
    },
    async close() {
      await stop();
      await Promise.all(streams.map(({ path, handle }) => handle.close().then(() => rm(path, { force: true }))));
    },
  };
}

function exitOf(child: ChildProcess, options: ProcessOptions): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'it was not found' : cause.code === 'EACCES' ? 'it may not be executed' : cause.message;
      reject(
        new EksDrError('program-missing', {
          message: `The program ${options.program} can't be started: ${why}.`,
          target: options.program,
          cause,
        }),
      );
    });
    child.once('close', (code) => resolve(code));
  });
}

async function linesOf(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream === null) return;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) onLine(line);
}
