import {
  DescribeLoadBalancersCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../subjects/aws.ts';
import type { Network } from '../subjects/network.ts';

/** What was made together. */
export interface Made {
  readonly name: string;
  readonly arn: string;
  readonly listenerArn: string;
  readonly targetGroupArn: string;
}

/** Elastic Load Balancing, and a way to arrange load balancers: the sandbox leaves that to the controllers of its clusters. */
export interface Elb extends Aws, Network {
  readonly elb: ElasticLoadBalancingV2Client;
  /** A new internal load balancer for TCP 443, with one address (10.0.0.9, port 8443) as its target. */
  make(tags?: Readonly<Record<string, string>>): Promise<Made>;
}

/** The ARN of a load balancer that never was. */
export function nobody({ account }: Elb): string {
  return `arn:aws:elasticloadbalancing:eu-west-1:${account}:loadbalancer/net/nobody/0123456789abcdef`;
}

export async function describeBalancer({ elb }: Elb, arn: string): Promise<LoadBalancer> {
  const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
  return LoadBalancers[0] ?? {};
}
