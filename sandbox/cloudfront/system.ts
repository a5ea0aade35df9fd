import { awsFault } from '../aws/fault.ts';
import { type RestRoute, restRoutes } from '../rest-routes.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import {
  createDistribution,
  distributionById,
  getDistribution,
  getDistributionConfig,
  listByVpcOrigin,
  listDistributions,
  updateDistribution,
} from './distributions.ts';
import { dumpCloudFront } from './dump.ts';
import { changeTags, listTags } from './tags.ts';
import { createVpcOrigin, deleteVpcOrigin, getVpcOrigin, listVpcOrigins, updateVpcOrigin, vpcOriginById } from './vpc-origins.ts';

interface Call {
  readonly request: SandboxRequest;
  readonly sandbox: Sandbox;
  readonly id: string;
}

interface Operation {
  readonly name: string | ((request: SandboxRequest) => string);
  handle(call: Call): SandboxResponse;
}

const base = '/2020-05-31';
const paged = ['Marker', 'MaxItems'];

function route(method: string, path: string, name: Operation['name'], handle: Operation['handle'], query: readonly string[] = []) {
  return { method, pattern: `${base}${path}`, query, run: { name, handle } };
}

const distributionOf = ({ id, sandbox }: Call) => distributionById(sandbox.world.cloudfront, id);
const originOf = ({ id, sandbox }: Call) => vpcOriginById(sandbox.world.cloudfront, id);
const creation = ({ query }: SandboxRequest) => (query.has('WithTags') ? 'CreateDistributionWithTags' : 'CreateDistribution');
const tagging = ({ query }: SandboxRequest) => `${query.get('Operation') ?? ''}Resource`;

const table: readonly RestRoute<Operation>[] = [
  route('GET', '/distribution', 'ListDistributions', ({ request, sandbox }) => listDistributions(request, sandbox), paged),
  route('POST', '/distribution', creation, ({ request, sandbox }) => createDistribution(request, sandbox), ['WithTags']),
  route('GET', '/distribution/{id}', 'GetDistribution', (call) => getDistribution(distributionOf(call), call.sandbox.clock.now())),
  route('GET', '/distribution/{id}/config', 'GetDistributionConfig', (call) => getDistributionConfig(distributionOf(call))),
  route('PUT', '/distribution/{id}/config', 'UpdateDistribution', (call) =>
    updateDistribution(distributionOf(call), call.request, call.sandbox),
  ),
  route(
    'GET',
    '/distributionsByVpcOriginId/{id}',
    'ListDistributionsByVpcOriginId',
    ({ id, request, sandbox }) => listByVpcOrigin(id, request, sandbox),
    paged,
  ),
  route('GET', '/vpc-origin', 'ListVpcOrigins', ({ request, sandbox }) => listVpcOrigins(request, sandbox), paged),
  route('POST', '/vpc-origin', 'CreateVpcOrigin', ({ request, sandbox }) => createVpcOrigin(request, sandbox)),
  route('GET', '/vpc-origin/{id}', 'GetVpcOrigin', (call) => getVpcOrigin(originOf(call), call.sandbox.clock.now())),
  route('PUT', '/vpc-origin/{id}', 'UpdateVpcOrigin', (call) => updateVpcOrigin(originOf(call), call.request, call.sandbox)),
  route('DELETE', '/vpc-origin/{id}', 'DeleteVpcOrigin', (call) => deleteVpcOrigin(originOf(call), call.request, call.sandbox)),
  route('GET', '/tagging', 'ListTagsForResource', ({ request, sandbox }) => listTags(request, sandbox.world.cloudfront), ['Resource']),
  route('POST', '/tagging', tagging, ({ request, sandbox }) => changeTags(request, sandbox.world.cloudfront), ['Resource', 'Operation']),
];

const routes = restRoutes(table);
const served = ['TagResource', 'UntagResource'];

function nameOf({ run: { name } }: RestRoute<Operation>, request: SandboxRequest): string {
  return typeof name === 'string' ? name : name(request);
}

function checkQuery(request: SandboxRequest, allowed: readonly string[]): void {
  const unknown = [...request.query.keys()].find((name) => !allowed.includes(name) && !name.startsWith('X-Amz-') && name !== 'x-id');
  if (unknown !== undefined) throw awsFault(400, 'InvalidArgument', `Unknown query parameter: ${unknown}`);
}

export const cloudfront: System = {
  name: 'cloudfront',
  port: 'aws',
  signsAs: ['cloudfront'],
  operation(request) {
    const found = routes.match(request);
    return `cloudfront:${found === null ? `${request.method} ${request.path}` : nameOf(found.route, request)}`;
  },
  mutates: (request) => routes.mutates(request),
  handle(request, sandbox) {
    const found = routes.match(request);
    const name = found === null ? '' : nameOf(found.route, request);
    if (found === null || (name.endsWith('Resource') && name !== 'ListTagsForResource' && !served.includes(name)))
      throw awsFault(501, 'NotImplemented', `The sandbox does not serve ${request.method} ${request.path}.`);
    checkQuery(request, found.route.query ?? []);
    return found.route.run.handle({ request, sandbox, id: found.parameters.id ?? '' });
  },
  tick({ world, clock }) {
    const { vpcOrigins } = world.cloudfront;
    for (const { id, goneAt } of Object.values(vpcOrigins)) if (goneAt !== undefined && goneAt <= clock.now()) delete vpcOrigins[id];
  },
  dump: dumpCloudFront,
};
