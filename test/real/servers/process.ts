import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that is told apart from a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** Of the boot and the clock ticks since then (proc(5), field 22 of stat): together they are used once. */
  readonly started: string;
}

/** Which process has this number now; null when none does, or when it ended and only waits to be collected. */
export async function processId(pid: number): Promise<ProcessId | null> {
  const stat = await readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name, in parentheses, may hold blanks and parentheses: the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === 'Z' || state === 'X' || ticks === undefined) return null;
  const boot = (await readProc('/proc/sys/kernel/random/boot_id')) ?? '';
  return { pid, started: `${boot.trim()}/${ticks}` };
}

export async function isAlive(recorded: ProcessId): Promise<boolean> {
  return (await processId(recorded.pid))?.started === recorded.started;
}

/** Resident memory in bytes; 0 when the process is gone. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readProc(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1] ?? 0) * 1024;
}

/** How long the process has been running, in seconds; null when it is gone. */
export async function secondsRunning(recorded: ProcessId): Promise<number | null> {
  if (!(await isAlive(recorded))) return null;
  const uptime = Number.parseFloat((await readProc('/proc/uptime')) ?? 'NaN');
  const ticks = Number(recorded.started.split('/')[1]);
  // USER_HZ, the unit of field 22, is 100 on every architecture that Node runs on.
  return Math.max(0, uptime - ticks / 100);
}

/**
 * SIGTERM, and SIGKILL when that did not end it within the limit (ms). A process that merely has the number now is left alone.
 * Returns how it went.
 */
export async function stopProcess(recorded: ProcessId, limit: number): Promise<'was gone' | 'ended' | 'killed'> {
  if (!(await isAlive(recorded))) return 'was gone';
  signal(recorded.pid, 'SIGTERM');
  if (await endedWithin(recorded, limit)) return 'ended';
  signal(recorded.pid, 'SIGKILL');
  if (await endedWithin(recorded, 5_000)) return 'killed';
  throw new Error(`Process ${recorded.pid} outlives SIGKILL.`);
}

async function endedWithin(recorded: ProcessId, limit: number): Promise<boolean> {
  const until = Date.now() + limit;
  for (;;) {
    if (!(await isAlive(recorded))) return true;
    if (Date.now() >= until) return false;
    await sleep(50);
  }
}

/** To the process group where it leads one: what a server started goes with it. */
function signal(pid: number, name: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, name);
      return;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }
}

async function readProc(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw thrown;
  }
}
