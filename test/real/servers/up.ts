import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Found, Ingredient } from './build/ingredient.ts';
import { ingredients } from './build/ingredients.ts';
import { describePart } from './describe.ts';
import { logsFolder, runFolder, serversFolder } from './folders.ts';
import { markedProcesses } from './launch.ts';
import { exclusively } from './lock.ts';
import type { PartName } from './part.ts';
import { allotPorts } from './ports.ts';
import { isAlive, stopProcess } from './process.ts';
import { createRecorder, withPart } from './recorder.ts';
import { runSecrets } from './secrets.ts';
import type { Server, Setting } from './server.ts';
import { PART_NEEDS, SERVERS } from './servers.ts';
import { startServer } from './start.ts';
import { readState, type State } from './state.ts';

type Say = (line: string) => void;

/**
 * Brings up the parts and what they need: builds what is missing, starts what isn't running, waits until each is ready.
 * Doing it twice starts nothing twice. Returns the parts that could run here and don't, each with its reason.
 */
export async function up(asked: readonly PartName[], say: Say): Promise<Partial<Record<PartName, string>>> {
  await mkdir(serversFolder(), { recursive: true, mode: 0o700 });
  const parts = [...new Set(asked.flatMap((part) => [...(PART_NEEDS[part] ?? []), part]))];
  const made = await ingredients(new Set(parts.flatMap((part) => SERVERS[part].flatMap((server) => server.made))), say);
  return exclusively(runFolder(), () => start(parts, made, say), say);
}

async function start(
  parts: readonly PartName[],
  made: ReadonlyMap<Ingredient, Found>,
  say: Say,
): Promise<Partial<Record<PartName, string>>> {
  const recorder = createRecorder((await readState()) ?? (await afresh()));
  const startable: PartName[] = [];
  for (const part of parts) {
    const reason = lacking(part, made) ?? (PART_NEEDS[part] ?? []).flatMap((need) => lacking(need, made) ?? [])[0];
    if (reason === undefined) startable.push(part);
    else await recorder.change((state) => withPart(state, part, { reason }));
  }
  const servers = startable.flatMap((part) => SERVERS[part].map((server) => ({ server, part })));
  const ports = await portsFor(
    servers.map(({ server }) => server),
    recorder.state(),
  );
  await recorder.change((state) => ({ ...state, ports }));
  const setting = await createSetting(made, ports);

  const starting = new Map<string, Promise<void>>();
  const all = new Map(servers.map(({ server }) => [server.name, server]));
  for (const { server, part } of servers) starting.set(server.name, one(server, part));
  async function one(server: Server, part: PartName): Promise<void> {
    const needs = server.after.flatMap((name) => all.get(name) ?? []);
    // Every server stands in the list behind those it needs.
    await Promise.all(needs.map(({ name }) => starting.get(name)));
    const how = await startServer(server, part, { setting, recorder, needs });
    if (how === 'started') say(`${server.name} is ready`);
  }

  const failed: Partial<Record<PartName, string>> = {};
  await Promise.allSettled(starting.values());
  for (const part of startable) {
    const reason = await finish(part);
    if (reason !== null) failed[part] = reason;
  }
  return failed;

  async function finish(part: PartName): Promise<string | null> {
    try {
      await Promise.all(SERVERS[part].map(({ name }) => starting.get(name)));
      const told = await describePart(part, setting);
      await recorder.change((state) => withPart(state, part, told));
      return null;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      await recorder.change((state) => withPart(state, part, { reason }));
      return reason;
    }
  }
}

/** Nothing is known to run: what may be left of an earlier time goes. */
async function afresh(): Promise<State> {
  for (const id of await markedProcesses()) await stopProcess(id, 10_000);
  for (const folder of [runFolder(), logsFolder()]) await rm(folder, { recursive: true, force: true });
  await mkdir(runFolder(), { recursive: true, mode: 0o700 });
  return { schema: 1, ports: {}, processes: {}, running: { missing: {} } };
}

function lacking(part: PartName, made: ReadonlyMap<Ingredient, Found>): string | undefined {
  for (const name of SERVERS[part].flatMap((server) => server.made)) {
    const found = made.get(name);
    if (found === undefined || 'lacking' in found) return found?.lacking ?? `${name} is missing.`;
  }
  return undefined;
}

async function portsFor(servers: readonly Server[], state: State): Promise<Record<string, number>> {
  const held = new Set<string>();
  for (const { name, ports } of servers) {
    const recorded = state.processes[name];
    if (recorded !== undefined && (await isAlive(recorded))) for (const port of ports) held.add(port);
  }
  // The webhook is told where ministack-auth is, or will be.
  const names = ['ministack-auth', ...servers.flatMap(({ ports }) => ports)];
  const auth = state.processes['ministack-auth'];
  if (auth !== undefined && (await isAlive(auth))) held.add('ministack-auth');
  return allotPorts([...new Set(names)], state.ports, held);
}

async function createSetting(made: ReadonlyMap<Ingredient, Found>, ports: Readonly<Record<string, number>>): Promise<Setting> {
  return {
    ingredient(name) {
      const found = made.get(name);
      if (found === undefined || 'lacking' in found) throw new TypeError(`${name} was asked for and is not there`);
      return found.at;
    },
    port(name) {
      const port = ports[name];
      if (port === undefined) throw new TypeError(`no port is called ${name}`);
      return port;
    },
    file: (...names) => join(runFolder(), ...names),
    secrets: await runSecrets(runFolder()),
  };
}
