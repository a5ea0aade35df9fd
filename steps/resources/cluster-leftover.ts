import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { type DriverFacts, defineDriver, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import type { Owner } from '../kit/resource.ts';
import { clustersOf } from '../leftovers/cluster-tags.ts';
import type { Found } from '../leftovers/found.ts';

const id = z.strictObject({
  region: z.string(),
  /** The cluster of which it is left, and the run that made that. */
  cluster: z.string(),
  run: z.string(),
  /** The id, or the ARN. */
  id: z.string(),
});

const state = z.strictObject({ name: z.string(), clusters: z.array(z.string()) });

export type LeftoverId = z.infer<typeof id>;

interface LeftoverSpec<C> extends Pick<DriverFacts, 'kind' | 'noun' | 'permissions'> {
  readonly visibleWithinSeconds?: number;
  /** Those of the ids that are there. */
  find(clients: C, region: string, ids: readonly string[]): Promise<readonly Found[]>;
  remove(clients: C, at: LeftoverId): Promise<unknown>;
}

/**
 * A thing that a controller of a cluster made and would have deleted, were it still there. Such a driver only deletes. Whose a thing is tell
 * the tags of the cluster on it alone: it is of a run if it is of the run's own cluster, whose name carries the run's id, and of no other.
 */
export function leftoverDriver<C extends Partial<Clients>>(spec: LeftoverSpec<C>) {
  const { find, remove, ...facts } = spec;
  return defineDriver<LeftoverId, z.infer<typeof state>, C>({
    ...facts,
    compareAndSwap: { cas: 'no', window: 'the moment between reading and deleting; ids are never used again' },
    concurrency: 4,
    visibleWithinSeconds: spec.visibleWithinSeconds ?? 120,
    id,
    state,
    label: ({ id: name, cluster }) => `${name} of ${cluster}`,

    async read(clients, ids) {
      const regions = [...groupBy(ids, ({ region }) => region)];
      const all = await Promise.all(
        regions.map(async ([region, members]) => {
          const there = await find(
            clients,
            region,
            members.map((member) => member.id),
          );
          return members.map((member) => [member, there.find((one) => one.id === member.id)] as const);
        }),
      );
      const byId = new Map(all.flat());
      return ids.map((at) => {
        const one = byId.get(at);
        if (one === undefined) return { state: null, owner: { kind: 'nobody' } };
        const clusters = clustersOf(one.tags).toSorted();
        return { state: { name: one.name, clusters }, owner: ownerOf(at, clusters) };
      });
    },

    write: single(async (clients, { id: at, after }) => {
      if (after !== null) throw new EksDrError('bug', { message: `${spec.kind} only deletes, but was to write ${at.id}.` });
      await remove(clients, at);
    }),
  });
}

function ownerOf({ run, cluster }: LeftoverId, clusters: readonly string[]): Owner {
  const [only, ...others] = clusters;
  if (only === cluster && others.length === 0 && cluster.endsWith(`-${run}`)) return { kind: 'run', run };
  return { kind: 'other', detail: only === undefined ? 'its tags name no cluster' : `its tags name ${clusters.join(', ')}` };
}
