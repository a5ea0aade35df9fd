import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, domainOf } from './call.ts';
import { domainViewV2, mappingViewV2 } from './domains.ts';
import { badRequest, conflict, notFound } from './faults.ts';
import { newId } from './ids.ts';
import { optionalText, tagsIn, textIn } from './input.ts';
import { type CustomDomain, targetZoneOf } from './state.ts';

/** Version 2 makes regional domain names; only version 1 makes edge-optimised ones. */
function createDomain(call: ApiCall): SandboxResponse {
  const { body, state, sandbox, region, now } = call;
  const name = textIn(body, 'domainName');
  if (!/^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(name)) throw badRequest('Invalid domain name');
  if (state.domains[name] !== undefined) throw badRequest('The domain name you provided already exists.');
  const [configuration, ...others] = Array.isArray(body.domainNameConfigurations) ? body.domainNameConfigurations : [];
  if (typeof configuration !== 'object' || configuration === null || others.length > 0)
    throw badRequest('One domain name configuration is required');
  const given = configuration as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !['certificateArn', 'endpointType', 'securityPolicy'].includes(key));
  if (unknown !== undefined) throw badRequest(`${unknown} is not a member of DomainNameConfiguration that the sandbox takes`);
  if (textIn(given, 'endpointType') !== 'REGIONAL') throw badRequest('Only REGIONAL endpoints are supported for this operation');
  const certificateArn = textIn(given, 'certificateArn');
  if (!certificateArn.startsWith(`arn:aws:acm:${region}:`)) throw badRequest(`Invalid certificate ARN: it must be in ${region}`);
  const domain: CustomDomain = {
    name,
    endpointType: 'REGIONAL',
    certificateArn,
    securityPolicy: optionalText(given, 'securityPolicy') ?? 'TLS_1_2',
    targetName: `d-${newId(sandbox.world.apigateway, 10)}.execute-api.${region}.amazonaws.com`,
    targetZoneId: targetZoneOf(region),
    status: 'AVAILABLE',
    createdAt: now,
    mappings: {},
    tags: tagsIn(body),
  };
  state.domains[name] = domain;
  return jsonResponse(domainViewV2(domain, region), 201);
}

function createMapping(call: ApiCall): SandboxResponse {
  const { body, state, sandbox } = call;
  const domain = domainOf(call);
  const apiId = textIn(body, 'apiId');
  const stage = textIn(body, 'stage');
  const path = optionalText(body, 'apiMappingKey') ?? '';
  const api = state.restApis[apiId] ?? state.httpApis[apiId];
  if (api === undefined) throw notFound('Invalid API identifier specified');
  if (api.stages[stage] === undefined) throw badRequest('Invalid stage identifier specified');
  if (Object.values(domain.mappings).some((mapping) => mapping.path === path))
    throw conflict('ApiMapping key already exists for this domain name');
  const mapping = { id: newId(sandbox.world.apigateway, 6), path, apiId, stage };
  domain.mappings[mapping.id] = mapping;
  return jsonResponse(mappingViewV2(mapping), 201);
}

/** What makes custom domain names and takes them away, so that a client can. */
export const domainCreationRoutes: readonly ApiRoute[] = [
  {
    name: 'CreateDomainName',
    method: 'POST',
    pattern: '/v2/domainnames',
    body: ['domainName', 'domainNameConfigurations', 'tags'],
    run: createDomain,
  },
  {
    name: 'CreateApiMapping',
    method: 'POST',
    pattern: '/v2/domainnames/{domainName}/apimappings',
    body: ['apiId', 'stage', 'apiMappingKey'],
    run: createMapping,
  },
  {
    name: 'DeleteDomainName',
    method: 'DELETE',
    pattern: '/v2/domainnames/{domainName}',
    run: (call) => {
      delete call.state.domains[domainOf(call).name];
      return { status: 204, headers: { 'content-type': 'application/json' }, body: '' };
    },
  },
];
