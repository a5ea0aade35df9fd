import { awsFault } from '../aws/fault.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import { vpcOriginsIn } from './check-config.ts';
import { tagSet, vpcOriginEndpoint } from './distribution-shape.ts';
import { nextId, nextVpcOriginId } from './ids.ts';
import { requireMatch } from './if-match.ts';
import { pageOf } from './pages.ts';
import { node, renderShape, type XmlObject } from './shape.ts';
import type { CloudFrontState, VpcOrigin, VpcOriginEndpoint } from './state.ts';
import { tagsFrom } from './tags.ts';
import { readBody, xmlResponse } from './xml.ts';

/** AWS says up to 15 minutes. */
const DEPLOY_MS = 240_000;
const DELETE_MS = 60_000;
const mostVpcOrigins = 25;

export function vpcOriginById(state: CloudFrontState, id: string): VpcOrigin {
  const found = state.vpcOrigins[id];
  if (found === undefined) throw awsFault(404, 'EntityNotFound', 'The entity was not found.');
  return found;
}

/** Adds a VPC origin, for seeds and for CreateVpcOrigin. */
export function addVpcOrigin(
  { accountId, cloudfront }: { readonly accountId: string; readonly cloudfront: CloudFrontState },
  options: { readonly endpoint: XmlObject; readonly tags?: Record<string, string>; readonly at: number; readonly deployedAt: number },
): VpcOrigin {
  const id = nextVpcOriginId(cloudfront);
  const made: VpcOrigin = {
    id,
    arn: `arn:aws:cloudfront::${accountId}:vpcorigin/${id}`,
    etag: nextId(cloudfront, 'etag'),
    endpoint: completed(options.endpoint),
    tags: options.tags ?? {},
    createdAt: options.at,
    modifiedAt: options.at,
    deployedAt: options.deployedAt,
  };
  cloudfront.vpcOrigins[id] = made;
  return made;
}

export function createVpcOrigin(request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  const shape = node({ VpcOriginEndpointConfig: vpcOriginEndpoint }, { Tags: tagSet });
  const body = readBody(request.body, 'CreateVpcOriginRequest', shape);
  const endpoint = body.VpcOriginEndpointConfig as VpcOriginEndpoint;
  const { vpcOrigins } = world.cloudfront;
  checkEndpoint(endpoint, world);
  if (Object.keys(vpcOrigins).length >= mostVpcOrigins) throw awsFault(400, 'EntityLimitExceeded', 'The entity limit has been exceeded.');
  const now = clock.now();
  const tags = tagsFrom((body.Tags as XmlObject | undefined) ?? {});
  return answer(addVpcOrigin(world, { endpoint, tags, at: now, deployedAt: now + DEPLOY_MS }), now, 202);
}

export function getVpcOrigin(origin: VpcOrigin, now: number): SandboxResponse {
  return answer(origin, now, 200);
}

export function updateVpcOrigin(origin: VpcOrigin, request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  requireMatch(request, origin.etag);
  const endpoint = readBody(request.body, 'VpcOriginEndpointConfig', vpcOriginEndpoint) as VpcOriginEndpoint;
  const now = clock.now();
  if (isInUse(world.cloudfront, origin.id, now))
    throw awsFault(409, 'CannotUpdateEntityWhileInUse', 'The entity cannot be updated while it is in use.');
  if (now < origin.deployedAt) throw awsFault(400, 'IllegalUpdate', 'The update contains modifications that are not allowed.');
  checkEndpoint(endpoint, world, origin.id);
  origin.endpoint = completed(endpoint);
  origin.etag = nextId(world.cloudfront, 'etag');
  origin.modifiedAt = now;
  origin.deployedAt = now + DEPLOY_MS;
  return answer(origin, now, 202);
}

export function deleteVpcOrigin(origin: VpcOrigin, request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  requireMatch(request, origin.etag);
  const now = clock.now();
  if (isInUse(world.cloudfront, origin.id, now))
    throw awsFault(409, 'CannotDeleteEntityWhileInUse', 'The entity cannot be deleted while it is in use.');
  if (now < origin.deployedAt || origin.goneAt !== undefined)
    throw awsFault(400, 'IllegalDelete', 'Deletion is not allowed for this entity.');
  origin.goneAt = now + DELETE_MS;
  origin.etag = nextId(world.cloudfront, 'etag');
  return answer(origin, now, 202);
}

