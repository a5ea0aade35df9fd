import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A sandbox in a process of its own. */
export interface SandboxProcess {
  /** What the steps need to work against it. */
  readonly environment: Readonly<Record<string, string>>;
  /** The whole world in canonical form. */
  dump(): Promise<unknown>;
  /** Saves the world and ends. */
  stop(): Promise<void>;
}

export interface SandboxChoice {
  /** The compiled command line. */
  readonly program: string;
  readonly world: string;
  readonly file: string;
  readonly scale: number;
}

/** Starts `eks-dr sandbox` and waits until it serves. Throws when it ends before. */
export async function startSandboxProcess({ program, world, file, scale }: SandboxChoice): Promise<SandboxProcess> {
  const args = [program, 'sandbox', '--world', world, '--file', file, '--scale', String(scale), '--json'];
  // Ctrl-C is for the run; the sandbox must outlive it to be looked at.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const killed = (): void => void child.kill('SIGKILL');
  process.on('exit', killed);
  const environment = await firstLine(child);
  const control = environment.EKS_DR_SANDBOX ?? '';
  return {
    environment,
    dump: async () => (await fetch(`${control}/sandbox/dump`)).json(),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      process.off('exit', killed);
    },
  };
}

async function firstLine(child: ChildProcess): Promise<Record<string, string>> {
  if (child.stdout === null) throw new TypeError('the sandbox has no standard output');
  const line = new Promise<string>(
    (resolve) => void createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', resolve),
  );
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`The sandbox ended with exit status ${status} before it served.`);
  });
  return JSON.parse(await Promise.race([line, ended])) as Record<string, string>;
}
