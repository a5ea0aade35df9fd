import type { GetApiResponse, Integration, Route } from '@aws-sdk/client-apigatewayv2';
import type { ApiGatewayV2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import { canonicalJson, type JsonObject } from '../kit/json.ts';
import type { GatewayEndpoint, GatewayLink } from './gateway-endpoint.ts';
import { httpApi } from './http-api.ts';
import { type Links, linksFor } from './read-links.ts';
import type { GatewayApiClient } from './stage-api.ts';
import { linkName, type StageContent } from './stage-content.ts';
import type { ApiRef } from './switched-apis.ts';

/** A WebSocket API. It can't be exported, and a deployment of it can't be read: what a stage serves is not known. */
export function websocketApi(gateway: ApiGatewayV2, ref: ApiRef, api: GetApiResponse, links: Links): GatewayApiClient {
  return {
    ...httpApi(gateway, ref, api, links),
    kind: 'websocket',
    live: () => Promise.resolve(null),
    current: () => contentOf(gateway, ref.id, links),
  };
}

/** What the API says: its routes, and the integrations behind them. */
async function contentOf(gateway: ApiGatewayV2, ApiId: string, links: Links): Promise<StageContent> {
  const [routes, integrations] = await Promise.all([
    allPages(async (NextToken) => {
      const page = await gateway.getRoutes({ ApiId, MaxResults: '100', NextToken });
      return [page.Items, page.NextToken];
    }),
    allPages(async (NextToken) => {
      const page = await gateway.getIntegrations({ ApiId, MaxResults: '100', NextToken });
      return [page.Items, page.NextToken];
    }),
  ]);
  const byId = new Map(integrations.map((integration) => [integration.IntegrationId ?? '', integration]));
  const served = routes.map((route) => ({ route, integration: byId.get((route.Target ?? '').replace(/^integrations\//, '')) ?? {} }));
  const known = await linksFor(
    integrations.map(({ ConnectionId }) => ConnectionId),
    links,
  );
  return {
    routes: new Map(served.map(({ route, integration }) => [route.RouteKey ?? '', endpointOf(integration, known)])),
    rest: new Map(served.map(({ route, integration }) => [route.RouteKey ?? '', factsOf(route, integration)])),
  };
}

function endpointOf({ IntegrationUri = '', ConnectionId = '' }: Integration, links: readonly GatewayLink[]): GatewayEndpoint {
  return { uri: IntegrationUri, connection: linkName(ConnectionId, links), target: '' };
}

/** All but ids, and where it leads. */
function factsOf(route: Route, integration: Integration): string {
  const { RouteId: _route, Target: _target, RouteKey: _key, ...ofRoute } = route;
  const { IntegrationId: _id, IntegrationUri: _uri, ConnectionId: _link, ...ofIntegration } = integration;
  // The SDK puts `undefined` where API Gateway said nothing; plain JSON leaves it out.
  return canonicalJson(JSON.parse(JSON.stringify({ route: ofRoute, integration: ofIntegration })) as JsonObject);
}
