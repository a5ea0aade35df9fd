import type { Ec2Region, Vpc } from './state.ts';

export function vpcName(vpc: Vpc | undefined): string {
  if (!vpc) return 'unknown';
  return vpc.isDefault ? 'default' : (vpc.tags.Name ?? vpc.cidr);
}

export function groupName(region: Ec2Region | undefined, id: string): string {
  const group = region?.securityGroups[id];
  return group ? `${vpcName(region?.vpcs[group.vpcId])}/${group.name}` : 'unknown';
}

export function subnetName(region: Ec2Region | undefined, id: string): string {
  const subnet = region?.subnets[id];
  return subnet ? `${vpcName(region?.vpcs[subnet.vpcId])}/${subnet.zone} ${subnet.cidr}` : 'unknown';
}
