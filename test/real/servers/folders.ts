import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The files that say what is built and installed, and how: their digest names the cache. */
const PINNED = ['go.mod', 'go.sum', 'requirements.txt', 'build/programs.ts', 'build/python.ts'];

/** Where everything about the servers lies: `eks-dr/servers` in the user's cache. */
export function serversFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'eks-dr', 'servers');
}

/** What is built of the versions pinned beside this file: programs and the virtual environment of Python. */
export function buildFolder(): string {
  const digest = createHash('sha256');
  for (const name of PINNED) digest.update(readFileSync(join(import.meta.dirname, name)));
  return join(serversFolder(), digest.digest('hex').slice(0, 16));
}

/** Data and keys of what runs. */
export function runFolder(): string {
  return join(serversFolder(), 'run');
}

/** Outlives what runs. */
export function logsFolder(): string {
  return join(serversFolder(), 'logs');
}
