import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from '../../pipeline/cli/main.ts';
import { sandboxEnvironment } from '../../pipeline/cli/sandbox-environment.ts';
import type { RunningSandbox } from '../../sandbox/server.ts';
import { steps } from '../../steps/index.ts';
import { built } from '../built.ts';
import type { Place } from './step-turn.ts';

export interface Told {
  readonly status: number;
  readonly screen: string;
  readonly out: string;
}

/** Where compiled steps work against a sandbox of this process. `scale`: how fast their time runs. */
export async function inSandbox(
  { environment: clients, addresses: { control } }: RunningSandbox,
  { home, scale }: { readonly home: string; readonly scale: number },
): Promise<Omit<Place, 'run'>> {
  const stepsFolder = dirname(await built('steps/report.js'));
  const environment = sandboxEnvironment({ clients, control, scale, stepsFolder, path: process.env.PATH });
  return { stepsFolder, environment: { ...environment, HOME: home } };
}

/**
 * Runs a command of the program in this process, with compiled steps, at a terminal at which these answers are given, the last one again
 * and again. Without answers there is nobody at the terminal.
 */
export async function atTerminal(
  { environment, stepsFolder }: Omit<Place, 'run'>,
  args: readonly string[],
  answers: readonly string[] = [],
): Promise<Told> {
  const stdin = Object.assign(new PassThrough(), { isTTY: answers.length > 0 });
  const [stderr, stdout] = [new PassThrough(), new PassThrough()];
  let [screen, out] = ['', ''];
  let asked = 0;
  stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString();
    screen += text;
    if (!/\[d\]etails: $/.test(text)) return;
    stdin.write(`${answers[Math.min(asked, answers.length - 1)] ?? 'n'}\n`);
    asked += 1;
  });
  const io = { stdin, stdout, stderr, environment: { HOME: join(stepsFolder, '..'), ...environment } };
  const status = await runCli(args, { ...io, stepsFolder, steps, user: 'ann', version: '1.2.3' });
  return { status, screen, out };
}
