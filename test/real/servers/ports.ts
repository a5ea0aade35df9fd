import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what Linux gives to outgoing connections (ip_local_port_range), so that none of those takes it first. */
const FIRST = 20_000;
const LAST = 32_767;

/** A free port of 127.0.0.1 for each name: the recorded one where it is free or held by its own server, else a new one. */
export async function allotPorts(
  names: readonly string[],
  recorded: Readonly<Record<string, number>>,
  held: ReadonlySet<string>,
): Promise<Record<string, number>> {
  const ports: Record<string, number> = { ...recorded };
  const taken = new Set<number>(Object.values(recorded));
  for (const name of names) {
    const before = recorded[name];
    if (before !== undefined && (held.has(name) || (await isFree(before)))) continue;
    ports[name] = await newPort(taken);
  }
  return ports;
}

async function newPort(taken: Set<number>): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(FIRST, LAST + 1);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(`No port between ${FIRST} and ${LAST} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  const closed = once(server, 'close');
  server.close();
  await closed;
  return true;
}
