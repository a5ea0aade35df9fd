/** How long a remote system may take for an answer, in real seconds, unless EKS_DR_ANSWER_SECONDS says otherwise. */
export const ANSWER_SECONDS = 30;

/** A token bucket: requests per second on average, and how many may go at once. */
export interface Limit {
  readonly perSecond: number;
  readonly burst: number;
}

/** How fast we ask, below what the documentation allows, since others use the same account meanwhile. */
export interface OwnLimit extends Limit {
  /** What the system documents for an account; absent where it documents nothing. */
  readonly documented?: Limit;
}

/** `<system>` counts every request, `<system>:<Operation>` only that one; both hold where both stand here. */
export const limits: Readonly<Record<string, OwnLimit | undefined>> = {
  sts: { perSecond: 10, burst: 20 },
  eks: { perSecond: 5, burst: 20 },
  ec2: { perSecond: 10, burst: 40 },
  // Elastic Load Balancing: describe calls share a bucket of 40, refilled with 10 a second.
  elb: { perSecond: 8, burst: 30, documented: { perSecond: 10, burst: 40 } },
  iam: { perSecond: 5, burst: 10 },
  // Route 53: all requests of an account share one bucket, and each operation that we use has one of that size of its own. A zone takes one
  // batch of changes at a time.
  route53: { perSecond: 8, burst: 45, documented: { perSecond: 10, burst: 50 } },
  // CloudFront documents no rate; accounts with many distributions were refused at two or three updates a minute.
  cloudfront: { perSecond: 4, burst: 10 },
  'cloudfront:UpdateDistribution': { perSecond: 0.5, burst: 2 },
  // API Gateway: for the whole account and region, both versions together; none of these can be raised.
  apigateway: { perSecond: 9, burst: 38, documented: { perSecond: 10, burst: 40 } },
  // Each of these has a row of its own among the quotas. Links of the first version have none; they share the row of the second here.
  // Where only one may come at a time, the little that we stay below keeps one that was slow on its way from meeting the next.
  'apigateway:CreateDeployment': { perSecond: 1 / 5.1, burst: 1, documented: { perSecond: 1 / 5, burst: 1 } },
  'apigateway:GetResources': { perSecond: 2.4, burst: 5, documented: { perSecond: 5 / 2, burst: 5 } },
  'apigateway:UpdateDomainName': { perSecond: 1 / 30.5, burst: 1, documented: { perSecond: 1 / 30, burst: 1 } },
  'apigateway:CreateVpcLink': { perSecond: 1 / 15.2, burst: 1, documented: { perSecond: 1 / 15, burst: 1 } },
  'apigateway:DeleteVpcLink': { perSecond: 1 / 30.5, burst: 1, documented: { perSecond: 1 / 30, burst: 1 } },
  // S3: thousands a second for each prefix; we read and write single objects.
  s3: { perSecond: 10, burst: 20 },
  // The API server shares its time out by itself (API Priority and Fairness), by what is in flight. This is what kubectl allows itself
  // for discovery; a burst that covers two requests for each of a hundred objects lets a wave end without waiting for tokens.
  kubernetes: { perSecond: 50, burst: 300 },
  // Argo CD has no limit of its own; lists of many applications are dear to it.
  argocd: { perSecond: 15, burst: 30 },
  // gitlab.com: 2,000 requests a minute for each user.
  gitlab: { perSecond: 15, burst: 60 },
  // Vault has no limit of its own unless somebody sets a quota; 150 roles are written and read again within the burst.
  vault: { perSecond: 100, burst: 400 },
};

/** How long so many requests take at least, by what is documented for their bucket: what a plan is expected to take, in seconds. */
export function leastSeconds(bucket: string, requests: number): number {
  const limit = limits[bucket]?.documented ?? limits[bucket];
  return limit === undefined ? 0 : Math.ceil(requests / limit.perSecond);
}
