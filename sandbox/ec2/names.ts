import type { Ec2Region, SecurityGroup, Vpc } from './state.ts';

export function vpcName(vpc: Vpc | undefined): string {
  if (!vpc) return 'unknown';
  return vpc.isDefault ? 'default' : (vpc.tags.Name ?? vpc.cidr);
}

/** The name of a security group; EKS ends the names of those that it makes for its clusters with a generated id. */
export function lastingName({ name }: Pick<SecurityGroup, 'name'>): string {
  return name.replace(/^(eks-cluster-sg-.+)-[0-9a-f]+$/, '$1');
}

export function groupName(region: Ec2Region | undefined, id: string): string {
  const group = region?.securityGroups[id];
  return group ? `${vpcName(region?.vpcs[group.vpcId])}/${lastingName(group)}` : 'unknown';
}

export function subnetName(region: Ec2Region | undefined, id: string): string {
  const subnet = region?.subnets[id];
  return subnet ? `${vpcName(region?.vpcs[subnet.vpcId])}/${subnet.zone} ${subnet.cidr}` : 'unknown';
}
