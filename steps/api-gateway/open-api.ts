import { unlessMissing } from '../clients/aws-errors.ts';
import { httpApi } from './http-api.ts';
import type { GatewayClients, Links } from './read-links.ts';
import { restApi } from './rest-api.ts';
import type { GatewayApiClient } from './stage-api.ts';
import type { ApiRef } from './switched-apis.ts';
import { websocketApi } from './websocket-api.ts';

/** An API, whichever kind it is; null: there is none of this id. */
export async function openApi(clients: GatewayClients, ref: ApiRef, links: Links): Promise<GatewayApiClient | null> {
  const first = await clients.apiGateway(ref.region);
  const rest = await unlessMissing(first.getRestApi({ restApiId: ref.id }), 'NotFoundException');
  if (rest !== null) return restApi(first, ref, rest, links);
  const second = await clients.apiGatewayV2(ref.region);
  const http = await unlessMissing(second.getApi({ ApiId: ref.id }), 'NotFoundException');
  if (http === null) return null;
  return http.ProtocolType === 'WEBSOCKET' ? websocketApi(second, ref, http, links) : httpApi(second, ref, http, links);
}
