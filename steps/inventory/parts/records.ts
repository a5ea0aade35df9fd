import * as z from 'zod';
import { leadsToRegion } from '../../endpoints/load-balancer-name.ts';
import { targetOf } from '../../endpoints/record-switch.ts';
import { listZone } from '../../resources/route53-reading.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .array(
    z.strictObject({
      zone: z.string().min(1),
      name: z.string().min(1),
      type: z.string(),
      /** The set identifier; '' where the record has none. */
      set: z.string(),
      /** The load balancer, as DNS names are compared. */
      target: z.string().min(1),
    }),
  )
  .nullable();

/** The records of the production zones that lead to load balancers in the region of the primary: to its own, and to any other there. */
export const records = definePart({
  schema,
  words: 'records that lead to load balancers',
  system: 'Route 53',
  forPeople: true,
  size: (value) => value?.length ?? 0,

  async read(clients, { primary, route53: { zones } }) {
    if (zones.length === 0) return [];
    const route53 = await clients.route53();
    const perZone = await Promise.all(
      zones.map(async (zone) =>
        (await listZone(route53, zone.id)).flatMap((record) => {
          const target = targetOf(record);
          if (target === null || !leadsToRegion(target, primary.region)) return [];
          return [{ zone: zone.name, name: record.name, type: record.type, set: record.set, target }];
        }),
      ),
    );
    return sortedBy(perZone.flat(), ({ zone, name, type, set }) => `${zone} ${name} ${type} ${set}`);
  },
});
