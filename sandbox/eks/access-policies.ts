const names = [
  'AmazonEKSAdminPolicy',
  'AmazonEKSAdminViewPolicy',
  'AmazonEKSAutoNodePolicy',
  'AmazonEKSBlockStorageClusterPolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSClusterAdminPolicy',
  'AmazonEKSComputeClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSEditPolicy',
  'AmazonEKSHybridPolicy',
  'AmazonEKSLoadBalancingClusterPolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingClusterPolicy',
  'AmazonEKSNetworkingPolicy',
  'AmazonEKSViewPolicy',
] as const;

export const accessPolicyArn = (name: (typeof names)[number]): string => `arn:aws:eks::aws:cluster-access-policy/${name}`;

export const clusterAdminPolicy = accessPolicyArn('AmazonEKSClusterAdminPolicy');

/** The access policies of EKS: names and ARNs, sorted by name. */
export const accessPolicies: readonly { readonly name: string; readonly arn: string }[] = names.map((name) => ({
  name,
  arn: accessPolicyArn(name),
}));

export function isAccessPolicy(arn: string): boolean {
  return accessPolicies.some((policy) => policy.arn === arn);
}
