import type { Engine } from './engine.ts';
import { EksDrError, gather } from './errors.ts';
import { type Guarded, guard } from './guard.ts';
import { sameJson } from './json.ts';
import { groupBy, keyOf } from './keys.ts';
import type { PlanItem } from './plan.ts';
import { type Description, isWait, type Resource, type Wait } from './resource.ts';
import { comparable } from './secrets.ts';

/** Compares a description with the world: the changes and waits that are left, in order. Throws when the guard refuses. */
export async function planDescription<C>(engine: Engine<C>, description: Description): Promise<PlanItem[][]> {
  const waves = description.map((entry): readonly (Resource | Wait)[] => (isList(entry) ? entry : [entry]));
  const resources = waves.flat().filter((item): item is Resource => !isWait(item));
  refuseDuplicates(resources);
  const guarded = await compareAll(engine, resources);
  guard(engine.run, engine.direction, [...guarded.values()]);
  const refused = [...guarded.values()].flatMap((entry) => entry.refused ?? []);
  if (refused.length > 0) throw gather(refused);
  const changes = new Map([...guarded].map(([key, { change }]) => [key, change]));

  const planned = waves.map((wave) =>
    wave.flatMap((item): PlanItem[] => (isWait(item) ? [item] : [changes.get(keyOf(item)) ?? []].flat())),
  );
  return planned
    .map((wave) => wave.filter((item) => changes.size > 0 || !isWait(item) || item.only !== 'changes'))
    .filter((wave) => wave.length > 0);
}

interface Compared extends Guarded {
  readonly refused: EksDrError | null;
}

/** Reads every resource, in bulk per kind, and keeps those that differ. */
async function compareAll<C>(engine: Engine<C>, resources: readonly Resource[]): Promise<Map<string, Compared>> {
  const byKind = groupBy(resources, ({ kind }) => kind);
  const perKind = await Promise.all(
    [...byKind].map(async ([kind, members]) => {
      const driver = engine.driver(kind);
      const compared = await driver.plan(engine.clients, members);
      return members.flatMap((resource, index) => {
        const found = compared[index];
        if (found === undefined) throw new TypeError(`${kind} answered ${compared.length} of ${members.length} resources`);
        if (sameJson(comparable(found.before), comparable(found.after))) return [];
        const { id } = resource;
        return [
          {
            change: { kind, id, before: found.before, after: found.after },
            owner: found.owner,
            label: driver.label(id),
            refused: found.refused ?? null,
          },
        ];
      });
    }),
  );
  return new Map(perKind.flat().map((entry) => [keyOf(entry.change), entry]));
}

function refuseDuplicates(resources: readonly Resource[]): void {
  for (const [key, members] of groupBy(resources, keyOf)) {
    if (members.length > 1) throw new EksDrError('bug', { message: `A step describes ${key} ${members.length} times.` });
  }
}

function isList(entry: Description[number]): entry is readonly (Resource | Wait)[] {
  return Array.isArray(entry);
}
