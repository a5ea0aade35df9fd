import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { exclusively } from '../lock.ts';
import type { Found } from './ingredient.ts';
import { ProgramFailed, run } from './run.ts';

/** `redis-server`: the machine's, or Debian's package. No service of it is left running. */
export async function redisServer(say: (line: string) => void): Promise<Found> {
  const present = await onPath('redis-server');
  if (present !== null) return { at: present };
  const lacking = await installPackages(['redis-server'], say);
  if (lacking !== null) return { lacking };
  await noService();
  const at = await onPath('redis-server');
  return at === null ? { lacking: 'The package redis-server brought no program of that name.' } : { at };
}

/** Installs Debian's packages where we may; else says in a sentence why not, and what to do. */
export async function installPackages(packages: readonly string[], say: (line: string) => void): Promise<string | null> {
  const command = `apt-get install ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || (await onPath('apt-get')) === null) return `Missing: ${packages.join(', ')}. As root: ${command}.`;
  return exclusively('apt-get', () => install(packages, say), say);
}

async function install(packages: readonly string[], say: (line: string) => void): Promise<string | null> {
  say(`installing with apt-get: ${packages.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '--quiet'], { env });
    await run('apt-get', ['install', '--yes', '--no-install-recommends', ...packages], { env });
    return null;
  } catch (thrown) {
    if (thrown instanceof ProgramFailed) return `${packages.join(', ')} could not be installed: ${thrown.message}`;
    throw thrown;
  }
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

/** Git's `git-http-backend`, which Debian has in the package of Git itself. */
export async function gitBackend(say: (line: string) => void): Promise<Found> {
  const present = await backendOfGit();
  if (present !== null) return { at: present };
  const lacking = await installPackages(['git'], say);
  if (lacking !== null) return { lacking };
  const at = await backendOfGit();
  return at === null ? { lacking: 'The package git brought no git-http-backend.' } : { at };
}

async function backendOfGit(): Promise<string | null> {
  try {
    const backend = join(await run('git', ['--exec-path']), 'git-http-backend');
    await access(backend, constants.X_OK);
    return backend;
  } catch {
    return null;
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
