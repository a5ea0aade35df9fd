import { jsonResponse } from '../aws/rest-json.ts';
import { ec2Region } from '../ec2/network.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, iso, parameter } from './call.ts';
import { badRequest, conflict, notFound } from './faults.ts';
import { newId } from './ids.ts';
import { optionalText, stringsIn, tagsIn, textIn } from './input.ts';
import { positionPage, positionQuery, tokenPage, tokenQuery } from './paging.ts';
import { applyPatch, patchOperations, textRule } from './patch.ts';
import type { VpcLinkV1, VpcLinkV2 } from './state.ts';
import { LINK_TIMES, usersOf } from './vpc-links.ts';

function viewV1({ id, name, description, targetArns, status, statusMessage, tags }: VpcLinkV1): unknown {
  return { id, name, description, targetArns, status, statusMessage, tags };
}

function viewV2(link: VpcLinkV2): unknown {
  return {
    vpcLinkId: link.id,
    name: link.name,
    subnetIds: link.subnetIds,
    securityGroupIds: link.securityGroupIds,
    createdDate: iso(link.createdAt),
    vpcLinkStatus: link.status,
    vpcLinkStatusMessage: link.statusMessage,
    vpcLinkVersion: 'V2',
    tags: link.tags,
  };
}

function linkV1(call: ApiCall): VpcLinkV1 {
  const link = call.state.vpcLinksV1[parameter(call, 'vpcLinkId')];
  if (link === undefined) throw notFound('Invalid Vpc Link identifier specified');
  return link;
}

function linkV2(call: ApiCall): VpcLinkV2 {
  const id = parameter(call, 'vpcLinkId');
  const link = call.state.vpcLinksV2[id];
  if (link === undefined) throw notFound(`Unable to find Vpc link by id ${id}`);
  return link;
}

const targetPattern = /^arn:aws:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/net\/[^/]+\/[^/]+$/;

function createV1({ sandbox, state, body, now }: ApiCall): SandboxResponse {
  const targetArns = stringsIn(body, 'targetArns');
  if (targetArns.length !== 1) throw badRequest('Exactly one target ARN is required');
  if (!targetPattern.test(targetArns[0] ?? '')) throw badRequest('The target ARN must be that of a network load balancer');
  const description = optionalText(body, 'description');
  const link: VpcLinkV1 = {
    id: newId(sandbox.world.apigateway, 6),
    name: textIn(body, 'name'),
    ...(description === undefined ? {} : { description }),
    targetArns,
    createdAt: now,
    status: 'PENDING',
    dueAt: now + LINK_TIMES.v1.create,
    tags: tagsIn(body),
  };
  state.vpcLinksV1[link.id] = link;
  return jsonResponse(viewV1(link), 202);
}

function createV2({ sandbox, state, region, body, now }: ApiCall): SandboxResponse {
  const { subnets, securityGroups } = ec2Region(sandbox.world, region);
  const subnetIds = stringsIn(body, 'subnetIds');
  const securityGroupIds = stringsIn(body, 'securityGroupIds');
  if (subnetIds.length === 0) throw badRequest('At least one subnet is required');
  const missing = [
    ...subnetIds.filter((id) => subnets[id] === undefined),
    ...securityGroupIds.filter((id) => securityGroups[id] === undefined),
  ];
  if (missing.length > 0) throw badRequest(`Unable to find ${missing.join(', ')} in ${region}`);
  const vpcs = new Set([...subnetIds.map((id) => subnets[id]?.vpcId), ...securityGroupIds.map((id) => securityGroups[id]?.vpcId)]);
  if (vpcs.size > 1) throw badRequest('Subnets and security groups must be of one VPC');
  const link: VpcLinkV2 = {
    id: newId(sandbox.world.apigateway, 6),
    name: textIn(body, 'name'),
    subnetIds,
    securityGroupIds,
    createdAt: now,
    status: 'PENDING',
    statusMessage: 'VPC link is provisioning resources',
    dueAt: now + LINK_TIMES.v2.create,
    tags: tagsIn(body),
  };
  state.vpcLinksV2[link.id] = link;
  return jsonResponse(viewV2(link), 201);
}

function refuseUsed({ state }: ApiCall, id: string): void {
  const users = usersOf(state, id);
  if (users.length > 0) throw badRequest(`Cannot delete vpc link. Vpc link '${id}', is referenced in [${users.join(', ')}]`);
}

function deleteV1(call: ApiCall): SandboxResponse {
  const link = linkV1(call);
  refuseUsed(call, link.id);
  if (link.status !== 'DELETING') Object.assign(link, { status: 'DELETING', dueAt: call.now + LINK_TIMES.v1.remove });
  return jsonResponse({}, 202);
}

function deleteV2(call: ApiCall): SandboxResponse {
  const link = linkV2(call);
  refuseUsed(call, link.id);
  if (link.status === 'PENDING') throw conflict(`VPC link ${link.id} is PENDING`);
  if (link.status !== 'DELETING') Object.assign(link, { status: 'DELETING', dueAt: call.now + LINK_TIMES.v2.remove });
  return jsonResponse({}, 202);
}

const v1 = '/vpclinks/{vpcLinkId}';
const v2 = '/v2/vpclinks/{vpcLinkId}';

export const vpcLinkRoutes: readonly ApiRoute[] = [
  {
    name: 'GetVpcLinks',
    method: 'GET',
    pattern: '/vpclinks',
    query: positionQuery,
    run: ({ state, query }) => {
      const { item, position } = positionPage(query, Object.values(state.vpcLinksV1));
      return jsonResponse({ item: item.map(viewV1), position });
    },
  },
  { name: 'GetVpcLink', method: 'GET', pattern: v1, run: (call) => jsonResponse(viewV1(linkV1(call))) },
  { name: 'CreateVpcLink', method: 'POST', pattern: '/vpclinks', body: ['name', 'description', 'targetArns', 'tags'], run: createV1 },
  {
    name: 'UpdateVpcLink',
    method: 'PATCH',
    pattern: v1,
    body: ['patchOperations'],
    run: (call) => {
      const link = linkV1(call);
      const changed = applyPatch({ ...link }, patchOperations(call.body), [textRule('name'), textRule('description')]);
      call.state.vpcLinksV1[link.id] = changed;
      return jsonResponse(viewV1(changed));
    },
  },
  { name: 'DeleteVpcLink', method: 'DELETE', pattern: v1, run: deleteV1 },
  {
    name: 'GetVpcLinks',
    method: 'GET',
    pattern: '/v2/vpclinks',
    query: tokenQuery,
    run: ({ state, query }) => {
      const { items, nextToken } = tokenPage(query, Object.values(state.vpcLinksV2));
      return jsonResponse({ items: items.map(viewV2), nextToken });
    },
  },
  { name: 'GetVpcLink', method: 'GET', pattern: v2, run: (call) => jsonResponse(viewV2(linkV2(call))) },
  {
    name: 'CreateVpcLink',
    method: 'POST',
    pattern: '/v2/vpclinks',
    body: ['name', 'subnetIds', 'securityGroupIds', 'tags'],
    run: createV2,
  },
  {
    name: 'UpdateVpcLink',
    method: 'PATCH',
    pattern: v2,
    body: ['name'],
    run: (call) => {
      const link = linkV2(call);
      link.name = textIn(call.body, 'name');
      return jsonResponse(viewV2(link));
    },
  },
  { name: 'DeleteVpcLink', method: 'DELETE', pattern: v2, run: deleteV2 },
];
