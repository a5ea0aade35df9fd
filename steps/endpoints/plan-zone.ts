import { EksDrError } from '../kit/errors.ts';
import type { RecordState, ZoneRecord } from '../resources/route53-reading.ts';
import type { DnsPair, LeftOut } from './endpoint-map.ts';
import { externalDnsOwners } from './external-dns.ts';
import { normalisedHost } from './host-name.ts';
import { switched, targetOf } from './record-switch.ts';

export interface SwitchInputs {
  /** Host names of all load balancers of the primary. */
  readonly oldEndpoints: readonly string[];
  readonly pairs: readonly DnsPair[];
  readonly leftOut: readonly LeftOut[];
}

/** What is to be done in one zone, or what stands in the way. */
export interface PlannedSwitch {
  readonly switches: readonly { readonly id: { zone: string; name: string; type: string; set: string }; readonly state: RecordState }[];
  /** For people: records that lead to an endpoint which this recovery leaves out, or of which it knows nothing. */
  readonly leftAlone: readonly string[];
  readonly problems: readonly EksDrError[];
}

/**
 * The records of a zone that lead to the primary, each with its new state. Host names are compared whole and normalised.
 */
export function planZone(
  zone: { readonly id: string; readonly name: string },
  records: readonly ZoneRecord[],
  inputs: SwitchInputs,
): PlannedSwitch {
  const old = new Set(inputs.oldEndpoints.map(normalisedHost));
  const successors = new Map(inputs.pairs.map((pair) => [normalisedHost(pair.old.dnsName), pair]));
  const leftOut = new Map(inputs.leftOut.map((endpoint) => [normalisedHost(endpoint.dnsName), endpoint]));
  const concerned = records.flatMap((record) => {
    const target = targetOf(record);
    return target !== null && old.has(target) ? [{ record, target }] : [];
  });

  const switching = concerned.flatMap(({ record, target }) => {
    const pair = successors.get(target);
    return pair === undefined ? [] : [{ record, pair }];
  });
  const unmapped = concerned.filter(({ target }) => !successors.has(target) && !leftOut.has(target));
  const ours = new Set(inputs.pairs.map((pair) => normalisedHost(pair.new.dnsName)));
  const strangers = records.filter((record) => {
    const target = targetOf(record);
    return (
      target !== null &&
      /\.elb\.amazonaws\.com(\.cn)?$|\.elb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(target) &&
      !old.has(target) &&
      !ours.has(target)
    );
  });
  const owners = ownersIn(records);
  const fought = switching.map(({ record }) => record).filter(({ name }) => owners.has(name));

  return {
    switches: switching.map(({ record, pair }) => ({
      id: { zone: zone.id, name: record.name, type: record.type, set: record.set },
      state: switched(record.state, pair),
    })),
    leftAlone: [
      ...concerned.flatMap(({ record, target }) => {
        const endpoint = leftOut.get(target);
        return endpoint === undefined
          ? []
          : [`${record.name} ${record.type} in ${zone.name} keeps leading to ${target}: ${endpoint.reason}`];
      }),
      ...(strangers.length === 0 ? [] : [unknownBalancers(zone.name, strangers)]),
    ],
    problems: [
      ...(unmapped.length === 0 ? [] : [unmappedRecords(zone.name, unmapped)]),
      ...(fought.length === 0 ? [] : [ownedByExternalDns(zone.name, fought, owners)]),
    ],
  };
}

/** One line: an archived inventory may be older than a load balancer, and another drill may have switched the records. */
function unknownBalancers(zone: string, records: readonly ZoneRecord[]): string {
  const some = records.slice(0, 5).map(({ name, type, state }) => `${name} ${type} -> ${targetOf({ type, state })}`);
  const rest = records.length > some.length ? ` and ${records.length - some.length} more` : '';
  return `${records.length} records of ${zone} lead to load balancers that are neither of the primary's inventory nor of this run, and stay as they are: ${some.join('; ')}${rest}`;
}

/** Which record names of a zone external-dns owns. */
export function ownersIn(records: readonly ZoneRecord[]): Map<string, string> {
  const texts = records.filter(({ type }) => type === 'TXT').map(({ name, state }) => ({ name, values: state.values }));
  return externalDnsOwners(
    records.filter(({ type }) => type !== 'TXT').map(({ name }) => name),
    texts,
  );
}

/** The way on where external-dns owns a record. */
export const EXTERNAL_DNS_REMEDY =
  'Take the zone from external-dns (--domain-filter, or stop it and remove its TXT records), or leave these records to it; then plan again.';

function unmappedRecords(zone: string, unmapped: readonly { readonly record: ZoneRecord; readonly target: string }[]): EksDrError {
  const list = unmapped.map(({ record, target }) => `${record.name} ${record.type} -> ${target}`).join('; ');
  return new EksDrError('endpoint-unmapped', {
    message: `${unmapped.length} records of ${zone} lead to load balancers of the primary that have no successor: ${list}. Nothing was changed.`,
    target: zone,
  });
}

function ownedByExternalDns(zone: string, records: readonly ZoneRecord[], owners: ReadonlyMap<string, string>): EksDrError {
  const list = records.map(({ name, type }) => `${name} ${type} (owner ${owners.get(name)})`).join('; ');
  return new EksDrError('conflict', {
    message: `external-dns manages ${records.length} records of ${zone} that should be switched, and would write them back: ${list}. Nothing was changed.`,
    target: zone,
    remedy: EXTERNAL_DNS_REMEDY,
  });
}
