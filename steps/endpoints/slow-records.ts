import type { Route53 } from '../clients/aws.ts';
import type { Estate } from '../estate/estate.ts';
import { listZone, type ZoneRecord } from '../resources/route53-reading.ts';
import { normalisedHost } from './host-name.ts';
import { ownersIn } from './plan-zone.ts';
import { targetOf } from './record-switch.ts';

/** A record whose answers live on for longer than the estate waits after the switch. */
export interface SlowRecord extends ZoneRecord {
  readonly zone: { readonly id: string; readonly name: string };
  readonly ttl: number;
  /** The owner id of external-dns, where that manages the record. */
  readonly externalDns: string | null;
}

/**
 * The records of the production zones that lead to load balancers of the primary and have a longer TTL than the estate wants. Aliases have
 * none of their own: Route 53 answers them with that of the load balancer, 60 seconds.
 */
export async function slowRecords(
  route53: Route53,
  { zones, timeToLiveSeconds }: Estate['route53'],
  loadBalancers: readonly { readonly dnsName: string }[],
): Promise<SlowRecord[]> {
  const old = new Set(loadBalancers.map(({ dnsName }) => normalisedHost(dnsName)));
  const perZone = await Promise.all(
    zones.map(async (zone) => {
      const records = await listZone(route53, zone.id);
      const owners = ownersIn(records);
      return records.flatMap((record): SlowRecord[] => {
        const { ttl } = record.state;
        const target = targetOf(record);
        if (ttl === null || ttl <= timeToLiveSeconds || target === null || !old.has(target)) return [];
        return [{ ...record, zone, ttl, externalDns: owners.get(record.name) ?? null }];
      });
    }),
  );
  return perZone.flat();
}

/** `www.example.com CNAME (blue)`. */
export function recordText({ name, type, set }: Pick<ZoneRecord, 'name' | 'type' | 'set'>): string {
  return `${name} ${type}${set === '' ? '' : ` (${set})`}`;
}
