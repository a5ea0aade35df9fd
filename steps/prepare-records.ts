import * as z from 'zod';
import { recordText, slowRecords } from './endpoints/slow-records.ts';
import { route53Record } from './resources/route53-record.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';

const leftRecord = z.object({ zone: z.string(), record: z.string(), reason: z.string(), remedy: z.string() });

/** Old answers live in resolvers as long as the TTL that they were given out with: what is lowered on the night helps the next one. */
export const prepareRecords = defineStep({
  id: 'prepare-records',
  title: 'Lower the TTL of the records that a recovery will switch',
  needs: { inventory: takeInventory },
  reads: ['route53', 'apiGateway'],
  outputs: z.object({
    /** How long old answers live on now, at most, in seconds. */
    timeToLiveSeconds: z.number(),
    left: z.array(leftRecord),
  }),
  modes: ['prepare'],
  drivers: [route53Record],
  waits: [],
  checks: [],

  async describe({ estate, clients, log, needs: { inventory } }) {
    if (estate.route53.zones.length === 0) return [];
    const slow = await slowRecords(await clients.route53(), estate, inventory.loadBalancers);
    for (const { zone, record, reason, remedy } of slow.flatMap(leftOf))
      log.warn(`${record} in ${zone} keeps its TTL: ${reason} -> ${remedy}`);
    return [
      slow
        .filter(({ externalDns }) => externalDns === null)
        .map(({ zone, name, type, set, state }) =>
          route53Record.resource(
            { zone: zone.id, name, type, set },
            { ...state, values: [...state.values], ttl: estate.route53.timeToLiveSeconds },
          ),
        ),
    ];
  },

  async finish({ estate, clients, needs: { inventory } }) {
    const { timeToLiveSeconds, zones } = estate.route53;
    const left = zones.length === 0 ? [] : await slowRecords(await clients.route53(), estate, inventory.loadBalancers);
    return {
      timeToLiveSeconds: Math.max(timeToLiveSeconds, ...left.map(({ ttl }) => ttl)),
      left: left.flatMap(leftOf),
    };
  },
});

function leftOf(slow: Awaited<ReturnType<typeof slowRecords>>[number]): z.infer<typeof leftRecord>[] {
  if (slow.externalDns === null) return [];
  return [
    {
      zone: slow.zone.name,
      record: recordText(slow),
      reason: `external-dns (owner ${slow.externalDns}) manages it and would write its ${slow.ttl} s back.`,
      remedy: 'Set the annotation external-dns.alpha.kubernetes.io/ttl on its Service or Ingress, in its template.',
    },
  ];
}
