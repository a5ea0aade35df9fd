import { awsFault } from '../aws/fault.ts';
import { canonicalName } from './names.ts';
import type { AliasTarget, RecordSet } from './state.ts';
import { allowElements, child, childList, childText, nodes, type XmlNode } from './xml.ts';

const members = [
  'Name',
  'Type',
  'SetIdentifier',
  'Weight',
  'Region',
  'GeoLocation',
  'Failover',
  'MultiValueAnswer',
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
  'TrafficPolicyInstanceId',
  'CidrRoutingConfig',
  'GeoProximityLocation',
];

const types = ['A', 'AAAA', 'CAA', 'CNAME', 'DS', 'HTTPS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SPF', 'SRV', 'SSHFP', 'SVCB', 'TLSA', 'TXT'];

function wholeNumber(node: XmlNode, name: string, maximum: number): number | undefined {
  const source = childText(node, name);
  if (source === undefined) return undefined;
  const value = Number(source);
  if (/^\d+$/.test(source) && value <= maximum) return value;
  throw awsFault(400, 'InvalidInput', `Invalid XML ; '${source}' is not a valid value for '${name}' (0 to ${maximum}).`);
}

function flag(node: XmlNode, name: string): boolean | undefined {
  const source = childText(node, name);
  if (source === undefined) return undefined;
  if (source === 'true' || source === 'false') return source === 'true';
  throw awsFault(400, 'InvalidInput', `Invalid XML ; '${source}' is not a valid value for 'boolean'.`);
}

function texts(node: XmlNode | undefined): Record<string, string> | undefined {
  if (!node) return undefined;
  return Object.fromEntries(Object.entries(node).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function aliasOf(node: XmlNode): AliasTarget | undefined {
  const alias = child(node, 'AliasTarget');
  if (!alias) return undefined;
  allowElements(alias, ['HostedZoneId', 'DNSName', 'EvaluateTargetHealth']);
  const HostedZoneId = childText(alias, 'HostedZoneId');
  const DNSName = childText(alias, 'DNSName');
  const EvaluateTargetHealth = flag(alias, 'EvaluateTargetHealth');
  if (!HostedZoneId || !DNSName || EvaluateTargetHealth === undefined) {
    throw awsFault(400, 'InvalidInput', 'Invalid XML ; AliasTarget needs HostedZoneId, DNSName and EvaluateTargetHealth.');
  }
  return { HostedZoneId, DNSName: canonicalName(DNSName), EvaluateTargetHealth };
}

function valuesOf(node: XmlNode): string[] | undefined {
  const list = childList(node, 'ResourceRecords', 'ResourceRecord');
  return list && nodes(list).map((each) => childText(each, 'Value') ?? '');
}

function cidrOf(node: XmlNode): RecordSet['CidrRoutingConfig'] {
  const config = child(node, 'CidrRoutingConfig');
  if (!config) return undefined;
  return { CollectionId: childText(config, 'CollectionId') ?? '', LocationName: childText(config, 'LocationName') ?? '' };
}

/** A ResourceRecordSet element. Checks its schema only; what the values mean is checked with the change. */
export function parseRecord(node: XmlNode): RecordSet {
  allowElements(node, members);
  const Name = childText(node, 'Name');
  const Type = childText(node, 'Type') ?? '';
  if (!Name) throw awsFault(400, 'InvalidInput', "Invalid XML ; missing element 'Name'.");
  if (!types.includes(Type))
    throw awsFault(
      400,
      'InvalidInput',
      `Invalid XML ; Value '${Type}' is not facet-valid with respect to enumeration '[${types.join(', ')}]'.`,
    );
  const record: { [name in keyof RecordSet]: RecordSet[name] | undefined } = {
    Name: canonicalName(Name),
    Type,
    SetIdentifier: childText(node, 'SetIdentifier'),
    Weight: wholeNumber(node, 'Weight', 255),
    Region: childText(node, 'Region'),
    Failover: childText(node, 'Failover'),
    MultiValueAnswer: flag(node, 'MultiValueAnswer'),
    GeoLocation: texts(child(node, 'GeoLocation')),
    GeoProximityLocation: child(node, 'GeoProximityLocation'),
    CidrRoutingConfig: cidrOf(node),
    TTL: wholeNumber(node, 'TTL', 2147483647),
    ResourceRecords: valuesOf(node),
    AliasTarget: aliasOf(node),
    HealthCheckId: childText(node, 'HealthCheckId'),
  };
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as unknown as RecordSet;
}
