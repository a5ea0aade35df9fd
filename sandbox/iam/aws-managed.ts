/** The AWS managed policies that an EKS platform attaches, by name: service and summary of what they allow. */
const names: readonly string[] = [
  'AdministratorAccess',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
  'AmazonEKSServicePolicy',
  'AmazonEKSVPCResourceController',
  'AmazonEKSWorkerNodeMinimalPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonSSMManagedInstanceCore',
  'CloudWatchAgentServerPolicy',
  'ReadOnlyAccess',
  'service-role/AmazonEBSCSIDriverPolicy',
  'service-role/AmazonEFSCSIDriverPolicy',
];

const prefix = 'arn:aws:iam::aws:policy/';

/** Whether the ARN is that of an AWS managed policy the sandbox knows. */
export function isAwsManaged(arn: string): boolean {
  return arn.startsWith(prefix) && names.includes(arn.slice(prefix.length));
}

export function awsManagedArns(): string[] {
  return names.map((name) => prefix + name);
}

/** `AmazonEKS_CNI_Policy` of `arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy`. */
export function policyNameOf(arn: string): string {
  return arn.split('/').at(-1) ?? '';
}
