import { isIPv4, isIPv6 } from 'node:net';
import type { RecordSet } from './state.ts';

/** The routing policies that need a set identifier, by the member that says so. */
const routingMembers = [
  'Weight',
  'Region',
  'Failover',
  'MultiValueAnswer',
  'GeoLocation',
  'GeoProximityLocation',
  'CidrRoutingConfig',
] as const;

export type RoutingPolicy = (typeof routingMembers)[number] | 'Simple';

/** How a record set routes; null when it names several policies. */
export function routingPolicy(record: RecordSet): RoutingPolicy | null {
  const named = routingMembers.filter((member) => record[member] !== undefined);
  if (named.length > 1) return null;
  return named[0] ?? 'Simple';
}

function description(action: string, record: RecordSet): string {
  return `Change with [Action=${action}, Name=${record.Name}, Type=${record.Type}, SetIdentifier=${record.SetIdentifier ?? 'null'}]`;
}

/** A record set that contradicts itself: the request is InvalidInput as a whole. Null when it is well formed. */
export function shapeProblem(action: string, record: RecordSet): string | null {
  const where = description(action, record);
  const { TTL, ResourceRecords, AliasTarget } = record;
  const plain = TTL !== undefined && ResourceRecords !== undefined;
  const halves = TTL !== undefined || ResourceRecords !== undefined;
  const expected = 'Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
  if (AliasTarget && halves) return `${expected}, but found more than one in ${where}`;
  if (!AliasTarget && !plain) return `${expected}, but found none in ${where}`;
  const policy = routingPolicy(record);
  if (policy === null) {
    return `Invalid request: Expected at most one of [${routingMembers.join(', ')}], but found more than one in ${where}`;
  }
  if (policy !== 'Simple' && !record.SetIdentifier) return `Invalid request: Missing field 'SetIdentifier' in ${where}`;
  if (policy === 'Simple' && record.SetIdentifier !== undefined) {
    return `Invalid request: Expected exactly one of [${routingMembers.join(', ')}], but found none in ${where}`;
  }
  if ((record.SetIdentifier?.length ?? 0) > 128) return `Invalid request: SetIdentifier is longer than 128 characters in ${where}`;
  if (policy === 'MultiValueAnswer' && AliasTarget)
    return `Invalid request: MultiValueAnswer and AliasTarget exclude each other in ${where}`;
  if (record.Failover !== undefined && record.Failover !== 'PRIMARY' && record.Failover !== 'SECONDARY') {
    return `Invalid XML ; Value '${record.Failover}' is not facet-valid with respect to enumeration '[PRIMARY, SECONDARY]'.`;
  }
  return null;
}

const hostName = /^(?=.{1,255}$)([a-z0-9_*\\-]{1,63}\.)*[a-z0-9_\\-]{1,63}\.?$/i;

function textProblem(value: string): string | null {
  const strings = value.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  if (strings.length === 0 || value.replace(/"(?:[^"\\]|\\.)*"/g, '').trim() !== '') {
    return 'InvalidCharacterString (Value should be enclosed in quotation marks)';
  }
  return strings.some((each) => each.length - 2 > 255) ? 'CharacterStringTooLong (Value is too long)' : null;
}

function valueProblem(type: string, value: string): string | null {
  switch (type) {
    case 'A':
      return isIPv4(value) ? null : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)';
    case 'AAAA':
      return isIPv6(value) ? null : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)';
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return hostName.test(value) ? null : `${type}RDATAIllegalName (Value is not a valid domain name)`;
    case 'TXT':
    case 'SPF':
      return textProblem(value);
    case 'MX':
      return /^\d{1,5}\s+\S+$/.test(value) ? null : 'MXRRDATANotTwoFields (Value is not "priority name")';
    case 'SRV':
      return /^(\d{1,5}\s+){3}\S+$/.test(value) ? null : 'SRVRRDATANotFourFields (Value is not "priority weight port name")';
    case 'CAA':
      return /^\d{1,3}\s+\S+\s+".*"$/.test(value) ? null : 'CAARRDATAInvalid (Value is not "flags tag \\"value\\"")';
    default:
      return null;
  }
}

/** What is wrong with the values of a record set, in Route 53's words; empty when they are fine. */
export function valueProblems(record: RecordSet): string[] {
  const values = record.ResourceRecords ?? [];
  if (!record.AliasTarget && values.length === 0) return ['Invalid Resource Record: FATAL problem: MissingResourceRecord'];
  if (values.length > 400) return ['Invalid Resource Record: more than 400 values in a resource record set'];
  if (new Set(values).size < values.length)
    return [`Duplicate Resource Record: '${values.find((each, index) => values.indexOf(each) !== index)}'`];
  if (record.Type === 'CNAME' && values.length > 1)
    return ["Invalid Resource Record: 'FATAL problem: CNAMERRDATATooManyValues (Only one value allowed)'"];
  return values.flatMap((value) => {
    const problem = valueProblem(record.Type, value);
    return problem === null ? [] : [`Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`];
  });
}
