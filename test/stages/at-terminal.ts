import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from '../../pipeline/cli/main.ts';
import { steps } from '../../steps/index.ts';
import type { Place } from './step-turn.ts';

export interface Told {
  readonly status: number;
  readonly screen: string;
  readonly out: string;
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
  const io = { stdin, stdout, stderr, environment: { ...environment, HOME: join(stepsFolder, '..') } };
  const status = await runCli(args, { ...io, stepsFolder, steps, user: 'ann', version: '1.2.3' });
  return { status, screen, out };
}
