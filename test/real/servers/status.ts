import { PART_NAMES } from './part.ts';
import { isAlive, residentBytes, secondsRunning } from './process.ts';
import { runningServers } from './running.ts';
import { readState } from './state.ts';

export interface Status {
  readonly lines: readonly string[];
  /** Servers that were started and run no more. */
  readonly dead: readonly string[];
}

/** What runs, for how long, in how much memory; what is missing and why. */
export async function status(): Promise<Status> {
  const state = await readState();
  if (state === null) return { lines: ['Nothing was started: npm run servers -- up'], dead: [] };
  const rows: string[][] = [['server', 'pid', 'port', 'for', 'memory', 'log']];
  const dead: string[] = [];
  let bytes = 0;
  for (const [name, recorded] of Object.entries(state.processes)) {
    const alive = await isAlive(recorded);
    if (!alive) dead.push(name);
    const memory = alive ? await residentBytes(recorded.pid) : 0;
    bytes += memory;
    const since = await secondsRunning(recorded);
    rows.push([
      name,
      alive ? String(recorded.pid) : 'dead',
      String(state.ports[name] ?? ''),
      since === null ? '' : duration(since),
      alive ? megabytes(memory) : '',
      recorded.log,
    ]);
  }
  const missing = (await runningServers())?.missing ?? {};
  const lines = [...table(rows), `${rows.length - 1 - dead.length} run, in ${megabytes(bytes)}`];
  for (const part of PART_NAMES) if (missing[part] !== undefined) lines.push(`missing: ${part}: ${missing[part]}`);
  return { lines, dead };
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${Math.floor(seconds)} s`;
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
