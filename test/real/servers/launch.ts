import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logsFolder, serversFolder } from './folders.ts';
import { isAlive, type ProcessId, processId } from './process.ts';
import type { Command, Setting } from './server.ts';

/** In the environment of every server: by it those are found that nothing else tells of any more. */
const MARK = 'EKS_DR_SERVERS';

/** Starts a server that outlives us, in a process group of its own, its output going to the log. */
export async function launch(name: string, command: Command, setting: Setting): Promise<ProcessId & { readonly log: string }> {
  for (const folder of [setting.file('tmp'), setting.file('home'), setting.file('data'), logsFolder()])
    await mkdir(folder, { recursive: true });
  const log = join(logsFolder(), `${name}.log`);
  const output = await open(log, 'a', 0o600);
  try {
    const child = spawn(command.program, command.args, {
      cwd: setting.file(),
      detached: true,
      env: environment(command, setting),
      stdio: ['ignore', output.fd, output.fd],
    });
    await once(child, 'spawn');
    child.unref();
    const id = await processId(child.pid ?? 0);
    if (id === null) throw new Error(`${name} ended at once:\n${await lastLines(log)}`);
    return { ...id, log };
  } finally {
    await output.close();
  }
}

/** None of the machine's credentials and settings: a server sees what its command names. */
function environment(command: Command, setting: Setting): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: setting.file('home'),
    TMPDIR: setting.file('tmp'),
    ...command.env,
    [MARK]: serversFolder(),
  };
}

/** Looks until the server is ready. Throws with the end of its log when it dies before, or within the limit (ms) is not. */
export async function becomesReady(
  { name, id, log }: { readonly name: string; readonly id: ProcessId; readonly log: string },
  look: () => Promise<void>,
  limit: number,
): Promise<void> {
  const until = Date.now() + limit;
  for (;;) {
    if (!(await isAlive(id))) throw new Error(`${name} has ended:\n${await lastLines(log)}`);
    try {
      return await look();
    } catch (thrown) {
      if (Date.now() > until) throw new Error(`${name} is not ready: ${(thrown as Error).message}\n${await lastLines(log)}`);
    }
    await sleep(150);
  }
}

async function lastLines(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  return text.trimEnd().split('\n').slice(-6).join('\n').slice(-1500);
}

/** The servers of this user's cache folder that are running, whether or not anything was written down of them. */
export async function markedProcesses(): Promise<ProcessId[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(numbers.map(async (number) => ((await isMarked(number)) ? processId(Number(number)) : null)));
  return found.filter((id) => id !== null);
}

async function isMarked(number: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${number}/environ`, 'utf8')).split('\0').includes(`${MARK}=${serversFolder()}`);
  } catch {
    // Another user's, or gone.
    return false;
  }
}