export function listVpcOrigins(request: SandboxRequest, { world, clock }: Sandbox): SandboxResponse {
  const summary = (origin: VpcOrigin): XmlValue => ({
    Id: origin.id,
    Name: origin.endpoint.Name,
    Status: statusOf(origin, clock.now()),
    CreatedTime: new Date(origin.createdAt).toISOString(),
    LastModifiedTime: new Date(origin.modifiedAt).toISOString(),
    Arn: origin.arn,
    AccountId: world.accountId,
    OriginEndpointArn: origin.endpoint.Arn,
  });
  return xmlResponse('VpcOriginList', pageOf(request, Object.values(world.cloudfront.vpcOrigins), 'VpcOriginSummary', summary));
}

function answer(origin: VpcOrigin, now: number, status: number): SandboxResponse {
  const view = {
    Id: origin.id,
    Arn: origin.arn,
    AccountId: origin.arn.split(':')[4] ?? '',
    Status: statusOf(origin, now),
    CreatedTime: new Date(origin.createdAt).toISOString(),
    LastModifiedTime: new Date(origin.modifiedAt).toISOString(),
    VpcOriginEndpointConfig: renderShape(vpcOriginEndpoint, origin.endpoint),
  };
  return xmlResponse('VpcOrigin', view, { status, headers: { etag: origin.etag } });
}

function statusOf({ deployedAt, goneAt }: VpcOrigin, now: number): string {
  if (goneAt !== undefined) return 'Deleting';
  return now < deployedAt ? 'Deploying' : 'Deployed';
}

/** A distribution uses what its configuration names, and what its edge locations still have from before. */
function isInUse({ distributions }: CloudFrontState, id: string, now: number): boolean {
  return Object.values(distributions).some(
    ({ config, leaving, deployedAt }) => vpcOriginsIn(config).includes(id) || (now < deployedAt && leaving.includes(id)),
  );
}

function checkEndpoint(
  { Name, Arn, HTTPPort, HTTPSPort, OriginProtocolPolicy }: VpcOriginEndpoint,
  { accountId, cloudfront: state }: { readonly accountId: string; readonly cloudfront: CloudFrontState },
  own = '',
): void {
  if (Name === '') throw awsFault(400, 'InvalidArgument', 'The parameter Name is required.');
  if (!/^arn:[a-z-]+:(elasticloadbalancing:.*:loadbalancer\/(app|net)\/|ec2:.*:instance\/)/.test(Arn))
    throw awsFault(400, 'InvalidArgument', 'The parameter Arn must be of a load balancer or an instance.');
  // The VPC must be in the account of the distributions.
  if (Arn.split(':')[4] !== accountId)
    throw awsFault(400, 'InvalidArgument', 'The parameter VpcOriginEndpointConfig Arn contains a mismatched AWS account.');
  const isPort = (port: number): boolean => port === 80 || port === 443 || (port >= 1024 && port <= 65_535);
  if (!isPort(HTTPPort) || !isPort(HTTPSPort)) throw awsFault(400, 'InvalidArgument', 'A port must be 80, 443 or from 1024 to 65535.');
  if (!['http-only', 'match-viewer', 'https-only'].includes(OriginProtocolPolicy))
    throw awsFault(400, 'InvalidArgument', 'The parameter OriginProtocolPolicy is not valid.');
  if (Object.values(state.vpcOrigins).some(({ id, endpoint }) => id !== own && endpoint.Name === Name))
    throw awsFault(409, 'EntityAlreadyExists', 'The entity already exists. You must provide a unique entity.');
}

function completed(endpoint: XmlObject): VpcOriginEndpoint {
  return { OriginSslProtocols: { Quantity: 1, Items: ['TLSv1.2'] }, ...endpoint } as XmlObject as VpcOriginEndpoint;
}
