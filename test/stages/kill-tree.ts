import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Kills a process and everything it started, at once, without a chance to write anything. */
export async function killTree(pid: number): Promise<void> {
  for (const each of [pid, ...(await descendants(pid))]) kill(each);
}

/** Kills a process alone: what it started lives on. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child = 0]) => [child, ...below(child)]);
  return below(pid);
}
