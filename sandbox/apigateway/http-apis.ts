import { jsonResponse } from '../aws/rest-json.ts';
import { type ApiCall, type ApiRoute, httpApiOf, iso, parameter } from './call.ts';
import { notFound } from './faults.ts';
import { tokenPage, tokenQuery } from './paging.ts';
import type { HttpApi, HttpRoute } from './state.ts';

export function httpApiView(api: HttpApi, region: string): unknown {
  const scheme = api.protocolType === 'HTTP' ? 'https' : 'wss';
  return {
    apiId: api.id,
    name: api.name,
    protocolType: api.protocolType,
    routeSelectionExpression: api.routeSelectionExpression,
    apiKeySelectionExpression: '$request.header.x-api-key',
    apiEndpoint: `${scheme}://${api.id}.execute-api.${region}.amazonaws.com`,
    description: api.description,
    createdDate: iso(api.createdAt),
    disableExecuteApiEndpoint: false,
    ipAddressType: 'ipv4',
    tags: api.tags,
  };
}

function routeOf(call: ApiCall): HttpRoute {
  const id = parameter(call, 'routeId');
  const route = httpApiOf(call).routes[id];
  if (route === undefined) throw notFound(`Unable to find Route by id ${id} within the provided RestApi`);
  return route;
}

export const httpApiRoutes: readonly ApiRoute[] = [
  {
    name: 'GetApis',
    method: 'GET',
    pattern: '/v2/apis',
    query: tokenQuery,
    run: ({ state, query, region }) => {
      const { items, nextToken } = tokenPage(query, Object.values(state.httpApis));
      return jsonResponse({ items: items.map((api) => httpApiView(api, region)), nextToken });
    },
  },
  { name: 'GetApi', method: 'GET', pattern: '/v2/apis/{apiId}', run: (call) => jsonResponse(httpApiView(httpApiOf(call), call.region)) },
  {
    name: 'GetRoutes',
    method: 'GET',
    pattern: '/v2/apis/{apiId}/routes',
    query: tokenQuery,
    run: (call) => jsonResponse(tokenPage(call.query, Object.values(httpApiOf(call).routes))),
  },
  { name: 'GetRoute', method: 'GET', pattern: '/v2/apis/{apiId}/routes/{routeId}', run: (call) => jsonResponse(routeOf(call)) },
];
