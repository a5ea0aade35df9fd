import { awsFault } from '../aws/fault.ts';
import { texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { byIds, ec2Response, page, regionName, regionOf, required, tagSet, tagsFor } from './call.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { ec2Region, openEgress } from './network.ts';
import { permissionsView } from './permissions.ts';
import type { Ec2Region, SecurityGroup } from './state.ts';
import { securityGroupUser } from './usage.ts';

/** Makes a security group for another system, such as the one EKS makes for a cluster. Answers the existing one of that name in the VPC. */
function ensureSecurityGroup(
  world: World,
  region: string,
  options: { readonly vpcId: string; readonly name: string; readonly description: string; readonly tags: Record<string, string> },
): SecurityGroup {
  const state = ec2Region(world, region);
  const existing = Object.values(state.securityGroups).find(({ vpcId, name }) => vpcId === options.vpcId && name === options.name);
  if (existing) return existing;
  const id = nextEc2Id(world.ec2, 'sg');
  const group: SecurityGroup = { id, ...options, rules: [openEgress(nextEc2Id(world.ec2, 'sgr'))] };
  state.securityGroups[id] = group;
  return group;
}

function view(group: SecurityGroup, region: string, ownerId: string): XmlValue {
  return {
    ownerId,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    securityGroupArn: `arn:aws:ec2:${region}:${ownerId}:security-group/${group.id}`,
    vpcId: group.vpcId,
    ipPermissions: permissionsView(
      group.rules.filter((rule) => !rule.egress),
      ownerId,
    ),
    ipPermissionsEgress: permissionsView(
      group.rules.filter((rule) => rule.egress),
      ownerId,
    ),
    tagSet: tagSet(group.tags),
  };
}

function checkId(id: string): void {
  if (!/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
    throw awsFault(400, 'InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`);
}

export function findGroup(region: Ec2Region, id: string): SecurityGroup {
  checkId(id);
  const group = region.securityGroups[id];
  if (group) return group;
  throw awsFault(400, 'InvalidGroup.NotFound', `The security group '${id}' does not exist`);
}

function checkNew(region: Ec2Region, vpcId: string, name: string): void {
  if (!region.vpcs[vpcId]) throw awsFault(400, 'InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
  if (name.length > 255 || name.startsWith('sg-') || name === 'default') {
    throw awsFault(
      400,
      'InvalidParameterValue',
      `Value (${name}) for parameter groupName is invalid. Group names may not be in the format sg-*.`,
    );
  }
  if (Object.values(region.securityGroups).some((group) => group.vpcId === vpcId && group.name === name)) {
    throw awsFault(400, 'InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  }
}

export const securityGroupOperations: QueryOperations = {
  DescribeSecurityGroups: {
    parameters: ['GroupId', 'GroupName', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      for (const id of texts(call.parameters, 'GroupId')) checkId(id);
      const found = byIds(call, 'GroupId', regionOf(world, request).securityGroups, 'InvalidGroup.NotFound');
      const filtered = filterItems(call, found, {
        'group-id': (group) => group.id,
        'group-name': (group) => group.name,
        'vpc-id': (group) => group.vpcId,
        description: (group) => group.description,
        'ip-permission.group-id': (group) => group.rules.flatMap((rule) => (rule.egress ? [] : (rule.group ?? []))),
        'egress.ip-permission.group-id': (group) => group.rules.flatMap((rule) => (rule.egress ? (rule.group ?? []) : [])),
        'ip-permission.cidr': (group) => group.rules.flatMap((rule) => (rule.egress ? [] : (rule.cidr ?? []))),
      });
      const { items, nextToken } = page(call, filtered);
      return ec2Response(call.action, {
        securityGroupInfo: items.map((each) => view(each, regionName(request), world.accountId)),
        nextToken,
      });
    },
  },
  CreateSecurityGroup: {
    parameters: ['GroupName', 'GroupDescription', 'VpcId', 'TagSpecification', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const vpcId = required(call, 'VpcId');
      const name = required(call, 'GroupName');
      const description = required(call, 'GroupDescription');
      checkNew(regionOf(world, request), vpcId, name);
      const tags = tagsFor(call, 'security-group');
      const group = ensureSecurityGroup(world, regionName(request), { vpcId, name, description, tags });
      const arn = `arn:aws:ec2:${regionName(request)}:${world.accountId}:security-group/${group.id}`;
      return ec2Response(call.action, { return: true, groupId: group.id, securityGroupArn: arn, tagSet: tagSet(tags) });
    },
  },
  DeleteSecurityGroup: {
    parameters: ['GroupId', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const group = findGroup(region, required(call, 'GroupId'));
      if (group.name === 'default')
        throw awsFault(400, 'CannotDelete', `the specified group: "${group.id}" name: "default" cannot be deleted by a user`);
      const others = Object.values(region.securityGroups).filter((other) => other.id !== group.id);
      const referenced = others.some((other) => other.rules.some((rule) => rule.group === group.id));
      if (referenced || securityGroupUser(world, regionName(request), group.id) !== null) {
        throw awsFault(400, 'DependencyViolation', `resource ${group.id} has a dependent object`);
      }
      delete region.securityGroups[group.id];
      return ec2Response(call.action, { return: true, groupId: group.id });
    },
  },
};
