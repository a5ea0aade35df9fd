import { EksDrError } from '../kit/errors.ts';
import type { RecordState, ZoneRecord } from '../resources/route53-reading.ts';
import type { EndpointPair, LeftOut } from './endpoint-map.ts';
import { externalDnsOwners } from './external-dns.ts';
import { normalisedHost } from './host-name.ts';
import { switched, targetOf } from './record-switch.ts';

export interface SwitchInputs {
  /** Host names of all load balancers of the primary. */
  readonly oldEndpoints: readonly string[];
  readonly pairs: readonly EndpointPair[];
  readonly leftOut: readonly LeftOut[];
}

/** What is to be done in one zone, or what stands in the way. */
export interface PlannedSwitch {
  readonly switches: readonly { readonly id: { zone: string; name: string; type: string; set: string }; readonly state: RecordState }[];
  /** For people: records that lead to an endpoint which this recovery leaves out. */
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
  const owners = ownersIn(records);
  const fought = switching.map(({ record }) => record).filter(({ name }) => owners.has(name));

  return {
    switches: switching.map(({ record, pair }) => ({
      id: { zone: zone.id, name: record.name, type: record.type, set: record.set },
      state: switched(record.state, pair),
    })),
    leftAlone: concerned.flatMap(({ record, target }) => {
      const endpoint = leftOut.get(target);
      return endpoint === undefined ? [] : [`${record.name} ${record.type} in ${zone.name} keeps leading to ${target}: ${endpoint.reason}`];
    }),
    problems: [
      ...(unmapped.length === 0 ? [] : [unmappedRecords(zone.name, unmapped)]),
      ...(fought.length === 0 ? [] : [ownedByExternalDns(zone.name, fought, owners)]),
    ],
  };
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
