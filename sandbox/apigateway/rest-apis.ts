import { jsonResponse } from '../aws/rest-json.ts';
import { type ApiCall, type ApiRoute, restApiOf, seconds } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { positionPage, positionQuery } from './paging.ts';
import type { RestApi, RestMethod, RestResource } from './state.ts';

export function restApiView(api: RestApi): unknown {
  return {
    id: api.id,
    name: api.name,
    description: api.description,
    createdDate: seconds(api.createdAt),
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: [api.endpointType], ipAddressType: 'ipv4' },
    disableExecuteApiEndpoint: false,
    rootResourceId: api.rootResourceId,
    tags: api.tags,
  };
}

export function resourceOf(call: ApiCall): RestResource {
  const resource = restApiOf(call).resources[call.parameters.resourceId ?? ''];
  if (resource === undefined) throw notFound('Invalid Resource identifier specified');
  return resource;
}

export function methodOf(call: ApiCall): RestMethod {
  const method = resourceOf(call).methods[call.parameters.httpMethod ?? ''];
  if (method === undefined) throw notFound('Invalid Method identifier specified');
  return method;
}

export function methodView({ httpMethod, authorizationType, apiKeyRequired, integration }: RestMethod): unknown {
  return { httpMethod, authorizationType, apiKeyRequired, methodIntegration: integration };
}

/** With its methods when they are asked for: in full, or as names alone. */
export function resourceView({ id, parentId, pathPart, path, methods }: RestResource, embed: boolean): unknown {
  const verbs = Object.values(methods).map((method) => [method.httpMethod, embed ? methodView(method) : {}] as const);
  const resourceMethods = verbs.length === 0 ? undefined : Object.fromEntries(verbs);
  return { id, parentId, pathPart, path, resourceMethods };
}

export function embedsMethods({ query }: ApiCall): boolean {
  const embed = query.getAll('embed').flatMap((each) => each.split(','));
  if (embed.some((each) => each !== 'methods')) throw badRequest('Invalid embed: only methods can be embedded');
  return embed.length > 0;
}

const byPath = (a: RestResource, b: RestResource): number => (a.path < b.path ? -1 : 1);

export const restApiRoutes: readonly ApiRoute[] = [
  {
    name: 'GetRestApis',
    method: 'GET',
    pattern: '/restapis',
    query: positionQuery,
    run: ({ state, query }) => {
      const { item, position } = positionPage(query, Object.values(state.restApis));
      return jsonResponse({ item: item.map(restApiView), position });
    },
  },
  { name: 'GetRestApi', method: 'GET', pattern: '/restapis/{restApiId}', run: (call) => jsonResponse(restApiView(restApiOf(call))) },
  {
    name: 'GetResources',
    method: 'GET',
    pattern: '/restapis/{restApiId}/resources',
    query: [...positionQuery, 'embed'],
    run: (call) => {
      const embed = embedsMethods(call);
      const { item, position } = positionPage(call.query, Object.values(restApiOf(call).resources).toSorted(byPath));
      return jsonResponse({ item: item.map((resource) => resourceView(resource, embed)), position });
    },
  },
  {
    name: 'GetResource',
    method: 'GET',
    pattern: '/restapis/{restApiId}/resources/{resourceId}',
    query: ['embed'],
    run: (call) => jsonResponse(resourceView(resourceOf(call), embedsMethods(call))),
  },
  {
    name: 'GetMethod',
    method: 'GET',
    pattern: '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}',
    run: (call) => jsonResponse(methodView(methodOf(call))),
  },
];
