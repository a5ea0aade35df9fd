import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { Ec2 } from '../clients/aws.ts';
import { explaining, unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { peerOf } from '../network-paths/rule.ts';
import { ownerByTags, ownerWithin } from './cluster-owner.ts';

const id = z.strictObject({
  region: z.string(),
  /** The group whose rule it is: sg-… */
  group: z.string(),
  direction: z.enum(['ingress', 'egress']),
  /** tcp, udp, icmp, or -1 for everything. */
  protocol: z.string(),
  /** First and last port; both -1 with protocol -1. */
  from: z.string(),
  to: z.string(),
  /** Who is let in or may be reached: a security group, a range (CIDR), or a prefix list (pl-…). */
  peer: z.string(),
});

const state = z.strictObject({ description: z.string(), run: z.string().nullable() });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** DescribeSecurityGroups and DescribeSecurityGroupRules take so many values in a filter. */
const MOST_VALUES = 200;

/** One rule of a security group, with one peer. */
export const ec2SecurityGroupRule = defineDriver<Id, State, Pick<Clients, 'ec2'>>({
  kind: 'ec2.security-group-rule',
  noun: 'security group rule',
  compareAndSwap: { cas: 'yes', by: 'EC2 takes no second rule of the same ports and peer, and rules are changed by their ids' },
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
      'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
      'ec2:CreateTags',
      'ec2:DeleteTags',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
    ],
  },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ group, direction, protocol, from, to, peer }) =>
    `${group} ${direction} ${protocol === '-1' ? 'everything' : `${protocol} ${from === to ? from : `${from}-${to}`}`} ${direction === 'ingress' ? 'from' : 'to'} ${peer}`,
  halfWritten: fieldByField,
  read,
  write: single(writeOne),
});

async function read(clients: Pick<Clients, 'ec2'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const regions = [...groupBy(ids, ({ region }) => region)];
  const read = await Promise.all(regions.map(async ([region, members]) => readRegion(await clients.ec2(region), members)));
  const found = new Map(read.flat());
  return ids.map((at) => found.get(at) ?? { state: null, owner: noGroup(at.group) });
}

async function readRegion(ec2: Ec2, members: readonly Id[]): Promise<[Id, Observed<State>][]> {
  const names = [...new Set(members.map(({ group }) => group))];
  const read: [Id, Observed<State>][] = [];
  for (let start = 0; start < names.length; start += MOST_VALUES) {
    const part = names.slice(start, start + MOST_VALUES);
    const [owners, rules] = await Promise.all([groupOwners(ec2, part), listRules(ec2, part)]);
    for (const at of members.filter(({ group }) => part.includes(group))) {
      const owner = owners.get(at.group) ?? noGroup(at.group);
      const rule = rules.find((each) => isRule(each, at));
      read.push([at, rule === undefined ? { state: null, owner } : observedRule(rule, owner)]);
    }
  }
  return read;
}

function observedRule(rule: SecurityGroupRule, container: Owner): Observed<State> {
  const run = rule.Tags?.find(({ Key }) => Key === RUN_TAG)?.Value ?? null;
  return {
    state: { description: rule.Description ?? '', run },
    owner: ownerWithin(container, run === null ? null : { kind: 'run', run }),
    version: rule.SecurityGroupRuleId,
  };
}

function isRule(rule: SecurityGroupRule, at: Id): boolean {
  return (
    rule.GroupId === at.group &&
    (rule.IsEgress === true ? 'egress' : 'ingress') === at.direction &&
    rule.IpProtocol === at.protocol &&
    String(rule.FromPort ?? -1) === at.from &&
    String(rule.ToPort ?? -1) === at.to &&
    peerOf(rule) === at.peer
  );
}

