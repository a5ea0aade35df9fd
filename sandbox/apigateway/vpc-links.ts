import type { Sandbox } from '../system.ts';
import { linksInUse } from './live.ts';
import { balancerOf } from './reach.ts';
import { type ApiGatewayRegion, apiGatewayRegion, type VpcLinkV2 } from './state.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** From the request to the end of it, by version: version 1 makes an endpoint service, version 2 network interfaces. */
export const LINK_TIMES = {
  v1: { create: 4 * MINUTE, remove: 2 * MINUTE },
  v2: { create: 2 * MINUTE, remove: 2 * MINUTE },
  /** A link without traffic for so long loses its network interfaces. */
  idle: 60 * DAY,
} as const;

/** Moves the VPC links of a region to where they should be by now. */
export function advanceLinks({ world, clock }: Sandbox, region: string): void {
  const state = apiGatewayRegion(world.apigateway, region);
  const now = clock.now();
  for (const link of Object.values(state.vpcLinksV1)) {
    if (link.dueAt > now) continue;
    if (link.status === 'DELETING') delete state.vpcLinksV1[link.id];
    if (link.status !== 'PENDING') continue;
    const balancer = balancerOf(world, region, link.targetArns[0] ?? '');
    link.status = balancer?.type === 'network' ? 'AVAILABLE' : 'FAILED';
    link.statusMessage =
      balancer?.type === 'network' ? 'Your vpc link is ready for use' : 'The network load balancer of the VPC link was not found';
  }
  advanceSecond(state, now);
}

function advanceSecond(state: ApiGatewayRegion, now: number): void {
  const links = Object.values(state.vpcLinksV2);
  if (links.length === 0) return;
  const busy = linksInUse(state);
  for (const link of links) {
    if (link.status === 'DELETING' && link.dueAt <= now) delete state.vpcLinksV2[link.id];
    if (link.status === 'PENDING' && link.dueAt <= now) {
      link.status = 'AVAILABLE';
      link.statusMessage = 'VPC link is ready to route traffic';
    }
    advanceTraffic(link, busy.has(link.id), now);
  }
}

/** Deployed stages have traffic: a link that none uses falls asleep after sixty days, and needs minutes to wake up. */
function advanceTraffic(link: VpcLinkV2, busy: boolean, now: number): void {
  if (!busy) {
    link.idleSince ??= now;
    if (link.status !== 'AVAILABLE' || now - link.idleSince < LINK_TIMES.idle) return;
    link.status = 'INACTIVE';
    link.statusMessage = 'VPC link is inactive because it has not been used for 60 days';
    return;
  }
  delete link.idleSince;
  if (link.status !== 'INACTIVE') return;
  link.status = 'PENDING';
  link.statusMessage = 'VPC link is provisioning resources';
  link.dueAt = now + LINK_TIMES.v2.create;
}

/** The methods and integrations of a region that name a link, as it stands or as it is deployed. */
export function usersOf(state: ApiGatewayRegion, linkId: string): string[] {
  const rest = Object.values(state.restApis).flatMap((api) =>
    Object.values(api.resources).flatMap((resource) =>
      Object.values(resource.methods)
        .filter(({ integration }) => integration?.connectionId === linkId)
        .map(({ httpMethod }) => `${httpMethod}:${resource.id}:${api.id}`),
    ),
  );
  const http = Object.values(state.httpApis).flatMap((api) =>
    Object.values(api.integrations)
      .filter(({ connectionId }) => connectionId === linkId)
      .map(({ integrationId }) => `${integrationId}:${api.id}`),
  );
  const named = [...rest, ...http];
  return named.length === 0 && linksInUse(state).has(linkId) ? ['a deployed stage'] : named;
}
