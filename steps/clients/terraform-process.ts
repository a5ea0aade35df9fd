import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { EksDrError } from '../kit/errors.ts';

export interface ProcessOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told the process id once the program runs. */
  onStart?(pid: number): void;
  /** Each line of stdout as it comes. Without it stdout is only collected: it may hold values that no log may see. */
  onLine?(line: string): void;
}

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
  // A group of its own: Ctrl-C in a terminal reaches us alone, and we tell Terraform once.
  const child = spawn(options.program, options.args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = exitOf(child, options);
  if (child.pid !== undefined) options.onStart?.(child.pid);

  let interrupted = false;
  const notice = (line: string): void => {
    if (INTERRUPTED.test(line)) interrupted = true;
  };
  const abort = (): void => {
    setTimeout(() => {
      if (!interrupted) child.kill('SIGINT');
    }, GRACE_MILLISECONDS);
  };
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const [stdout, stderr, code] = await Promise.all([
      linesOf(child.stdout, (line) => {
        notice(line);
        options.onLine?.(line);
      }),
      linesOf(child.stderr, notice),
      ended,
    ]);
    return { code, stdout, stderr };
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function exitOf(child: Child, options: ProcessOptions): Promise<number | null> {
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

async function linesOf(stream: Readable, onLine: (line: string) => void): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    lines.push(line);
    onLine(line);
  }
  return lines.join('\n');
}
