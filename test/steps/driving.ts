import type { Driver, Look } from '../../steps/kit/driver.ts';
import { type Json, sameJson } from '../../steps/kit/json.ts';
import type { Change, Owner, ResourceId } from '../../steps/kit/resource.ts';
import { comparable } from '../../steps/kit/secrets.ts';

/** Drives one kind by hand, as the engine does: look, then write with what was seen. */
export interface Driving {
  look(id: ResourceId, before: Json, after: Json): Promise<Look>;
  /** Writes on top of the look just taken, or of an older one. */
  write(id: ResourceId, before: Json, after: Json, seen?: Look): Promise<void>;
  now(id: ResourceId): Promise<Json>;
  owner(id: ResourceId): Promise<Owner>;
  /** What planning that state again would change: null means nothing. */
  difference(id: ResourceId, desired: Json): Promise<Pick<Change, 'before' | 'after'> | null>;
}

export function driving<C>(driver: Driver<C>, clients: C): Driving {
  const look = async (id: ResourceId, before: Json, after: Json): Promise<Look> => {
    const [found] = await driver.look(clients, [{ kind: driver.kind, id, before, after }]);
    if (found === undefined) throw new Error('the driver saw nothing');
    return found;
  };
  return {
    look,
    async write(id, before, after, seen) {
      const { observed } = seen ?? (await look(id, before, after));
      await driver.write(clients, [{ id, before, after, observed }]);
    },
    now: async (id) => (await look(id, null, null)).now,
    owner: async (id) => (await look(id, null, null)).observed.owner,
    async difference(id, desired) {
      const [planned] = await driver.plan(clients, [{ kind: driver.kind, id, desired }]);
      if (planned === undefined) throw new Error('the driver planned nothing');
      const { before, after } = planned;
      return sameJson(comparable(before), comparable(after)) ? null : { before, after };
    },
  };
}
