import type { System } from './system.ts';
import type { World } from './world.ts';

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]));
}

/** The world as the systems describe it for comparison, by system name, with sorted members. */
export function dumpWorld(world: World, systems: readonly System[]): unknown {
  return sorted(Object.fromEntries(systems.map((system) => [system.name, system.dump(world)])));
}
