import { mkdir } from 'node:fs/promises';
import { expectOk } from '../ask.ts';
import type { Server, Setting } from '../server.ts';
import { ownProgram } from './own-program.ts';

export function repositories(setting: Setting): string {
  return setting.file('data', 'git');
}

/** Git over smart HTTP, for Argo CD to read and for tests to push. */
export const git: Server = {
  name: 'git',
  made: ['git'],
  after: [],
  ports: ['git'],
  prepare: async (setting) => void (await mkdir(repositories(setting), { recursive: true })),
  command: (setting) => ownProgram('git-http.ts', [String(setting.port('git')), repositories(setting), setting.ingredient('git')]),
  ready: (setting) => expectOk(`http://127.0.0.1:${setting.port('git')}/health`),
};
