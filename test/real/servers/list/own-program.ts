import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../server.ts';

const FOLDER = join(import.meta.dirname, '..');

/** A server of ours beside this folder, in TypeScript, in a process of its own. With other sources it is another command: `up` starts it anew. */
export function ownProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return {
    program: process.execPath,
    args: ['--import', tsx, join(FOLDER, file), ...args],
    env: { ...env, EKS_DR_SOURCES: sourcesDigest() },
  };
}

function sourcesDigest(): string {
  const digest = createHash('sha256');
  const sources = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /(?<!\.test)\.ts$/.test(name));
  for (const name of sources.sort()) digest.update(name).update(readFileSync(join(FOLDER, name)));
  return digest.digest('hex').slice(0, 16);
}
