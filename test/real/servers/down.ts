import { rm } from 'node:fs/promises';
import { runFolder } from './folders.ts';
import { markedProcesses } from './launch.ts';
import { exclusively } from './lock.ts';
import { stopProcess } from './process.ts';
import type { Server } from './server.ts';
import { SERVERS } from './servers.ts';
import { readState, removeState, type State } from './state.ts';

/** Stops every server, those first that need others, and removes their data and keys; their logs stay. Returns how many ran. */
export async function down(say: (line: string) => void): Promise<number> {
  return exclusively(runFolder(), () => stopAll(say), say);
}

async function stopAll(say: (line: string) => void): Promise<number> {
  const state = await readState();
  const stopped = state === null ? 0 : await stopRecorded(state, say);
  const strays = await markedProcesses();
  for (const id of strays) say(`process ${id.pid}, of which nothing was written down: ${await stopProcess(id, 10_000)}`);
  await rm(runFolder(), { recursive: true, force: true });
  await removeState();
  return stopped + strays.length;
}

async function stopRecorded(state: State, say: (line: string) => void): Promise<number> {
  const servers = Object.values(SERVERS).flat();
  const stopping = new Map<string, Promise<void>>();
  let ran = 0;
  for (const server of servers.toReversed()) stopping.set(server.name, stop(server));
  await Promise.all(stopping.values());
  return ran;

  async function stop(server: Server): Promise<void> {
    const users = servers.filter(({ after }) => after.includes(server.name));
    await Promise.all(users.map(({ name }) => stopping.get(name)));
    const recorded = state.processes[server.name];
    if (recorded === undefined) return;
    const how = await stopProcess(recorded, server.patience ?? 10_000);
    if (how !== 'was gone') ran += 1;
    if (how === 'killed') say(`${server.name} did not end in time and was killed`);
  }
}
