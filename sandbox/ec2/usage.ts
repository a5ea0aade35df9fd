import type { World } from '../world.ts';

/** Who has network interfaces where; EC2 refuses to delete what they use. */
interface Use {
  readonly by: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

function usesIn(world: World, region: string): Use[] {
  const clusters = Object.values(world.eks?.clusters ?? {}).filter((cluster) => cluster.region === region);
  const balancers = Object.values(world.elb?.regions[region]?.loadBalancers ?? {});
  const network = world.ec2.regions[region];
  const interfaces = Object.values(network?.networkInterfaces ?? {});
  return [
    ...interfaces.map(({ id, subnetId, securityGroupIds }) => ({ by: id, subnetIds: [subnetId], securityGroupIds })),
    ...clusters.map(({ arn, vpc, nodegroups }) => ({
      by: arn,
      subnetIds: [...vpc.subnetIds, ...Object.values(nodegroups).flatMap(({ subnets }) => subnets)],
      securityGroupIds: [vpc.clusterSecurityGroupId, ...vpc.securityGroupIds],
    })),
    ...balancers.map(({ arn, subnetIds, securityGroupIds }) => ({ by: arn, subnetIds, securityGroupIds })),
  ];
}

/** What has a network interface in the subnet; null when nothing has. */
export function subnetUser(world: World, region: string, subnetId: string): string | null {
  return usesIn(world, region).find((use) => use.subnetIds.includes(subnetId))?.by ?? null;
}

/** What has a network interface in the group; null when nothing has. */
export function securityGroupUser(world: World, region: string, groupId: string): string | null {
  return usesIn(world, region).find((use) => use.securityGroupIds.includes(groupId))?.by ?? null;
}
