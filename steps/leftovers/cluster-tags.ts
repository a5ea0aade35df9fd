/** The tag of the AWS Load Balancer Controller on all it makes, its security groups included. */
export const BALANCING_TAG = 'elbv2.k8s.aws/cluster';

/** The tag of the VPC CNI on the network interfaces that it makes. */
export const INTERFACE_TAG = 'cluster.k8s.amazonaws.com/name';

/** The tag of EKS on the security group that it makes for a cluster, and mostly deletes with it. */
export const EKS_TAG = 'aws:eks:cluster-name';

/** The tag of Karpenter on its launch templates. */
export const TEMPLATE_TAG = 'karpenter.k8s.aws/cluster';

/** The tag of Karpenter and of the EBS CSI driver, among many others; its value is `owned` on what goes with the cluster. */
export function ownedTag(cluster: string): string {
  return `kubernetes.io/cluster/${cluster}`;
}

/** The clusters that a thing says it belongs to. More than one: it can't be told whose it is. */
export function clustersOf(tags: Readonly<Record<string, string>>): string[] {
  const named = [BALANCING_TAG, INTERFACE_TAG, EKS_TAG, TEMPLATE_TAG, 'eks:eks-cluster-name'].flatMap((tag) => tags[tag] ?? []);
  const owning = Object.entries(tags).flatMap(([key, value]) =>
    key.startsWith(ownedTag('')) && value === 'owned' ? [key.slice(ownedTag('').length)] : [],
  );
  return [...new Set([...named, ...owning])];
}
