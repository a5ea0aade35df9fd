import { awsFault } from '../aws/fault.ts';
import { text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { byIds, ec2Response, page, parsedRange, regionName, regionOf, required, tagSet, tagsFor } from './call.ts';
import { contains, formatCidr, overlaps, parseCidr, size } from './cidr.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { zonesOf } from './regions.ts';
import type { Ec2Region, Subnet } from './state.ts';
import { subnetUser } from './usage.ts';

/** AWS keeps the first four addresses and the last one of every subnet. */
const reserved = 5;

/** Free addresses in a subnet; what the sandbox runs there takes none. */
function availableAddresses(subnet: Subnet): number {
  const cidr = parseCidr(subnet.cidr);
  return cidr ? Math.max(0, size(cidr) - reserved) : 0;
}

function zoneId(subnet: Subnet): string {
  return zonesOf(subnet.zone.slice(0, -1)).find((zone) => zone.name === subnet.zone)?.id ?? subnet.zone;
}

function view(subnet: Subnet, region: string, ownerId: string): XmlValue {
  return {
    subnetId: subnet.id,
    subnetArn: `arn:aws:ec2:${region}:${ownerId}:subnet/${subnet.id}`,
    state: 'available',
    ownerId,
    vpcId: subnet.vpcId,
    cidrBlock: subnet.cidr,
    ipv6CidrBlockAssociationSet: [],
    assignIpv6AddressOnCreation: false,
    availableIpAddressCount: availableAddresses(subnet),
    availabilityZone: subnet.zone,
    availabilityZoneId: zoneId(subnet),
    defaultForAz: subnet.isDefault,
    mapPublicIpOnLaunch: subnet.mapPublicIp,
    tagSet: tagSet(subnet.tags),
  };
}

/** The range in its canonical form, when a subnet of the VPC may have it. */
function rangeFor(region: Ec2Region, vpcId: string, cidr: string): string {
  const inner = parsedRange(cidr);
  const outer = parseCidr(region.vpcs[vpcId]?.cidr ?? '');
  if (!outer || inner.length < 16 || inner.length > 28 || !contains(outer, inner)) {
    throw awsFault(400, 'InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
  }
  const others = Object.values(region.subnets).filter((subnet) => subnet.vpcId === vpcId);
  const conflict = others.some((subnet) => {
    const other = parseCidr(subnet.cidr);
    return other !== null && overlaps(other, inner);
  });
  if (conflict) throw awsFault(400, 'InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
  return formatCidr(inner);
}

function zoneFor(name: string | undefined, region: string): string {
  const zones = zonesOf(region);
  const zone = name === undefined ? zones[0] : zones.find((each) => each.name === name || each.id === name);
  if (zone) return zone.name;
  throw awsFault(400, 'InvalidParameterValue', `Value (${name}) for parameter availabilityZone is invalid.`);
}

export const subnetOperations: QueryOperations = {
  DescribeSubnets: {
    parameters: ['SubnetId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const found = byIds(call, 'SubnetId', regionOf(world, request).subnets, 'InvalidSubnetID.NotFound');
      const filtered = filterItems(call, found, {
        'subnet-id': (subnet) => subnet.id,
        'vpc-id': (subnet) => subnet.vpcId,
        'availability-zone': (subnet) => subnet.zone,
        'availability-zone-id': zoneId,
        cidr: (subnet) => subnet.cidr,
        'cidr-block': (subnet) => subnet.cidr,
        state: () => 'available',
        'default-for-az': (subnet) => String(subnet.isDefault),
      });
      const { items, nextToken } = page(call, filtered);
      return ec2Response(call.action, { subnetSet: items.map((each) => view(each, regionName(request), world.accountId)), nextToken });
    },
  },
  CreateSubnet: {
    parameters: ['VpcId', 'CidrBlock', 'AvailabilityZone', 'AvailabilityZoneId', 'TagSpecification', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const vpcId = required(call, 'VpcId');
      const block = required(call, 'CidrBlock');
      if (!region.vpcs[vpcId]) throw awsFault(400, 'InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
      const cidr = rangeFor(region, vpcId, block);
      const zone = zoneFor(text(call.parameters, 'AvailabilityZone') ?? text(call.parameters, 'AvailabilityZoneId'), regionName(request));
      const tags = tagsFor(call, 'subnet');
      const id = nextEc2Id(world.ec2, 'subnet');
      const subnet: Subnet = { id, vpcId, cidr, zone, isDefault: false, mapPublicIp: false, tags };
      region.subnets[id] = subnet;
      return ec2Response(call.action, { subnet: view(subnet, regionName(request), world.accountId) });
    },
  },
  DeleteSubnet: {
    parameters: ['SubnetId', 'DryRun'],
    mutates: true,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const id = required(call, 'SubnetId');
      const subnet = region.subnets[id];
      if (!subnet) throw awsFault(400, 'InvalidSubnetID.NotFound', `The subnet ID '${id}' does not exist`);
      if (subnetUser(world, regionName(request), id) !== null) {
        throw awsFault(400, 'DependencyViolation', `The subnet '${id}' has dependencies and cannot be deleted.`);
      }
      delete region.subnets[id];
      return ec2Response(call.action, { return: true });
    },
  },
};
