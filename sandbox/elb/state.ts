export type LoadBalancerType = 'application' | 'network';
export type Scheme = 'internet-facing' | 'internal';

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly type: LoadBalancerType;
  readonly scheme: Scheme;
  readonly dnsName: string;
  readonly canonicalHostedZoneId: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly createdAt: number;
  /** Until then `provisioning` (ms of sandbox time). */
  readonly activeAt: number;
  tags: Record<string, string>;
}

export interface Target {
  readonly id: string;
  readonly port: number;
  /** Until then `initial`, and from then on `healthy`. */
  readonly healthyAt: number;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly loadBalancerArn: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetType: 'ip' | 'instance';
  readonly vpcId: string;
  targets: Target[];
  tags: Record<string, string>;
}

export interface Listener {
  readonly arn: string;
  readonly loadBalancerArn: string;
  readonly targetGroupArn: string;
  readonly protocol: string;
  readonly port: number;
  readonly certificateArn?: string;
  tags: Record<string, string>;
}

export interface ElbRegion {
  /** By ARN. */
  loadBalancers: Record<string, LoadBalancer>;
  targetGroups: Record<string, TargetGroup>;
  listeners: Record<string, Listener>;
}

export interface ElbState {
  /** By region. */
  regions: Record<string, ElbRegion>;
  /** For generated ids: DNS names never repeat. */
  counter: number;
}

export function emptyElb(): ElbState {
  return { regions: {}, counter: 0 };
}

export function elbRegion(state: ElbState, region: string): ElbRegion {
  state.regions[region] ??= { loadBalancers: {}, targetGroups: {}, listeners: {} };
  return state.regions[region];
}
