import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { isAlive } from '../kit/process-alive.ts';
import type { Watch } from './terraform-process.ts';
import type { LockHolder, StackRef } from './terraform-types.ts';

/** Left while a command of ours may hold the lock of the state, so that a lock it leaves behind can be told from anyone else's. */
const marker = z.object({ who: z.string(), pids: z.array(z.number().int()), since: z.iso.datetime() });
const MARKER = '.lock.json';

export type Marker = z.infer<typeof marker>;

/** A private folder of this user for one state: what must outlive a crashed process, and may not lie in the module. */
export interface StackCache {
  readonly folder: string;
  /** Says that this process, and the program that it starts, may take the lock until `done`. */
  mark(): Promise<Mark>;
  /** Of every command of this user on this machine that is under way, or was never finished. */
  markers(): Promise<readonly Marker[]>;
  /** Removes the markers of dead processes, once their lock is gone. */
  sweep(): Promise<void>;
  /** Moves a state that Terraform could not save out of the module into safety. Null: there is none. */
  rescue(moduleFolder: string): Promise<string | null>;
  /** The states in safety, oldest first. */
  rescued(): Promise<readonly string[]>;
}

/**
 * The marker of one command. It goes with the command, unless a lock stays: because the program was killed, or could not free it. Then the
 * marker stays too.
 */
export interface Mark extends Watch {
  done(): Promise<void>;
}

/** `XDG_CACHE_HOME` wins over ~/.cache. The name of the folder tells module and state apart from all others. */
export function stackCache(stack: StackRef, moduleFolder: string, environment: NodeJS.ProcessEnv): StackCache {
  const root = environment.XDG_CACHE_HOME ?? join(environment.HOME ?? homedir(), '.cache');
  const name = createHash('sha256')
    .update(`${resolve(moduleFolder)}\n${stack.stateKey}`)
    .digest('hex')
    .slice(0, 16);
  const folder = join(root, 'eks-dr', 'terraform', name);
  const prepare = (): Promise<unknown> => mkdir(folder, { recursive: true, mode: 0o700 });

  return {
    folder,
    async mark() {
      await prepare();
      const file = join(folder, `${crypto.randomUUID()}${MARKER}`);
      const since = new Date().toISOString();
      // Synchronous: a process that is killed right after it started its program must not leave a marker without that program.
      const write = (...pids: number[]): void => writeFileSync(file, JSON.stringify({ who: whoAmI(), pids, since }), { mode: 0o600 });
      write(process.pid);
      let stays = false;
      return {
        onStart: (pid) => write(process.pid, pid),
        onEnd(code) {
          stays = code === null;
        },
        onLockLeft() {
          stays = true;
          // Nobody is at work any more, though we live on.
          write();
        },
        done: async () => (stays ? undefined : rm(file, { force: true })),
      };
    },
    markers: async () => (await readMarkers(folder)).map(({ content }) => content),
    async sweep() {
      const dead = (await readMarkers(folder)).filter(({ content }) => !content.pids.some(isAlive));
      await Promise.all(dead.map(({ file }) => rm(file, { force: true })));
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

async function readMarkers(folder: string): Promise<{ readonly file: string; readonly content: Marker }[]> {
  const names = await readdir(folder).catch(() => []);
  const read = names
    .filter((name) => name.endsWith(MARKER))
    .map(async (name) => {
      const file = join(folder, name);
      // One that has just gone, or whose writer died at it, tells nothing.
      const parsed = marker.safeParse(
        await readFile(file, 'utf8')
          .then(JSON.parse)
          .catch(() => null),
      );
      return parsed.success ? [{ file, content: parsed.data }] : [];
    });
  return (await Promise.all(read)).flat();
}

/** As Terraform names a lock's holder. */
export function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

/** When a lock was taken, in milliseconds since 1970; NaN where Terraform did not say. */
export function createdAt({ created }: Pick<LockHolder, 'created'>): number {
  return Date.parse(
    created
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/ \+0000 UTC$/, 'Z')
      .replace(' ', 'T'),
  );
}

/**
 * Whose a lock on a state of this run is. Ours: it bears our name, and a command of ours on this machine was left unfinished before the
 * lock was taken; dead when no process of ours that could hold it lives. From another machine nobody can tell: there only `confirmed`,
 * the id of a lock whose holder a person declares dead, counts.
 */
export function holderOf(
  lock: Omit<LockHolder, 'holder'>,
  unfinished: readonly Marker[],
  confirmed: string | undefined,
  lives: (pid: number) => boolean = isAlive,
): LockHolder['holder'] {
  if (confirmed !== undefined && confirmed !== '' && confirmed === lock.id) return 'own-dead';
  const created = createdAt(lock);
  // The marker is written right before Terraform is started; seconds of slack for a clock that was set meanwhile.
  const before = ({ who, since }: Marker): boolean => who === lock.who && (Number.isNaN(created) || created >= Date.parse(since) - 5_000);
  const mayHold = unfinished.filter(before);
  if (mayHold.length === 0) return 'other';
  return mayHold.some(({ pids }) => pids.some(lives)) ? 'own-alive' : 'own-dead';
}
