import type { XmlObject } from './shape.ts';

/** The members of a DistributionConfig that the sandbox itself looks at; the rest is kept as it was given. */
export interface DistributionConfig extends XmlObject {
  CallerReference: string;
  Comment: string;
  Enabled: boolean;
  Staging: boolean;
  Origins: Counted<Origin>;
  DefaultCacheBehavior: { TargetOriginId: string } & XmlObject;
}

export type Counted<T> = { Quantity: number; Items?: T[] };

export interface Origin extends XmlObject {
  Id: string;
  DomainName: string;
}

export interface Distribution {
  readonly id: string;
  readonly arn: string;
  /** `d111111abcdef8.cloudfront.net` */
  readonly domainName: string;
  etag: string;
  config: DistributionConfig;
  tags: Record<string, string>;
  modifiedAt: number;
  /** Until then `InProgress` (ms of sandbox time). */
  deployedAt: number;
  /** VPC origins that edge locations still use until the newest configuration has reached them all. */
  leaving: string[];
}

export interface VpcOriginEndpoint extends XmlObject {
  Name: string;
  /** Of a load balancer or an instance. */
  Arn: string;
  HTTPPort: number;
  HTTPSPort: number;
  OriginProtocolPolicy: string;
}

export interface VpcOrigin {
  readonly id: string;
  readonly arn: string;
  etag: string;
  endpoint: VpcOriginEndpoint;
  tags: Record<string, string>;
  readonly createdAt: number;
  modifiedAt: number;
  /** Until then `Deploying`. */
  deployedAt: number;
  /** Being deleted, and gone at this time. */
  goneAt?: number;
}

export interface TokenBucket {
  tokens: number;
  /** Sandbox time (ms) of the last refill. */
  at: number;
}

export interface CloudFrontState {
  counter: number;
  /** By id. */
  distributions: Record<string, Distribution>;
  /** By id. */
  vpcOrigins: Record<string, VpcOrigin>;
  /** How many updates of distributions the account may make at once, and how many a minute in the long run. */
  updates: { burst: number; perMinute: number };
  bucket: TokenBucket | null;
}

// AWS publishes no rate. Accounts were refused at two or three a minute, others made dozens: a world may be stricter than this.
export function emptyCloudFront(): CloudFrontState {
  return { counter: 0, distributions: {}, vpcOrigins: {}, updates: { burst: 10, perMinute: 30 }, bucket: null };
}
