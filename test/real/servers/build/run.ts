import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program failed; the message ends with the last lines that it wrote. */
export class ProgramFailed extends Error {}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Each line of both outputs. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end and returns what it wrote to standard output. Throws ProgramFailed when it can't be started or fails. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const output: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    output.push(line);
    noted(line);
  });
  createInterface({ input: child.stderr }).on('line', noted);
  function noted(line: string): void {
    lines.push(line);
    options.onLine?.(line);
  }
  const [status, killedBy] = await once(child, 'close').catch((thrown: Error) => {
    throw new ProgramFailed(`${program}: ${thrown.message}`);
  });
  if (status === 0) return output.join('\n');
  const how = killedBy === null ? `exit status ${status}` : String(killedBy);
  throw new ProgramFailed(`${program} ${args[0] ?? ''}: ${how}: ${lines.slice(-8).join('\n')}`);
}
