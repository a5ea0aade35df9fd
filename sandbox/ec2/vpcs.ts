import { awsFault } from '../aws/fault.ts';
import { text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { byIds, ec2Response, page, parsedRange, regionOf, required, tagSet, tagsFor } from './call.ts';
import { formatCidr } from './cidr.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { defaultGroup } from './network.ts';
import type { Vpc } from './state.ts';

function view(vpc: Vpc, ownerId: string): XmlValue {
  return {
    vpcId: vpc.id,
    ownerId,
    state: 'available',
    cidrBlock: vpc.cidr,
    cidrBlockAssociationSet: [
      { cidrBlock: vpc.cidr, associationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-'), cidrBlockState: { state: 'associated' } },
    ],
    dhcpOptionsId: 'dopt-00000000000000001',
    instanceTenancy: 'default',
    isDefault: vpc.isDefault,
    tagSet: tagSet(vpc.tags),
  };
}

/** VPCs per region, as the account quota "VPCs per Region" has it by default. */
const vpcQuota = 5;

export const vpcOperations: QueryOperations = {
  DescribeVpcs: {
    parameters: ['VpcId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const found = byIds(call, 'VpcId', regionOf(world, request).vpcs, 'InvalidVpcID.NotFound');
      const { items, nextToken } = page(
        call,
        filterItems(call, found, {
          'vpc-id': (vpc) => vpc.id,
          cidr: (vpc) => vpc.cidr,
          'cidr-block': (vpc) => vpc.cidr,
          state: () => 'available',
          'is-default': (vpc) => String(vpc.isDefault),
          isDefault: (vpc) => String(vpc.isDefault),
        }),
      );
      return ec2Response(call.action, { vpcSet: items.map((vpc) => view(vpc, world.accountId)), nextToken });
    },
  },
  CreateVpc: {
    parameters: ['CidrBlock', 'InstanceTenancy', 'TagSpecification', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const block = required(call, 'CidrBlock');
      const range = parsedRange(block);
      if (range.length < 16 || range.length > 28) throw awsFault(400, 'InvalidVpc.Range', `The CIDR '${block}' is invalid.`);
      const tags = tagsFor(call, 'vpc');
      if (Object.keys(region.vpcs).length >= vpcQuota)
        throw awsFault(400, 'VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
      const vpc: Vpc = { id: nextEc2Id(world.ec2, 'vpc'), cidr: formatCidr(range), isDefault: false, tags };
      const group = defaultGroup(vpc.id, nextEc2Id(world.ec2, 'sg'));
      region.vpcs[vpc.id] = vpc;
      region.securityGroups[group.id] = group;
      return ec2Response(call.action, { vpc: view(vpc, world.accountId) });
    },
  },
  DeleteVpc: {
    parameters: ['VpcId', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const id = required(call, 'VpcId');
      if (!region.vpcs[id]) throw awsFault(400, 'InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
      const groups = Object.values(region.securityGroups).filter((group) => group.vpcId === id);
      const subnets = Object.values(region.subnets).some((subnet) => subnet.vpcId === id);
      if (subnets || groups.some((group) => group.name !== 'default')) {
        throw awsFault(400, 'DependencyViolation', `The vpc '${id}' has dependencies and cannot be deleted.`);
      }
      for (const group of groups) delete region.securityGroups[group.id];
      delete region.vpcs[id];
      return ec2Response(call.action, { return: true });
    },
  },
  DescribeVpcAttribute: {
    parameters: ['VpcId', 'Attribute', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const id = required(call, 'VpcId');
      if (!regionOf(world, request).vpcs[id]) throw awsFault(400, 'InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`);
      const attribute = text(call.parameters, 'Attribute') ?? '';
      if (attribute !== 'enableDnsSupport' && attribute !== 'enableDnsHostnames') {
        throw awsFault(400, 'InvalidParameterValue', `Value (${attribute}) for parameter attribute is invalid.`);
      }
      return ec2Response(call.action, { vpcId: id, [attribute]: { value: true } });
    },
  },
};
