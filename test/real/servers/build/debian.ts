import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { exclusively } from '../lock.ts';
import type { Found } from './ingredient.ts';
import { ProgramFailed, run } from './run.ts';

/** `redis-server`: the machine's, or Debian's package where we may install it. No service of it is left running. */
export async function redisServer(say: (line: string) => void): Promise<Found> {
  const present = await onPath('redis-server');
  if (present !== null) return { at: present };
  if (process.getuid?.() !== 0 || (await onPath('apt-get')) === null) {
    return { lacking: 'redis-server is needed: apt-get install redis-server, as root.' };
  }
  return exclusively('apt-get install redis-server', () => install(say), say);
}

async function install(say: (line: string) => void): Promise<Found> {
  say('Redis: installing redis-server with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '--quiet'], { env });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', 'redis-server'], { env });
  } catch (thrown) {
    if (thrown instanceof ProgramFailed) return { lacking: `redis-server could not be installed: ${thrown.message}` };
    throw thrown;
  }
  await noService();
  const at = await onPath('redis-server');
  return at === null ? { lacking: 'The package redis-server brought no program of that name.' } : { at };
}

/** Debian starts a service on installing; without an init system one of these two is absent and there is nothing to stop. */
async function noService(): Promise<void> {
  for (const [program, args] of [
    ['systemctl', ['disable', '--now', 'redis-server']],
    ['service', ['redis-server', 'stop']],
  ] as const) {
    await run(program, args).catch((thrown) => {
      if (!(thrown instanceof ProgramFailed)) throw thrown;
    });
  }
}

/** Git with its `git-http-backend`. */
export async function gitBackend(): Promise<Found> {
  try {
    const backend = join(await run('git', ['--exec-path']), 'git-http-backend');
    await access(backend, constants.X_OK);
    return { at: backend };
  } catch {
    return { lacking: 'Git with git-http-backend is needed.' };
  }
}

async function onPath(program: string): Promise<string | null> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}
