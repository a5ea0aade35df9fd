import { awsFault } from '../aws/fault.ts';
import { type RestRoute, restRoutes } from '../rest-routes.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import { changeInfo, changeRecords } from './change-records.ts';
import { dumpRoute53 } from './dump.ts';
import {
  createHealthCheck,
  deleteHealthCheck,
  getHealthCheck,
  healthCheckById,
  listHealthChecks,
  updateHealthCheck,
} from './health-checks.ts';
import { createHostedZone, deleteHostedZone, getHostedZone, listHostedZones, listHostedZonesByName, zoneById } from './hosted-zones.ts';
import { listRecords } from './list-records.ts';
import { takeRequest } from './quota.ts';
import { xmlResponse } from './xml.ts';
import { changeTags, listTags, listTagsOfSeveral, taggedResource } from './zone-tags.ts';

interface Call {
  readonly request: SandboxRequest;
  readonly sandbox: Sandbox;
  readonly parameters: Readonly<Record<string, string>>;
}

interface Operation {
  readonly name: string;
  handle(call: Call): SandboxResponse | Promise<SandboxResponse>;
}

function getChange({ sandbox, parameters }: Call): SandboxResponse {
  const change = sandbox.world.route53.changes[parameters.id ?? ''];
  if (!change) throw awsFault(404, 'NoSuchChange', `Could not find resource with ID: ${parameters.id}`);
  return xmlResponse('GetChangeResponse', { ChangeInfo: changeInfo(change, sandbox.clock.now()) });
}

const zoneOf = ({ sandbox, parameters }: Call) => zoneById(sandbox.world, parameters.id ?? '');
const checkOf = ({ sandbox, parameters }: Call) => healthCheckById(sandbox.world, parameters.id ?? '');
const taggedOf = ({ sandbox, parameters }: Call) => taggedResource(sandbox.world, parameters.type ?? '', parameters.id ?? '');

const base = '/2013-04-01';

const table: readonly RestRoute<Operation>[] = [
  {
    method: 'GET',
    pattern: `${base}/hostedzone`,
    query: ['marker', 'maxitems'],
    run: { name: 'ListHostedZones', handle: ({ request, sandbox }) => listHostedZones(request, sandbox) },
  },
  {
    method: 'POST',
    pattern: `${base}/hostedzone`,
    run: { name: 'CreateHostedZone', handle: ({ request, sandbox }) => createHostedZone(request, sandbox) },
  },
  {
    method: 'GET',
    pattern: `${base}/hostedzonesbyname`,
    query: ['dnsname', 'hostedzoneid', 'maxitems'],
    run: { name: 'ListHostedZonesByName', handle: ({ request, sandbox }) => listHostedZonesByName(request, sandbox) },
  },
  { method: 'GET', pattern: `${base}/hostedzone/{id}`, run: { name: 'GetHostedZone', handle: (call) => getHostedZone(zoneOf(call)) } },
  {
    method: 'DELETE',
    pattern: `${base}/hostedzone/{id}`,
    run: { name: 'DeleteHostedZone', handle: (call) => deleteHostedZone(zoneOf(call), call.sandbox) },
  },
  {
    method: 'GET',
    pattern: `${base}/hostedzone/{id}/rrset`,
    query: ['name', 'type', 'identifier', 'maxitems'],
    run: { name: 'ListResourceRecordSets', handle: (call) => listRecords(zoneOf(call), call.request) },
  },
  {
    method: 'POST',
    pattern: `${base}/hostedzone/{id}/rrset`,
    run: { name: 'ChangeResourceRecordSets', handle: (call) => changeRecords(zoneOf(call), call.request, call.sandbox) },
  },
  {
    method: 'GET',
    pattern: `${base}/healthcheck`,
    query: ['marker', 'maxitems'],
    run: { name: 'ListHealthChecks', handle: ({ request, sandbox }) => listHealthChecks(request, sandbox) },
  },
  {
    method: 'POST',
    pattern: `${base}/healthcheck`,
    run: { name: 'CreateHealthCheck', handle: ({ request, sandbox }) => createHealthCheck(request, sandbox) },
  },
  { method: 'GET', pattern: `${base}/healthcheck/{id}`, run: { name: 'GetHealthCheck', handle: (call) => getHealthCheck(checkOf(call)) } },
  {
    method: 'POST',
    pattern: `${base}/healthcheck/{id}`,
    run: { name: 'UpdateHealthCheck', handle: (call) => updateHealthCheck(checkOf(call), call.request) },
  },
  {
    method: 'DELETE',
    pattern: `${base}/healthcheck/{id}`,
    run: { name: 'DeleteHealthCheck', handle: (call) => deleteHealthCheck(checkOf(call), call.sandbox) },
  },
  { method: 'GET', pattern: `${base}/change/{id}`, run: { name: 'GetChange', handle: getChange } },
  { method: 'GET', pattern: `${base}/tags/{type}/{id}`, run: { name: 'ListTagsForResource', handle: (call) => listTags(taggedOf(call)) } },
  {
    method: 'POST',
    pattern: `${base}/tags/{type}/{id}`,
    run: { name: 'ChangeTagsForResource', handle: (call) => changeTags(taggedOf(call), call.request) },
  },
  {
    method: 'POST',
    pattern: `${base}/tags/{type}`,
    mutates: false,
    run: {
      name: 'ListTagsForResources',
      handle: ({ request, sandbox, parameters }) => listTagsOfSeveral(parameters.type ?? '', request, sandbox.world),
    },
  },
];

const routes = restRoutes(table);

function checkQuery(request: SandboxRequest, allowed: readonly string[]): void {
  const unknown = [...request.query.keys()].find((name) => !allowed.includes(name) && !name.startsWith('X-Amz-') && name !== 'x-id');
  if (unknown !== undefined) throw awsFault(400, 'InvalidInput', `Unknown query parameter: ${unknown}`);
}

export const route53: System = {
  name: 'route53',
  port: 'aws',
  signsAs: ['route53'],
  operation: (request) => `route53:${routes.match(request)?.route.run.name ?? `${request.method} ${request.path}`}`,
  mutates: (request) => routes.mutates(request),
  handle(request, sandbox) {
    const found = routes.match(request);
    if (!found) throw awsFault(501, 'NotImplemented', `The sandbox does not serve ${request.method} ${request.path}.`);
    takeRequest(sandbox);
    checkQuery(request, found.route.query ?? []);
    return found.route.run.handle({ request, sandbox, parameters: found.parameters });
  },
  dump: dumpRoute53,
};
