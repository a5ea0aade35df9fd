import { awsFault } from '../aws/fault.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import { checkConfig, vpcOriginsIn } from './check-config.ts';
import { requiredByUpdates, withDefaults } from './defaults.ts';
import { distributionConfig, tagSet } from './distribution-shape.ts';
import { nextDomainName, nextId } from './ids.ts';
import { requireMatch } from './if-match.ts';
import { pageOf } from './pages.ts';
import { takeUpdate } from './quota.ts';
import { node, renderShape, type XmlObject } from './shape.ts';
import type { CloudFrontState, Distribution, DistributionConfig } from './state.ts';
import { tagsFrom } from './tags.ts';
import { readBody, xmlResponse } from './xml.ts';

/** How long the edge locations take to have a new configuration. */
export const DEPLOY_MS = 180_000;

export function distributionById(state: CloudFrontState, id: string): Distribution {
  const found = state.distributions[id];
  if (found === undefined) throw awsFault(404, 'NoSuchDistribution', 'The specified distribution does not exist.');
  return found;
}

/** Adds a distribution, for seeds and for CreateDistribution. */
export function addDistribution(
  { accountId, cloudfront }: { readonly accountId: string; readonly cloudfront: CloudFrontState },
  options: {
    readonly id?: string;
    readonly config: XmlObject;
    readonly tags?: Record<string, string>;
    readonly at: number;
    readonly deployedAt: number;
  },
): Distribution {
  const id = options.id ?? nextId(cloudfront, 'distribution');
  const config = withDefaults(options.config);
  checkConfig(config, cloudfront, options.at);
  const distribution: Distribution = {
    id,
    arn: `arn:aws:cloudfront::${accountId}:distribution/${id}`,
    domainName: nextDomainName(cloudfront),
    etag: nextId(cloudfront, 'etag'),
    config,
    tags: options.tags ?? {},
    modifiedAt: options.at,
    deployedAt: options.deployedAt,
    leaving: [],
  };
  cloudfront.distributions[id] = distribution;
  return distribution;
}

export function createDistribution(request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  const tagged = request.query.has('WithTags');
  const withTags = node({ DistributionConfig: distributionConfig, Tags: tagSet });
  const body = tagged
    ? readBody(request.body, 'DistributionConfigWithTags', withTags)
    : { DistributionConfig: readBody(request.body, 'DistributionConfig', distributionConfig) };
  const config = body.DistributionConfig as DistributionConfig;
  const twin = Object.values(world.cloudfront.distributions).find((one) => one.config.CallerReference === config.CallerReference);
  if (twin !== undefined)
    throw awsFault(
      409,
      'DistributionAlreadyExists',
      `The caller reference that you are using to create a distribution is associated with another distribution. Already exists: ${twin.id}`,
    );
  const now = clock.now();
  const tags = tagsFrom((body.Tags as XmlObject | undefined) ?? {});
  const made = addDistribution(world, { config, tags, at: now, deployedAt: now + DEPLOY_MS });
  const location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${made.id}`;
  return xmlResponse('Distribution', view(made, now), { status: 201, headers: { etag: made.etag, location } });
}

export function getDistribution(distribution: Distribution, now: number): SandboxResponse {
  return xmlResponse('Distribution', view(distribution, now), { headers: { etag: distribution.etag } });
}

export function getDistributionConfig({ config, etag }: Distribution): SandboxResponse {
  return xmlResponse('DistributionConfig', renderShape(distributionConfig, config), { headers: { etag } });
}

/** Replaces the whole configuration. */
export function updateDistribution(distribution: Distribution, request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const { cloudfront } = sandbox.world;
  takeUpdate(sandbox);
  requireMatch(request, distribution.etag);
  const config = readBody(request.body, 'DistributionConfig', distributionConfig) as DistributionConfig;
  const missing = requiredByUpdates.find((name) => !(name in config));
  if (missing !== undefined) throw awsFault(400, 'InvalidArgument', `The parameter ${missing} is required.`);
  const now = sandbox.clock.now();
  const complete = withDefaults(config);
  if (complete.CallerReference !== distribution.config.CallerReference || complete.Staging !== distribution.config.Staging)
    throw awsFault(400, 'IllegalUpdate', 'The update contains modifications that are not allowed.');
  checkConfig(complete, cloudfront, now);
  const before = vpcOriginsIn(distribution.config);
  distribution.leaving = [...new Set([...(now < distribution.deployedAt ? distribution.leaving : []), ...before])];
  distribution.config = complete;
  distribution.etag = nextId(cloudfront, 'etag');
  distribution.modifiedAt = now;
  distribution.deployedAt = now + DEPLOY_MS;
  return xmlResponse('Distribution', view(distribution, now), { headers: { etag: distribution.etag } });
}

export function listDistributions(request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  const all = Object.values(world.cloudfront.distributions);
  return xmlResponse(
    'DistributionList',
    pageOf(request, all, 'DistributionSummary', (one) => summary(one, clock.now())),
  );
}

/** Which distributions name a VPC origin. */
export function listByVpcOrigin(vpcOrigin: string, request: SandboxRequest, { world }: Sandbox): SandboxResponse {
  const all = Object.values(world.cloudfront.distributions).filter(({ config }) => vpcOriginsIn(config).includes(vpcOrigin));
  return xmlResponse(
    'DistributionIdList',
    pageOf(request, all, 'DistributionId', ({ id }) => id),
  );
}

function statusOf({ deployedAt }: Distribution, now: number): string {
  return now < deployedAt ? 'InProgress' : 'Deployed';
}

function view(distribution: Distribution, now: number): XmlValue {
  const { id, arn, domainName, modifiedAt, config } = distribution;
  return {
    Id: id,
    ARN: arn,
    Status: statusOf(distribution, now),
    LastModifiedTime: new Date(modifiedAt).toISOString(),
    InProgressInvalidationBatches: 0,
    DomainName: domainName,
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: renderShape(distributionConfig, config),
  };
}

/** A summary has the members of the configuration beside the others, but for a few. */
function summary(distribution: Distribution, now: number): XmlValue {
  const { id, arn, domainName, modifiedAt, etag, config } = distribution;
  const left = ['CallerReference', 'DefaultRootObject', 'Logging', 'ContinuousDeploymentPolicyId', 'CacheTagConfig'];
  const members = Object.entries(renderShape(distributionConfig, config) as Record<string, XmlValue>).filter(
    ([name]) => !left.includes(name),
  );
  return {
    Id: id,
    ARN: arn,
    ETag: etag,
    Status: statusOf(distribution, now),
    LastModifiedTime: new Date(modifiedAt).toISOString(),
    DomainName: domainName,
    ...Object.fromEntries(members),
  };
}
