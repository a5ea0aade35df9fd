import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What is built and installed, and the files that say of which versions and how. */
const PINNED = {
  programs: ['go.mod', 'go.sum', 'build/programs.ts'],
  python: ['requirements.txt', 'build/python.ts'],
} as const;

/** Where everything about the servers lies: `eks-dr/servers` in the user's cache. */
export function serversFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'eks-dr', 'servers');
}

/** Where the one or the other lies, once made. Named by the digest of what is pinned: a change of one builds only that one anew. */
export function buildFolder(what: keyof typeof PINNED): string {
  const digest = createHash('sha256');
  for (const name of PINNED[what]) digest.update(readFileSync(join(import.meta.dirname, name)));
  return join(serversFolder(), `${what}-${digest.digest('hex').slice(0, 16)}`);
}

/** Data and keys of what runs. */
export function runFolder(): string {
  return join(serversFolder(), 'run');
}

/** Outlives what runs. */
export function logsFolder(): string {
  return join(serversFolder(), 'logs');
}
