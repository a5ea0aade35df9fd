import { awsFault } from '../aws/fault.ts';
import { type QueryParameters, structures, text } from '../aws/query.ts';
import type { XmlValue } from '../aws/xml.ts';
import { formatCidr, parseCidr } from './cidr.ts';
import { canonicalCidr6 } from './cidr6.ts';
import type { SecurityGroupRule } from './state.ts';

/** A rule before it has an id. */
export type NewRule = Omit<SecurityGroupRule, 'id' | 'tags' | 'egress'>;

/** What makes two rules of a group and direction the same one. */
export function ruleKey(rule: NewRule): string {
  return JSON.stringify([rule.protocol, rule.fromPort, rule.toPort, rule.cidr, rule.cidr6, rule.group, rule.prefixList]);
}

/** A description of a rule, within EC2's limits. */
export function checkedDescription(description: string): string {
  if (description.length <= 255 && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(description)) return description;
  const allowed = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';
  throw awsFault(
    400,
    'InvalidParameterValue',
    `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: ${allowed}`,
  );
}

const protocolNumbers: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6', all: '-1' };

function portsOf(permission: QueryParameters, protocol: string): { fromPort: number; toPort: number } {
  if (protocol === '-1') return { fromPort: -1, toPort: -1 };
  const fromPort = Number(text(permission, 'FromPort') ?? Number.NaN);
  const toPort = Number(text(permission, 'ToPort') ?? Number.NaN);
  if (!Number.isInteger(fromPort) || !Number.isInteger(toPort)) {
    throw awsFault(400, 'MissingParameter', 'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.');
  }
  const isTcp = protocol === 'tcp' || protocol === 'udp';
  if (isTcp && (fromPort < 0 || toPort > 65535 || fromPort > toPort)) {
    throw awsFault(400, 'InvalidParameterValue', `Invalid TCP range: from ${fromPort} to ${toPort}`);
  }
  return { fromPort, toPort };
}

function canonicalCidr(value: string): string | null {
  const range = parseCidr(value);
  return range && formatCidr(range);
}

/** List and member of each sort of source, and the form in which EC2 keeps it; null when it is none. */
const sourceLists = [
  ['IpRanges', 'CidrIp', 'cidr', canonicalCidr],
  ['Ipv6Ranges', 'CidrIpv6', 'cidr6', canonicalCidr6],
  ['Groups', 'GroupId', 'group', String],
  ['PrefixListIds', 'PrefixListId', 'prefixList', String],
] as const;

/** The rules in the `IpPermissions` of a call: one per source. */
export function parsePermissions(permissions: readonly QueryParameters[]): NewRule[] {
  const rules = permissions.flatMap((permission) => {
    const named = text(permission, 'IpProtocol') ?? '';
    const protocol = protocolNumbers[named] ?? named;
    if (protocol === '') throw awsFault(400, 'MissingParameter', 'The request must contain the parameter ipProtocol');
    const ports = portsOf(permission, protocol);
    return sourceLists.flatMap(([list, member, name, canonical]) =>
      structures(permission, list).map((source): NewRule => {
        const given = text(source, member) ?? '';
        if (given === '') throw awsFault(400, 'InvalidParameterValue', `A source in ${list} has no ${member}`);
        const value = canonical(given);
        if (value === null) throw awsFault(400, 'InvalidParameterValue', `CIDR block ${given} is malformed`);
        const description = text(source, 'Description');
        return {
          protocol,
          ...ports,
          [name]: value,
          ...(description === undefined ? {} : { description: checkedDescription(description) }),
        };
      }),
    );
  });
  if (rules.length === 0)
    throw awsFault(400, 'MissingParameter', 'The request must contain the parameter ipPermissions with at least one source');
  return rules;
}

/** Rules as `ipPermissions`: those of one protocol and port range share an item. */
export function permissionsView(rules: readonly SecurityGroupRule[], ownerId: string): XmlValue {
  const groups = new Map<string, SecurityGroupRule[]>();
  for (const rule of rules) {
    const key = `${rule.protocol} ${rule.fromPort} ${rule.toPort}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].map((same) => {
    const first = same[0];
    return {
      ipProtocol: first?.protocol,
      ...(first?.protocol === '-1' ? {} : { fromPort: first?.fromPort, toPort: first?.toPort }),
      groups: same.flatMap((rule) => (rule.group ? [{ userId: ownerId, groupId: rule.group, description: rule.description }] : [])),
      ipRanges: same.flatMap((rule) => (rule.cidr ? [{ cidrIp: rule.cidr, description: rule.description }] : [])),
      ipv6Ranges: same.flatMap((rule) => (rule.cidr6 ? [{ cidrIpv6: rule.cidr6, description: rule.description }] : [])),
      prefixListIds: same.flatMap((rule) => (rule.prefixList ? [{ prefixListId: rule.prefixList, description: rule.description }] : [])),
    };
  });
}
