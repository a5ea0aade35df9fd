import { jsonResponse } from '../aws/rest-json.ts';
import { type ApiRoute, domainOf, seconds } from './call.ts';
import { badRequest } from './faults.ts';
import { positionPage, positionQuery, tokenPage, tokenQuery } from './paging.ts';
import { applyPatch, type PatchRule, patchOperations, textRule } from './patch.ts';
import type { ApiMapping, CustomDomain } from './state.ts';

function domainViewV1(domain: CustomDomain, region: string): unknown {
  const regional = domain.endpointType === 'REGIONAL';
  const target = regional
    ? { regionalDomainName: domain.targetName, regionalHostedZoneId: domain.targetZoneId, regionalCertificateArn: domain.certificateArn }
    : {
        distributionDomainName: domain.targetName,
        distributionHostedZoneId: domain.targetZoneId,
        certificateArn: domain.certificateArn,
        certificateUploadDate: seconds(domain.createdAt),
      };
  return {
    domainName: domain.name,
    domainNameArn: `arn:aws:apigateway:${region}::/domainnames/${domain.name}`,
    ...target,
    endpointConfiguration: { types: [domain.endpointType], ipAddressType: 'ipv4' },
    domainNameStatus: domain.status,
    securityPolicy: domain.securityPolicy,
    routingMode: 'BASE_PATH_MAPPING_ONLY',
    tags: domain.tags,
  };
}

export function domainViewV2(domain: CustomDomain, region: string): unknown {
  const configuration = {
    apiGatewayDomainName: domain.targetName,
    certificateArn: domain.certificateArn,
    domainNameStatus: domain.status,
    endpointType: domain.endpointType,
    hostedZoneId: domain.targetZoneId,
    ipAddressType: 'ipv4',
    securityPolicy: domain.securityPolicy,
  };
  return {
    domainName: domain.name,
    domainNameArn: `arn:aws:apigateway:${region}::/domainnames/${domain.name}`,
    apiMappingSelectionExpression: '$request.basepath',
    domainNameConfigurations: [configuration],
    routingMode: 'API_MAPPING_ONLY',
    tags: domain.tags,
  };
}

// Version 1 calls the mapping without a path `(none)`.
function mappingV1({ path, apiId, stage }: ApiMapping): unknown {
  return { basePath: path === '' ? '(none)' : path, restApiId: apiId, stage };
}

export function mappingViewV2({ id, path, apiId, stage }: ApiMapping): unknown {
  return { apiMappingId: id, apiMappingKey: path, apiId, stage };
}

const certificateRule = (path: string, type: CustomDomain['endpointType']): PatchRule<CustomDomain> => ({
  path,
  ops: ['replace'],
  apply: (domain, { value = '' }) => {
    if (domain.endpointType !== type) throw badRequest(`Invalid patch path '${path}' for a ${domain.endpointType} domain name`);
    if (!value.startsWith('arn:aws:acm:')) throw badRequest('Invalid certificate ARN');
    domain.certificateArn = value;
  },
});

const rules: readonly PatchRule<CustomDomain>[] = [
  certificateRule('/certificateArn', 'EDGE'),
  certificateRule('/regionalCertificateArn', 'REGIONAL'),
  textRule('securityPolicy'),
];

export const domainRoutes: readonly ApiRoute[] = [
  {
    name: 'GetDomainNames',
    method: 'GET',
    pattern: '/domainnames',
    query: positionQuery,
    run: ({ state, query, region }) => {
      const { item, position } = positionPage(query, Object.values(state.domains));
      return jsonResponse({ item: item.map((domain) => domainViewV1(domain, region)), position });
    },
  },
  {
    name: 'GetDomainName',
    method: 'GET',
    pattern: '/domainnames/{domainName}',
    run: (call) => jsonResponse(domainViewV1(domainOf(call), call.region)),
  },
  {
    name: 'UpdateDomainName',
    method: 'PATCH',
    pattern: '/domainnames/{domainName}',
    body: ['patchOperations'],
    run: (call) => {
      const domain = applyPatch(structuredClone(domainOf(call)), patchOperations(call.body), rules);
      call.state.domains[domain.name] = domain;
      return jsonResponse(domainViewV1(domain, call.region));
    },
  },
  {
    name: 'GetBasePathMappings',
    method: 'GET',
    pattern: '/domainnames/{domainName}/basepathmappings',
    query: positionQuery,
    run: (call) => {
      const { item, position } = positionPage(call.query, Object.values(domainOf(call).mappings));
      return jsonResponse({ item: item.map(mappingV1), position });
    },
  },
  {
    name: 'GetDomainNames',
    method: 'GET',
    pattern: '/v2/domainnames',
    query: tokenQuery,
    run: ({ state, query, region }) => {
      const { items, nextToken } = tokenPage(query, Object.values(state.domains));
      return jsonResponse({ items: items.map((domain) => domainViewV2(domain, region)), nextToken });
    },
  },
  {
    name: 'GetDomainName',
    method: 'GET',
    pattern: '/v2/domainnames/{domainName}',
    run: (call) => jsonResponse(domainViewV2(domainOf(call), call.region)),
  },
  {
    name: 'GetApiMappings',
    method: 'GET',
    pattern: '/v2/domainnames/{domainName}/apimappings',
    query: tokenQuery,
    run: (call) => {
      const { items, nextToken } = tokenPage(call.query, Object.values(domainOf(call).mappings));
      return jsonResponse({ items: items.map(mappingViewV2), nextToken });
    },
  },
];
