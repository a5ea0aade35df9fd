import { awsFault } from '../aws/fault.ts';
import type { XmlObject } from './shape.ts';
import type { CloudFrontState, Counted, DistributionConfig, Origin } from './state.ts';

const kindsOfOrigin = ['S3OriginConfig', 'CustomOriginConfig', 'VpcOriginConfig'];
const mostOrigins = 100;

interface Group {
  readonly Id: string;
  readonly Members: Counted<{ OriginId: string }>;
}

/** What holds between the parts of a configuration. */
export function checkConfig(config: DistributionConfig, state: CloudFrontState, now: number): void {
  const origins = config.Origins.Items ?? [];
  const groups = (config.OriginGroups as Counted<Group> | undefined)?.Items ?? [];
  if (origins.length === 0) throw awsFault(400, 'InvalidArgument', 'A distribution must have at least one origin.');
  if (origins.length > mostOrigins) throw awsFault(400, 'TooManyOrigins', 'You cannot create more origins for the distribution.');
  for (const origin of origins) checkOrigin(origin, state, now);
  const ids = [...origins, ...groups].map(({ Id }) => Id);
  if (new Set(ids).size < ids.length)
    throw awsFault(400, 'InvalidArgument', 'Each origin and origin group in a distribution must have a unique ID.');
  for (const { Members } of groups) {
    const members = (Members.Items ?? []).map(({ OriginId }) => OriginId);
    if (members.length !== 2) throw awsFault(400, 'InvalidArgument', 'An origin group must have exactly two origins.');
    if (!members.every((id) => origins.some(({ Id }) => Id === id))) throw noSuchOrigin();
  }
  const behaviours = [config.DefaultCacheBehavior, ...((config.CacheBehaviors as Counted<{ TargetOriginId: string }>)?.Items ?? [])];
  if (!behaviours.every(({ TargetOriginId }) => ids.includes(TargetOriginId))) throw noSuchOrigin();
}

function noSuchOrigin(): Error {
  return awsFault(404, 'NoSuchOrigin', 'One or more of your origins or origin groups do not exist.');
}

function checkOrigin(origin: Origin, state: CloudFrontState, now: number): void {
  if (origin.Id === '') throw awsFault(400, 'InvalidArgument', 'An origin must have an ID.');
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(origin.DomainName))
    throw awsFault(400, 'InvalidArgument', `The parameter origin name ${origin.DomainName} is not a domain name.`);
  if (kindsOfOrigin.filter((kind) => kind in origin).length !== 1) {
    const message = `Exactly one of CustomOriginConfig, VpcOriginConfig and S3OriginConfig must be specified (${origin.Id}).`;
    throw awsFault(400, 'InvalidArgument', message);
  }
  const id = vpcOriginOf(origin);
  if (id === undefined) return;
  const found = state.vpcOrigins[id];
  if (found === undefined || found.goneAt !== undefined) throw awsFault(404, 'EntityNotFound', `The VPC origin ${id} was not found.`);
  if (now < found.deployedAt) throw awsFault(400, 'InvalidArgument', `The VPC origin ${id} is not deployed yet.`);
}

/** The id of the VPC origin that an origin goes through. */
export function vpcOriginOf(origin: Origin): string | undefined {
  return (origin.VpcOriginConfig as XmlObject | undefined)?.VpcOriginId as string | undefined;
}

/** Of all origins of a configuration. */
export function vpcOriginsIn(config: DistributionConfig): string[] {
  return (config.Origins.Items ?? []).flatMap((origin) => vpcOriginOf(origin) ?? []);
}
