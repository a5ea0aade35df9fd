import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { steps } from '../../steps/index.ts';
import { type LoadedFiles, loadedFiles } from './loaded-files.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface StepStart {
  readonly step: string;
  /** Milliseconds from spawn to exit. */
  readonly ms: Spread;
  /** Its median as a multiple of that of `node -e 0`. */
  readonly times: number;
  readonly loads: LoadedFiles;
}

export interface ProcessStarts {
  /** `node -e 0`, in milliseconds. */
  readonly node: Spread;
  readonly steps: readonly StepStart[];
}

// Everything that a plan loads before it talks to anybody is loaded by the time at which it refuses this.
const EMPTY_DOCUMENT = '{}';
const INVALID_INPUT = 20;

/**
 * How long each compiled step takes to start and to refuse an empty document, against a Node.js that does nothing. They take turns, so that what
 * else the machine does meets all of them. Throws when a step ends otherwise than by refusing the document.
 */
export async function measureStarts(dist: string, runs: number): Promise<ProcessStarts> {
  const node: number[] = [];
  const taken = new Map(steps.map(({ id }) => [id, [] as number[]]));
  for (let run = 0; run < runs; run += 1) {
    node.push(await timed(['-e', '0'], 0));
    for (const [id, times] of taken) times.push(await timed([join(dist, 'steps', `${id}.js`), 'plan', '--in', '-'], INVALID_INPUT));
  }
  const base = spreadOf(node);
  return {
    node: base,
    steps: await Promise.all(
      [...taken].map(async ([step, times]) => {
        const ms = spreadOf(times);
        return { step, ms, times: ms.median / base.median, loads: await loadedFiles(join(dist, 'steps', `${step}.js`)) };
      }),
    ),
  };
}

async function timed(args: readonly string[], status: number): Promise<number> {
  const start = performance.now();
  // Without the caller's variables: some make Node itself start slower (certificates to read, modules to load first).
  const child = spawn(process.execPath, args, { env: {}, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined).end(EMPTY_DOCUMENT);
  const [code] = (await once(child, 'exit')) as [number | null];
  const ms = performance.now() - start;
  if (code !== status) throw new Error(`node ${args.join(' ')} ended with exit status ${code}, not ${status}`);
  return ms;
}
