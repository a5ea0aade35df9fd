import { regionOfTarget } from '../api-gateway/custom-domain.ts';
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
 * The records of the production zones that a recovery switches and that have a longer TTL than the estate wants: those that lead to load
 * balancers of the primary, and those of custom domain names. Aliases have none of their own: Route 53 answers them with that of the target,
 * 60 seconds.
 */
export async function slowRecords(
  route53: Route53,
  { route53: { zones, timeToLiveSeconds }, apiGateway }: Pick<Estate, 'route53' | 'apiGateway'>,
  loadBalancers: readonly { readonly dnsName: string }[],
): Promise<SlowRecord[]> {
  const old = new Set(loadBalancers.map(({ dnsName }) => normalisedHost(dnsName)));
  const domains = new Set(apiGateway.domains.map(({ name }) => name));
  const isSwitched = (record: ZoneRecord, target: string) =>
    old.has(target) || (domains.has(record.name) && regionOfTarget(target) !== null);
  const perZone = await Promise.all(
    zones.map(async (zone) => {
      const records = await listZone(route53, zone.id);
      const owners = ownersIn(records);
      return records.flatMap((record): SlowRecord[] => {
        const { ttl } = record.state;
        const target = targetOf(record);
        if (ttl === null || ttl <= timeToLiveSeconds || target === null || !isSwitched(record, target)) return [];
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
