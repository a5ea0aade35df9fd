import { awsFault } from '../aws/fault.ts';
import { type QueryCall, structures, text, texts } from '../aws/query.ts';
import type { QueryOperation, QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { ec2Response, page, regionOf, required, tagSet, tagsFor } from './call.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { checkedDescription, type NewRule, parsePermissions, ruleKey } from './permissions.ts';
import { findGroup } from './security-groups.ts';
import type { Ec2Region, SecurityGroup, SecurityGroupRule } from './state.ts';

/** "Inbound or outbound rules per security group", by default. */
const ruleQuota = 60;

function view(rule: SecurityGroupRule, groupId: string, ownerId: string): XmlValue {
  return {
    securityGroupRuleId: rule.id,
    groupId,
    groupOwnerId: ownerId,
    isEgress: rule.egress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrIpv4: rule.cidr,
    cidrIpv6: rule.cidr6,
    prefixListId: rule.prefixList,
    referencedGroupInfo: rule.group === undefined ? undefined : { groupId: rule.group, userId: ownerId },
    description: rule.description,
    tagSet: tagSet(rule.tags),
  };
}

/** A rule may name groups of its own VPC, and of VPCs that are peered with it. */
function checkReachable({ peerings }: Ec2Region, group: SecurityGroup, peer: SecurityGroup): void {
  const between = [group.vpcId, peer.vpcId];
  const peered = Object.values(peerings).some(
    ({ requester, accepter, status }) => status === 'active' && between.includes(requester) && between.includes(accepter),
  );
  if (group.vpcId === peer.vpcId || peered) return;
  throw awsFault(400, 'InvalidGroup.NotFound', `You have specified two resources that belong to different networks: ${between.join(', ')}`);
}

function checkSources(region: Ec2Region, group: SecurityGroup, rules: readonly NewRule[], egress: boolean): void {
  for (const rule of rules) {
    if (rule.group !== undefined) checkReachable(region, group, findGroup(region, rule.group));
    const same = group.rules.some((existing) => existing.egress === egress && ruleKey(existing) === ruleKey(rule));
    if (same) throw awsFault(400, 'InvalidPermission.Duplicate', `the specified rule "${ruleKey(rule)}" already exists`);
  }
  if (new Set(rules.map(ruleKey)).size < rules.length)
    throw awsFault(400, 'InvalidParameterValue', 'The same permission must not appear multiple times');
  const count = group.rules.filter((existing) => existing.egress === egress).length + rules.length;
  if (count > ruleQuota)
    throw awsFault(400, 'RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules per security group has been reached.');
}

function authorize(egress: boolean): QueryOperation {
  return {
    parameters: ['GroupId', 'IpPermissions', 'TagSpecification', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const group = findGroup(region, required(call, 'GroupId'));
      const rules = parsePermissions(structures(call.parameters, 'IpPermissions'));
      const tags = tagsFor(call, 'security-group-rule');
      checkSources(region, group, rules, egress);
      const added = rules.map((rule): SecurityGroupRule => ({ ...rule, egress, id: nextEc2Id(world.ec2, 'sgr'), tags: { ...tags } }));
      group.rules.push(...added);
      return ec2Response(call.action, { return: true, securityGroupRuleSet: added.map((rule) => view(rule, group.id, world.accountId)) });
    },
  };
}

function rulesToRevoke(call: QueryCall, group: SecurityGroup, egress: boolean): SecurityGroupRule[] {
  const candidates = group.rules.filter((rule) => rule.egress === egress);
  const ids = texts(call.parameters, 'SecurityGroupRuleId');
  const missing = ids.find((id) => !candidates.some((rule) => rule.id === id));
  if (missing) throw awsFault(400, 'InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${missing}' does not exist`);
  if (ids.length > 0) return candidates.filter((rule) => ids.includes(rule.id));
  const keys = parsePermissions(structures(call.parameters, 'IpPermissions')).map(ruleKey);
  if (keys.some((key) => !candidates.some((rule) => ruleKey(rule) === key))) {
    throw awsFault(400, 'InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
  }
  return candidates.filter((rule) => keys.includes(ruleKey(rule)));
}

function revoke(egress: boolean): QueryOperation {
  return {
    parameters: ['GroupId', 'IpPermissions', 'SecurityGroupRuleId', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const group = findGroup(regionOf(world, request), required(call, 'GroupId'));
      const gone = rulesToRevoke(call, group, egress);
      group.rules = group.rules.filter((rule) => !gone.includes(rule));
      return ec2Response(call.action, { return: true });
    },
  };
}

function describeRules(egress: boolean): QueryOperation {
  return {
    parameters: ['GroupId', 'IpPermissions', 'SecurityGroupRuleDescription', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const group = findGroup(regionOf(world, request), required(call, 'GroupId'));
      for (const described of structures(call.parameters, 'SecurityGroupRuleDescription')) {
        const id = text(described, 'SecurityGroupRuleId') ?? '';
        const rule = group.rules.find((each) => each.id === id && each.egress === egress);
        if (rule === undefined)
          throw awsFault(400, 'InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`);
        setDescription(rule, text(described, 'Description'));
      }
      for (const given of permissionsIn(call)) {
        const rule = group.rules.find((each) => each.egress === egress && ruleKey(each) === ruleKey(given));
        if (rule === undefined)
          throw awsFault(400, 'InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
        setDescription(rule, given.description);
      }
      return ec2Response(call.action, { return: true });
    },
  };
}

function permissionsIn(call: QueryCall): readonly NewRule[] {
  const permissions = structures(call.parameters, 'IpPermissions');
  return permissions.length === 0 ? [] : parsePermissions(permissions);
}

function setDescription(rule: SecurityGroupRule, description: string | undefined): void {
  if (description === undefined || description === '') delete rule.description;
  else rule.description = checkedDescription(description);
}

export const ruleOperations: QueryOperations = {
  AuthorizeSecurityGroupIngress: authorize(false),
  AuthorizeSecurityGroupEgress: authorize(true),
  RevokeSecurityGroupIngress: revoke(false),
  RevokeSecurityGroupEgress: revoke(true),
  UpdateSecurityGroupRuleDescriptionsIngress: describeRules(false),
  UpdateSecurityGroupRuleDescriptionsEgress: describeRules(true),
  DescribeSecurityGroupRules: {
    parameters: ['SecurityGroupRuleId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const groups = Object.values(regionOf(world, request).securityGroups);
      const all = groups.flatMap((group) => group.rules.map((rule) => ({ rule, groupId: group.id, tags: rule.tags })));
      const ids = texts(call.parameters, 'SecurityGroupRuleId');
      const missing = ids.find((id) => !all.some(({ rule }) => rule.id === id));
      if (missing) throw awsFault(400, 'InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${missing}' does not exist`);
      const asked = all.filter(({ rule }) => ids.length === 0 || ids.includes(rule.id));
      const filtered = filterItems(call, asked, { 'group-id': ({ groupId }) => groupId, 'security-group-rule-id': ({ rule }) => rule.id });
      const { items, nextToken } = page(call, filtered);
      const views = items.map(({ rule, groupId }) => view(rule, groupId, world.accountId));
      return ec2Response(call.action, { securityGroupRuleSet: views, nextToken });
    },
  },
};
