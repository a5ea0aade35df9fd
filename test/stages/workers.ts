import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';

/** How many processes share the cases: each has a sandbox and, most of the time, a step at work. */
export const WORKERS = Math.max(2, availableParallelism());

/** What a worker is started with: which share of the cases is its own, and what the script wants to know. */
export interface Share<Wish> {
  readonly index: number;
  readonly of: number;
  readonly wish: Wish;
}

/**
 * Runs a script of ours in several processes, each with its share of the cases as JSON in its one argument, and gathers what they print:
 * a JSON document a line. Their stderr goes on to ours. Throws when one of them fails.
 */
export async function runWorkers<Wish, Result>(script: string, wish: Wish, workers = WORKERS): Promise<readonly Result[]> {
  const shares = Array.from({ length: workers }, (_, index): Share<Wish> => ({ index, of: workers, wish }));
  const results = await Promise.all(shares.map((share) => runWorker<Result>(script, JSON.stringify(share))));
  return results.flat();
}

async function runWorker<Result>(script: string, argument: string): Promise<Result[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, argument], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  const results: Result[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => results.push(JSON.parse(line) as Result));
  const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  process.off('exit', killed);
  if (status !== 0) throw new Error(`${script} ended with ${signal ?? `exit status ${status}`}; its output says why.`);
  return results;
}

/** The cases of one worker: every so manieth. */
export function ownShare<Case>(cases: readonly Case[], { index, of }: Pick<Share<unknown>, 'index' | 'of'>): Case[] {
  return cases.filter((_, position) => position % of === index);
}