async function groupOwners(ec2: Ec2, names: readonly string[]): Promise<Map<string, Owner>> {
  const groups = await allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroups({ Filters: [{ Name: 'group-id', Values: [...names] }], MaxResults: 1000, NextToken });
    return [page.SecurityGroups, page.NextToken];
  });
  return new Map(
    groups.map(({ GroupId = '', Tags = [] }) => {
      const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
      const detail = `the security group ${GroupId} carries neither ${SCOPE_TAG} nor ${RUN_TAG}`;
      return [GroupId, ownerByTags(tags) ?? { kind: 'other', detail }];
    }),
  );
}

function listRules(ec2: Ec2, names: readonly string[]): Promise<SecurityGroupRule[]> {
  return allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [...names] }], MaxResults: 1000, NextToken });
    return [page.SecurityGroupRules, page.NextToken];
  });
}

function noGroup(group: string): Owner {
  return { kind: 'other', detail: `the security group ${group} does not exist` };
}

async function writeOne(clients: Pick<Clients, 'ec2'>, { id: at, before, after, observed }: Write<Id, State>): Promise<void> {
  const ec2 = await clients.ec2(at.region);
  const ruleId = String(observed.version ?? '');
  if (after === null) return revoke(ec2, at, ruleId);
  if (before === null) return authorize(ec2, at, after);
  if (after.description !== before.description) {
    const input = { GroupId: at.group, IpPermissions: [permissionOf(at, after.description)] };
    if (at.direction === 'ingress') await ec2.updateSecurityGroupRuleDescriptionsIngress(input);
    else await ec2.updateSecurityGroupRuleDescriptionsEgress(input);
  }
  if (after.run === before.run) return;
  if (after.run === null) await ec2.deleteTags({ Resources: [ruleId], Tags: [{ Key: RUN_TAG }] });
  else await ec2.createTags({ Resources: [ruleId], Tags: [{ Key: RUN_TAG, Value: after.run }] });
}

async function authorize(ec2: Ec2, at: Id, after: State): Promise<void> {
  const tagged = { ResourceType: 'security-group-rule' as const, Tags: [{ Key: RUN_TAG, Value: after.run ?? '' }] };
  const input = {
    GroupId: at.group,
    IpPermissions: [permissionOf(at, after.description)],
    ...(after.run === null ? {} : { TagSpecifications: [tagged] }),
  };
  await explaining(at.direction === 'ingress' ? ec2.authorizeSecurityGroupIngress(input) : ec2.authorizeSecurityGroupEgress(input), {
    RulesPerSecurityGroupLimitExceeded: (error) => full(at, error),
  });
}

function permissionOf({ protocol, from, to, peer }: Id, description: string): IpPermission {
  const Description = description === '' ? undefined : description;
  const ports = protocol === '-1' ? {} : { FromPort: Number(from), ToPort: Number(to) };
  return { IpProtocol: protocol, ...ports, ...peerMember(peer, Description) };
}

function peerMember(peer: string, Description: string | undefined): IpPermission {
  if (peer.startsWith('sg-')) return { UserIdGroupPairs: [{ GroupId: peer, Description }] };
  if (peer.startsWith('pl-')) return { PrefixListIds: [{ PrefixListId: peer, Description }] };
  return peer.includes(':') ? { Ipv6Ranges: [{ CidrIpv6: peer, Description }] } : { IpRanges: [{ CidrIp: peer, Description }] };
}

async function revoke(ec2: Ec2, { group, direction }: Id, ruleId: string): Promise<void> {
  const input = { GroupId: group, SecurityGroupRuleIds: [ruleId] };
  const answer = direction === 'ingress' ? ec2.revokeSecurityGroupIngress(input) : ec2.revokeSecurityGroupEgress(input);
  await unlessMissing<unknown>(answer, 'InvalidSecurityGroupRuleId.NotFound', 'InvalidPermission.NotFound', 'InvalidGroup.NotFound');
}

function full(at: Id, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The security group ${at.group} takes no further rule: ${error.message}`,
    target: `security group ${at.group} in ${at.region}`,
    remedy:
      'Take out rules for clusters that are gone, or have the VPC quota "Inbound or outbound rules per security group" raised (60 unless raised); then run the step again.',
    cause: error.cause,
  });
}
