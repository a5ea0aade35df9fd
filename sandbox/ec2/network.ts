import type { World } from '../world.ts';
import { stableEc2Id } from './ids.ts';
import { zonesOf } from './regions.ts';
import type { Ec2Region, SecurityGroup, SecurityGroupRule, Subnet, Vpc } from './state.ts';

/** Everything may leave: the rule every security group is born with. */
export function openEgress(id: string): SecurityGroupRule {
  return { id, egress: true, protocol: '-1', fromPort: -1, toPort: -1, cidr: '0.0.0.0/0', tags: {} };
}

/** The group named `default` that comes with a VPC: its members reach each other. */
export function defaultGroup(vpcId: string, id: string): SecurityGroup {
  const inside: SecurityGroupRule = {
    id: `sgr-${id.slice(3, 19)}1`,
    egress: false,
    protocol: '-1',
    fromPort: -1,
    toPort: -1,
    group: id,
    tags: {},
  };
  const rules = [inside, openEgress(`sgr-${id.slice(3, 19)}2`)];
  return { id, vpcId, name: 'default', description: 'default VPC security group', rules, tags: {} };
}

/** A region as AWS hands it over: a default VPC with a default subnet in each zone. */
export function pristineRegion(region: string): Ec2Region {
  const vpc: Vpc = { id: stableEc2Id('vpc', region), cidr: '172.31.0.0/16', isDefault: true, tags: {} };
  const subnets = zonesOf(region).map(
    (zone, index): Subnet => ({
      id: stableEc2Id('subnet', zone.name),
      vpcId: vpc.id,
      cidr: `172.31.${index * 16}.0/20`,
      zone: zone.name,
      isDefault: true,
      mapPublicIp: true,
      tags: {},
    }),
  );
  const group = defaultGroup(vpc.id, stableEc2Id('sg', region));
  return {
    vpcs: { [vpc.id]: vpc },
    subnets: Object.fromEntries(subnets.map((subnet) => [subnet.id, subnet])),
    securityGroups: { [group.id]: group },
    natGateways: {},
    peerings: {},
    instances: {},
    volumes: {},
    networkInterfaces: {},
    launchTemplates: {},
  };
}

/** A region's part of the state, made at its first use. */
export function ec2Region(world: World, region: string): Ec2Region {
  const existing = world.ec2.regions[region];
  if (existing) return existing;
  const fresh = pristineRegion(region);
  world.ec2.regions[region] = fresh;
  return fresh;
}

export interface Network {
  readonly vpc: Vpc;
  /** One per availability zone. */
  readonly subnets: readonly Subnet[];
  readonly securityGroups: readonly SecurityGroup[];
}

/** The network of a VPC; null when there is no such VPC. */
export function networkOf(world: World, region: string, vpcId: string): Network | null {
  const { vpcs, subnets, securityGroups } = ec2Region(world, region);
  const vpc = vpcs[vpcId];
  if (!vpc) return null;
  return {
    vpc,
    subnets: Object.values(subnets).filter((subnet) => subnet.vpcId === vpcId),
    securityGroups: Object.values(securityGroups).filter((group) => group.vpcId === vpcId),
  };
}

/** The default VPC of a region with its subnets and groups, for objects that need a network and name none. Throws when it was deleted. */
export function defaultNetwork(world: World, region: string): Network {
  const vpc = Object.values(ec2Region(world, region).vpcs).find((each) => each.isDefault);
  const network = vpc && networkOf(world, region, vpc.id);
  if (!network) throw new Error(`The sandbox has no default VPC in ${region}.`);
  return network;
}
