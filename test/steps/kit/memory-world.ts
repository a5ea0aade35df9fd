import * as z from 'zod';
import { createClock } from '../../../steps/kit/clock.ts';
import { defineDriver, eachId, fieldByField, single } from '../../../steps/kit/driver.ts';
import type { Engine } from '../../../steps/kit/engine.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { finder } from '../../../steps/kit/keys.ts';
import type { Log } from '../../../steps/kit/log.ts';
import type { Owner } from '../../../steps/kit/resource.ts';
import { defineWait } from '../../../steps/kit/wait.ts';

/** A remote system in memory: named things, each with a value, an owner and a version. */
export interface MemoryWorld {
  readonly things: Map<string, { value: string; owner: Owner; version: number }>;
  /** Names written, in order. */
  readonly writes: string[];
  /** Called before each write; may throw or change the world. */
  beforeWrite: (name: string) => void;
  /** Called after each write took effect; may throw. */
  afterWrite: (name: string) => void;
}

export const OWN: Owner = { kind: 'run', run: 'drill-1' };

export function createMemoryWorld(initial: Readonly<Record<string, string>> = {}, owner: Owner = OWN): MemoryWorld {
  const things = new Map(Object.entries(initial).map(([name, value]) => [name, { value, owner, version: 1 }]));
  return { things, writes: [], beforeWrite: () => undefined, afterWrite: () => undefined };
}

export function valuesOf(world: MemoryWorld): Record<string, string> {
  return Object.fromEntries([...world.things].map(([name, { value }]) => [name, value]).toSorted());
}

const id = z.object({ name: z.string() });
const state = z.object({ value: z.string() });

function readThing(world: MemoryWorld, { name }: { name: string }) {
  const found = world.things.get(name);
  if (found === undefined) return Promise.resolve({ state: null, owner: { kind: 'nobody' } as const });
  return Promise.resolve({ state: { value: found.value }, owner: found.owner, version: found.version });
}

function writeThing(world: MemoryWorld, name: string, after: { value: string } | null, version: unknown): void {
  world.beforeWrite(name);
  const found = world.things.get(name);
  if (found?.version !== version) throw new EksDrError('conflict', { message: `${name} is at version ${found?.version}.` });
  if (after === null) world.things.delete(name);
  else world.things.set(name, { value: after.value, owner: found?.owner ?? OWN, version: (found?.version ?? 0) + 1 });
  world.writes.push(name);
  world.afterWrite(name);
}

const facts = {
  noun: 'thing',
  compareAndSwap: { cas: 'yes', by: 'version' },
  permissions: { read: ['thing:Get'], write: ['thing:Put'] },
  visibleWithinSeconds: 5,
} as const;

/** One write per thing. */
export const thing = defineDriver<{ name: string }, { value: string }, MemoryWorld>({
  ...facts,
  kind: 'memory.thing',
  id,
  state,
  label: ({ name }) => name,
  read: eachId(readThing),
  write: single(async (world, write) => writeThing(world, write.id.name, write.after, write.observed.version)),
});

const partsState = z.object({ value: z.string(), label: z.string() });

/** A value and a label, each written by a request of its own. */
export const inParts = defineDriver<{ name: string }, { value: string; label: string }, MemoryWorld>({
  ...facts,
  kind: 'memory.in-parts',
  id,
  state: partsState,
  label: ({ name }) => name,
  halfWritten: fieldByField,
  read: eachId(async (world, { name }) => {
    const { state: found, ...others } = await readThing(world, { name });
    return { ...others, state: found === null ? null : partsState.parse(JSON.parse(found.value)) };
  }),
  write: single(async (world, { id: { name }, before, after, observed }) => {
    if (after === null) return writeThing(world, name, null, observed.version);
    const half = { ...(before ?? after), value: after.value };
    writeThing(world, name, { value: JSON.stringify(half) }, observed.version);
    writeThing(world, name, { value: JSON.stringify(after) }, world.things.get(name)?.version);
  }),
});

/** All things whose names start with the same letter share a write, two at a time. */
export const grouped = defineDriver<{ name: string }, { value: string }, MemoryWorld>({
  ...facts,
  kind: 'memory.grouped',
  batch: 2,
  id,
  state,
  label: ({ name }) => name,
  group: ({ name }) => name.slice(0, 1),
  read: eachId(readThing),
  async write(world, writes) {
    for (const write of writes) writeThing(world, write.id.name, write.after, write.observed.version);
  },
});

/** Done when a thing of that name exists. */
export const exists = defineWait<{ name: string }, MemoryWorld>({
  wait: 'thing-exists',
  args: id,
  title: ({ name }) => `${name} exists`,
  expectedSeconds: 5,
  limitSeconds: 20,
  everySeconds: 1,
  async look(world, { name }) {
    return world.things.has(name) ? { done: true } : { done: false, reason: `there is no ${name}` };
  },
});

export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A clock so fast that no test waits. */
export const fastClock = createClock(1000, Date.now());

export function engineFor(world: MemoryWorld, options: Partial<Engine<MemoryWorld>> = {}): Engine<MemoryWorld> {
  return {
    run: { id: 'drill-1', mode: 'drill' },
    direction: 'forward',
    clients: world,
    clock: fastClock,
    log: silentLog,
    signal: new AbortController().signal,
    driver: finder([thing, grouped, inParts], ({ kind }) => kind, 'a resource of kind'),
    wait: finder([exists], ({ wait }) => wait, 'a wait'),
    ...options,
  };
}
