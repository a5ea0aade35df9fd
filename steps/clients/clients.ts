import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Secrets } from '../kit/secrets.ts';
import type { ArgoCd } from './argocd.ts';
import type { ApiGateway, ApiGatewayV2, CloudFront, Ec2, Eks, Elb, Iam, Route53, Sts } from './aws.ts';
import type { EndpointClient } from './endpoint.ts';
import type { GitLab } from './gitlab.ts';
import type { Kubernetes } from './kubernetes.ts';
import type { S3 } from './s3.ts';
import type { Terraform } from './terraform.ts';
import type { Vault } from './vault.ts';

/** Where a cluster is; its address and CA come from DescribeCluster. */
export interface ClusterRef {
  readonly region: string;
  readonly cluster: string;
}

/**
 * The remote systems, each connected at its first use and once per process.
 * Drivers, waits and steps take the part they need: `Pick<Clients, 'eks' | 'clock'>`.
 */
export interface Clients {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly secrets: Secrets;
  /** The folder of the estate file: paths in the estate are relative to it. */
  readonly estateFolder: string;
  sts(region: string): Promise<Sts>;
  eks(region: string): Promise<Eks>;
  ec2(region: string): Promise<Ec2>;
  elb(region: string): Promise<Elb>;
  iam(): Promise<Iam>;
  route53(): Promise<Route53>;
  cloudfront(): Promise<CloudFront>;
  /** REST APIs. */
  apiGateway(region: string): Promise<ApiGateway>;
  /** HTTP and WebSocket APIs, and VPC links of the second version, which REST APIs may use too. */
  apiGatewayV2(region: string): Promise<ApiGatewayV2>;
  /** Without a region: the one that the run recovers to, from which S3 leads on to the bucket's. */
  s3(region?: string): Promise<S3>;
  kubernetes(cluster: ClusterRef): Promise<Kubernetes>;
  argocd(): Promise<ArgoCd>;
  gitlab(): Promise<GitLab>;
  terraform(): Promise<Terraform>;
  vault(): Promise<Vault>;
  /** What the recovered platform answers to its users. */
  endpoint(): Promise<EndpointClient>;
}
