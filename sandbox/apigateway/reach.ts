import { ec2Region } from '../ec2/network.ts';
import { elbRegion, type LoadBalancer } from '../elb/state.ts';
import type { World } from '../world.ts';
import { badRequest } from './faults.ts';
import type { ApiGatewayRegion, VpcLinkV2 } from './state.ts';

/** The load balancer that an ARN names by itself or by one of its listeners; only those of the region can be reached. */
export function balancerOf(world: World, region: string, arn: string): LoadBalancer | undefined {
  const { loadBalancers, listeners } = elbRegion(world.elb, region);
  return loadBalancers[arn] ?? loadBalancers[listeners[arn]?.loadBalancerArn ?? ''];
}

/** Whether an ARN names a listener that exists. */
export function isListener(world: World, region: string, arn: string): boolean {
  return elbRegion(world.elb, region).listeners[arn] !== undefined;
}

export function vpcOf(world: World, region: string, { subnetIds }: Pick<VpcLinkV2, 'subnetIds'>): string | undefined {
  return ec2Region(world, region).subnets[subnetIds[0] ?? '']?.vpcId;
}

/** Refuses a link that requests can't be sent over, because it is going or never came to be. */
export function checkUsable({ id, status }: { readonly id: string; readonly status: string }): void {
  if (status === 'DELETING' || status === 'FAILED') throw badRequest(`VPC link ${id} is ${status}`);
}

/** Refuses a load balancer or listener that a VPC link v2 can't reach. */
export function checkBehindLink(world: World, region: string, state: ApiGatewayRegion, linkId: string, arn: string): void {
  const balancer = balancerOf(world, region, arn);
  if (balancer === undefined) throw badRequest(`Invalid load balancer or listener ARN: ${arn} does not exist in ${region}`);
  const link = state.vpcLinksV2[linkId];
  if (link !== undefined && vpcOf(world, region, link) !== balancer.vpcId)
    throw badRequest(`The load balancer ${balancer.name} is not in the VPC of the VPC link ${linkId}`);
}

const variable = /\$\{stageVariables\.\w+\}/g;

export function hasVariable(text: string): boolean {
  return text.search(variable) >= 0;
}

/** Refuses what is not an absolute URL of HTTP; stage variables may stand for any part of it but the scheme. */
export function checkEndpoint(uri: string | undefined): void {
  const url = uri === undefined ? undefined : parse(uri.replaceAll(variable, 'v').replaceAll(/[{}]/g, ''));
  const valid = url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.hostname !== '' && !/\s/.test(uri ?? '');
  if (!valid || !/^https?:\/\//.test(uri ?? '')) throw badRequest('Invalid HTTP endpoint specified for URI');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
