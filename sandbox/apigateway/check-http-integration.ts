import type { ApiCall } from './call.ts';
import { badRequest } from './faults.ts';
import { checkBehindLink, checkEndpoint, checkUsable, hasVariable, isListener } from './reach.ts';
import type { HttpApi, HttpIntegration } from './state.ts';

/** Refuses an integration of an HTTP or WebSocket API that could not be served. */
export function checkHttpIntegration(call: ApiCall, api: HttpApi, integration: HttpIntegration): void {
  const { integrationType: type, timeoutInMillis, connectionType } = integration;
  const http = api.protocolType === 'HTTP';
  const types: readonly string[] = http ? ['HTTP_PROXY', 'AWS_PROXY'] : ['HTTP', 'HTTP_PROXY', 'AWS', 'AWS_PROXY', 'MOCK'];
  if (!types.includes(type)) throw badRequest(`The integration type ${type} is not supported for ${api.protocolType} APIs`);
  if (timeoutInMillis < 50 || timeoutInMillis > (http ? 30_000 : 29_000)) throw badRequest('Invalid timeoutInMillis');
  if (connectionType !== 'INTERNET' && connectionType !== 'VPC_LINK') throw badRequest(`Invalid connection type: ${connectionType}`);
  if (connectionType !== 'VPC_LINK') checkPublic(integration);
  else if (http) checkPrivate(call, integration);
  else checkPrivateWebSocket(call, integration);
}

function checkPublic(integration: HttpIntegration): void {
  if (integration.connectionId) throw badRequest('Connection ID can only be specified with the connection type VPC_LINK');
  if (integration.tlsConfig) throw badRequest('TLS configuration is supported only for private integrations');
  if (!integration.integrationType.startsWith('HTTP')) return;
  if (!integration.integrationMethod) throw badRequest('Integration method is required');
  checkEndpoint(integration.integrationUri);
}

/** WebSocket APIs go as REST APIs do: by the address of a network load balancer, through a link of the first version to it. */
function checkPrivateWebSocket({ state }: ApiCall, integration: HttpIntegration): void {
  const { integrationType, integrationMethod, integrationUri, connectionId } = integration;
  if (!integrationType.startsWith('HTTP')) throw badRequest('VPC_LINK is supported only for HTTP and HTTP_PROXY integrations');
  if (!integrationMethod) throw badRequest('Integration method is required');
  if (!connectionId) throw badRequest('Connection ID is required for the connection type VPC_LINK');
  checkEndpoint(integrationUri);
  if (hasVariable(connectionId)) return;
  if (state.vpcLinksV2[connectionId] !== undefined) throw badRequest('VPC links V2 are not supported for WebSocket APIs');
  const link = state.vpcLinksV1[connectionId];
  if (link === undefined) throw badRequest(`Invalid Vpc Link Id specified: ${connectionId}`);
  checkUsable(link);
}

function checkPrivate({ sandbox: { world }, region, state }: ApiCall, integration: HttpIntegration): void {
  const { integrationType, integrationMethod, integrationUri = '', connectionId } = integration;
  if (integrationType !== 'HTTP_PROXY') throw badRequest('Private integrations have the type HTTP_PROXY');
  if (!integrationMethod) throw badRequest('Integration method is required');
  if (!connectionId) throw badRequest('Connection ID is required for the connection type VPC_LINK');
  const link = state.vpcLinksV2[connectionId];
  if (link === undefined) throw badRequest(`Invalid VPC link ID specified: ${connectionId}`);
  checkUsable(link);
  if (/^arn:aws:servicediscovery:/.test(integrationUri)) return;
  if (!isListener(world, region, integrationUri))
    throw badRequest(`Invalid integration URI: ${integrationUri} is not the ARN of a listener or Cloud Map service in ${region}`);
  checkBehindLink(world, region, state, connectionId, integrationUri);
}
