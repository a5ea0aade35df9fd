export interface Vpc {
  id: string;
  cidr: string;
  isDefault: boolean;
  tags: Record<string, string>;
}

export interface Subnet {
  id: string;
  vpcId: string;
  cidr: string;
  zone: string;
  isDefault: boolean;
  mapPublicIp: boolean;
  tags: Record<string, string>;
}

/** One rule of a security group; each has exactly one source (a range, an IPv6 range, a group or a prefix list). */
export interface SecurityGroupRule {
  id: string;
  egress: boolean;
  /** `tcp`, `udp`, `icmp` or `-1` for all. */
  protocol: string;
  fromPort: number;
  toPort: number;
  cidr?: string;
  cidr6?: string;
  group?: string;
  prefixList?: string;
  description?: string;
  tags: Record<string, string>;
}

export interface SecurityGroup {
  id: string;
  vpcId: string;
  name: string;
  description: string;
  rules: SecurityGroupRule[];
  tags: Record<string, string>;
}

/** A public NAT gateway: what a VPC's pods are seen as from outside. */
export interface NatGateway {
  id: string;
  vpcId: string;
  subnetId: string;
  state: 'pending' | 'available' | 'deleting' | 'deleted';
  publicIp: string;
  tags: Record<string, string>;
}

/** A peering of two VPCs of the region. */
export interface VpcPeering {
  id: string;
  requester: string;
  accepter: string;
  status: 'pending-acceptance' | 'active' | 'deleted';
  tags: Record<string, string>;
}

/** An instance that a controller in a cluster launched. Those of node groups are EKS's own business. */
export interface Instance {
  readonly id: string;
  readonly type: string;
  readonly zone: string;
  readonly vpcId: string;
  readonly tags: Record<string, string>;
  readonly launchedAt: number;
  /** When its termination was asked for (ms of sandbox time). */
  terminatedAt: number | null;
}

/** An EBS volume that a controller in a cluster made. */
export interface Volume {
  readonly id: string;
  readonly zone: string;
  readonly sizeGib: number;
  /** The instance it is attached to, as long as that runs; null: none. */
  readonly instanceId: string | null;
  readonly tags: Record<string, string>;
}

/** A network interface that something in a cluster made, and may have left behind. Those of AWS's own services are not listed. */
export interface NetworkInterface {
  readonly id: string;
  readonly description: string;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: readonly string[];
  /** The instance it is attached to, as long as that runs; null: none. */
  readonly instanceId: string | null;
  readonly tags: Record<string, string>;
}

/** A launch template that a controller in a cluster made. */
export interface LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly tags: Record<string, string>;
}

export interface Ec2Region {
  vpcs: Record<string, Vpc>;
  subnets: Record<string, Subnet>;
  securityGroups: Record<string, SecurityGroup>;
  natGateways: Record<string, NatGateway>;
  peerings: Record<string, VpcPeering>;
  instances: Record<string, Instance>;
  volumes: Record<string, Volume>;
  networkInterfaces: Record<string, NetworkInterface>;
  launchTemplates: Record<string, LaunchTemplate>;
}

export interface Ec2State {
  /** Source of generated ids. */
  counter: number;
  /** By region name; a region comes to be, with its default network, when it is first used. */
  regions: Record<string, Ec2Region>;
}

export function emptyEc2(): Ec2State {
  return { counter: 0, regions: {} };
}
