import { awsFault } from '../aws/fault.ts';
import { namedList, type XmlValue } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import { canonicalName } from './names.ts';
import { compareRecords, sortedRecords } from './record-order.ts';
import type { HostedZone, RecordSet } from './state.ts';
import { xmlResponse } from './xml.ts';

const maximumItems = 300;

/** MaxItems of a request: at most `maximum`, whatever is asked for. */
export function maxItems(request: SandboxRequest, maximum: number): number {
  const source = request.query.get('maxitems');
  if (source === null) return maximum;
  const value = Number(source);
  if (!Number.isInteger(value) || value < 1) throw awsFault(400, 'InvalidInput', `Invalid value for maxitems: '${source}'`);
  return Math.min(value, maximum);
}

function view(record: RecordSet): XmlValue {
  const { Name, Type, SetIdentifier, Weight, Region, GeoLocation, Failover, MultiValueAnswer, TTL } = record;
  return {
    Name,
    Type,
    SetIdentifier,
    Weight,
    Region,
    GeoLocation,
    Failover,
    MultiValueAnswer,
    TTL,
    ResourceRecords:
      record.ResourceRecords &&
      namedList(
        'ResourceRecord',
        record.ResourceRecords.map((Value) => ({ Value })),
      ),
    AliasTarget: record.AliasTarget && { ...record.AliasTarget },
    HealthCheckId: record.HealthCheckId,
    CidrRoutingConfig: record.CidrRoutingConfig,
    GeoProximityLocation: record.GeoProximityLocation as XmlValue,
  };
}

function startIndex(records: readonly RecordSet[], { query }: SandboxRequest): number {
  const name = query.get('name');
  const type = query.get('type');
  const identifier = query.get('identifier');
  if (name === null && type !== null) throw awsFault(400, 'InvalidInput', 'The input is not valid: type without name.');
  if (identifier !== null && (name === null || type === null))
    throw awsFault(400, 'InvalidInput', 'The input is not valid: identifier without name and type.');
  if (name === null) return 0;
  const start = { Name: canonicalName(name), Type: type ?? '', SetIdentifier: identifier ?? '' };
  const index = records.findIndex((record) => compareRecords(record, start) >= 0);
  return index < 0 ? records.length : index;
}

/** ListResourceRecordSets: from the start that is asked for, in the API's order, 300 at a time. */
export function listRecords(zone: HostedZone, request: SandboxRequest): SandboxResponse {
  const records = sortedRecords(zone);
  const start = startIndex(records, request);
  const size = maxItems(request, maximumItems);
  const next = records[start + size];
  return xmlResponse('ListResourceRecordSetsResponse', {
    ResourceRecordSets: namedList('ResourceRecordSet', records.slice(start, start + size).map(view)),
    IsTruncated: next !== undefined,
    NextRecordName: next?.Name,
    NextRecordType: next?.Type,
    NextRecordIdentifier: next?.SetIdentifier,
    MaxItems: size,
  });
}
