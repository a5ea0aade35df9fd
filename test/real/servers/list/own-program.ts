import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../server.ts';

/** A server of ours beside this folder, in TypeScript, in a process of its own. */
export function ownProgram(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Command {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { program: process.execPath, args: ['--import', tsx, join(import.meta.dirname, '..', file), ...args], env };
}
