import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { Route53 } from '../clients/aws.ts';
import { plainName } from '../endpoints/host-name.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/** A record's content. Everything that is not named here (weights, regions, health checks ...) is carried along in `routing`. */
export interface RecordState {
  readonly alias: { readonly zone: string; readonly name: string; readonly evaluateTargetHealth: boolean } | null;
  /** Seconds; null on aliases. */
  readonly ttl: number | null;
  readonly values: readonly string[];
  /** In Route 53's own words: Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, HealthCheckId ... */
  readonly routing: JsonObject;
}

/** One record of a zone: its identity is name, type and set identifier ('' when it has none). */
export interface ZoneRecord {
  readonly name: string;
  readonly type: string;
  readonly set: string;
  readonly state: RecordState;
  /** As Route 53 listed it: what DELETE must repeat. */
  readonly raw: ResourceRecordSet;
}

/** Every record of a zone, all pages. */
export async function listZone(route53: Route53, zone: string): Promise<ZoneRecord[]> {
  const found: ZoneRecord[] = [];
  let start: { StartRecordName?: string; StartRecordType?: ResourceRecordSet['Type']; StartRecordIdentifier?: string } = {};
  for (;;) {
    const page = await route53.listResourceRecordSets({ HostedZoneId: zone, MaxItems: 300, ...start });
    for (const raw of page.ResourceRecordSets ?? []) found.push(zoneRecord(raw));
    if (page.IsTruncated !== true || page.NextRecordName === undefined) return found;
    start = {
      StartRecordName: page.NextRecordName,
      ...(page.NextRecordType === undefined ? {} : { StartRecordType: page.NextRecordType }),
      ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
}

/** One record, or null. */
export async function findRecord(
  route53: Route53,
  zone: string,
  wanted: { readonly name: string; readonly type: string; readonly set: string },
): Promise<ZoneRecord | null> {
  const { ResourceRecordSets: [first] = [] } = await route53.listResourceRecordSets({
    HostedZoneId: zone,
    StartRecordName: wanted.name,
    StartRecordType: wanted.type as ResourceRecordSet['Type'],
    ...(wanted.set === '' ? {} : { StartRecordIdentifier: wanted.set }),
    MaxItems: 1,
  });
  if (first === undefined) return null;
  const record = zoneRecord(first);
  return record.name === plainName(wanted.name) && record.type === wanted.type && record.set === wanted.set ? record : null;
}

function zoneRecord(raw: ResourceRecordSet): ZoneRecord {
  const { Name, Type, SetIdentifier, AliasTarget, TTL, ResourceRecords, ...routing } = raw;
  // The SDK puts `undefined` where Route 53 said nothing; plain JSON leaves it out.
  const plain = JSON.parse(JSON.stringify(routing)) as Json;
  return {
    name: plainName(Name ?? ''),
    type: Type ?? '',
    set: SetIdentifier ?? '',
    state: {
      alias:
        AliasTarget === undefined
          ? null
          : {
              zone: AliasTarget.HostedZoneId ?? '',
              name: plainName(AliasTarget.DNSName ?? ''),
              evaluateTargetHealth: AliasTarget.EvaluateTargetHealth === true,
            },
      ttl: TTL ?? null,
      values: (ResourceRecords ?? []).map(({ Value }) => Value ?? '').sort(),
      routing: isJsonObject(plain) ? plain : {},
    },
    raw,
  };
}

/** The record in the form in which Route 53 takes it. */
export function recordSet(
  at: { readonly name: string; readonly type: string; readonly set: string },
  state: RecordState,
): ResourceRecordSet {
  return {
    ...(state.routing as Partial<ResourceRecordSet>),
    Name: at.name,
    Type: at.type as ResourceRecordSet['Type'],
    ...(at.set === '' ? {} : { SetIdentifier: at.set }),
    ...(state.alias === null
      ? { TTL: state.ttl ?? 0, ResourceRecords: state.values.map((Value) => ({ Value })) }
      : {
          AliasTarget: {
            HostedZoneId: state.alias.zone,
            DNSName: state.alias.name,
            EvaluateTargetHealth: state.alias.evaluateTargetHealth,
          },
        }),
  };
}
