import { createHash } from 'node:crypto';
import { access, chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { LockHolder, StackRef } from './terraform-types.ts';

/** Left while an apply of ours is under way, so that a lock it leaves behind can be told from anyone else's. */
const marker = z.object({ who: z.string(), pids: z.array(z.number().int()), since: z.iso.datetime() });

export type Marker = z.infer<typeof marker>;

/** A private folder of this user for one state: what must outlive a crashed process, and may not lie in the module. */
export interface StackCache {
  readonly folder: string;
  mark(pids: readonly number[]): Promise<void>;
  unmark(): Promise<void>;
  /** Null: no apply of this user on this machine has been left unfinished. */
  marker(): Promise<Marker | null>;
  /** Moves a state that Terraform could not save out of the module into safety. Null: there is none. */
  rescue(moduleFolder: string): Promise<string | null>;
  /** The states in safety, oldest first. */
  rescued(): Promise<readonly string[]>;
}

/** `XDG_CACHE_HOME` wins over ~/.cache. The name of the folder tells module and state apart from all others. */
export function stackCache(stack: StackRef, moduleFolder: string, environment: NodeJS.ProcessEnv): StackCache {
  const root = environment.XDG_CACHE_HOME ?? join(environment.HOME ?? homedir(), '.cache');
  const name = createHash('sha256')
    .update(`${resolve(moduleFolder)}\n${stack.stateKey}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, 'eks-dr', 'terraform', name);
  const markerFile = join(folder, 'apply.json');
  const prepare = (): Promise<unknown> => mkdir(folder, { recursive: true, mode: 0o700 });

  return {
    folder,
    async mark(pids) {
      await prepare();
      const content: Marker = { who: whoAmI(), pids: [...pids], since: new Date().toISOString() };
      await writeFile(markerFile, JSON.stringify(content), { mode: 0o600 });
    },
    unmark: () => rm(markerFile, { force: true }),
    async marker() {
      try {
        return marker.parse(JSON.parse(await readFile(markerFile, 'utf8')));
      } catch {
        return null;
      }
    },
    async rescue(moduleFolder) {
      const left = join(moduleFolder, 'errored.tfstate');
      const present = await access(left).then(
        () => true,
        () => false,
      );
      if (!present) return null;
      await prepare();
      const safe = join(folder, `${Date.now()}.errored.tfstate`);
      // Copied, not renamed: the two may lie on different file systems.
      await copyFile(left, safe);
      await chmod(safe, 0o600);
      await rm(left);
      return safe;
    },
    async rescued() {
      const names = await readdir(folder).catch(() => []);
      return names
        .filter((name) => name.endsWith('.errored.tfstate'))
        .toSorted()
        .map((name) => join(folder, name));
    },
  };
}

/** As Terraform names a lock's holder. */
function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

/**
 * Whether a lock on a state of this run was left by a process of ours that is dead: it bears our name, an apply of ours on this machine
 * was left unfinished before the lock was taken, and none of its processes lives. From another machine nobody can tell:
 * there only `confirmed`, the id of a lock whose holder a person declares dead, counts.
 */
export function leftByOurselves(
  lock: Omit<LockHolder, 'ownDead'>,
  unfinished: Marker | null,
  confirmed: string | undefined,
  isAlive: (pid: number) => boolean = processLives,
): boolean {
  if (confirmed !== undefined && confirmed !== '' && confirmed === lock.id) return true;
  if (unfinished === null || lock.who !== unfinished.who || unfinished.pids.some(isAlive)) return false;
  const created = Date.parse(
    lock.created
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/ \+0000 UTC$/, 'Z')
      .replace(' ', 'T'),
  );
  // The marker is written right before Terraform is started; seconds of slack for a clock that was set meanwhile.
  return Number.isNaN(created) || created >= Date.parse(unfinished.since) - 5_000;
}

function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
