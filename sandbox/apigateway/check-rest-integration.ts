import type { ApiCall } from './call.ts';
import { badRequest } from './faults.ts';
import { checkBehindLink, checkEndpoint, checkUsable, hasVariable } from './reach.ts';
import type { RestIntegration } from './state.ts';

const types: readonly string[] = ['HTTP', 'HTTP_PROXY', 'AWS', 'AWS_PROXY', 'MOCK'];

/** Refuses an integration of a REST API that could not be served. */
export function checkRestIntegration(call: ApiCall, integration: RestIntegration): void {
  const { type, httpMethod, uri, timeoutInMillis } = integration;
  if (!types.includes(type)) throw badRequest(`Invalid integration type: ${type}`);
  if (timeoutInMillis !== undefined && (timeoutInMillis < 50 || timeoutInMillis > 29_000))
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  checkConnection(call, integration);
  if (type === 'MOCK') return;
  if (httpMethod === undefined || httpMethod === '') throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (type.startsWith('HTTP')) checkEndpoint(uri);
  else if (!/^arn:aws:apigateway:[a-z0-9-]+:[^:]+:(path|action)\/.+/.test(uri ?? ''))
    throw badRequest('AWS ARN for integration must contain path or action');
}

function checkConnection({ sandbox: { world }, region, state }: ApiCall, integration: RestIntegration): void {
  const { type, connectionType = 'INTERNET', connectionId, integrationTarget } = integration;
  if (connectionType !== 'INTERNET' && connectionType !== 'VPC_LINK') throw badRequest(`Invalid connection type: ${connectionType}`);
  if (connectionType === 'INTERNET') {
    if (connectionId) throw badRequest('Connection id can only be specified with the connection type VPC_LINK');
    if (integrationTarget) throw badRequest('Integration target can only be specified with the connection type VPC_LINK');
    return;
  }
  if (!type.startsWith('HTTP')) throw badRequest('VPC_LINK is supported only for HTTP and HTTP_PROXY integrations');
  if (!connectionId) throw badRequest('Connection id is required for the connection type VPC_LINK');
  if (hasVariable(connectionId)) {
    if (integrationTarget) checkBehindLink(world, region, state, '', integrationTarget);
    return;
  }
  const first = state.vpcLinksV1[connectionId];
  const second = state.vpcLinksV2[connectionId];
  const link = first ?? second;
  if (link === undefined) throw badRequest(`Invalid Vpc Link Id specified: ${connectionId}`);
  checkUsable(link);
  if (first !== undefined && integrationTarget) throw badRequest('Integration target is supported only with VPC links V2');
  if (second === undefined) return;
  if (!integrationTarget) throw badRequest('Integration target is required with a VPC link V2');
  checkBehindLink(world, region, state, connectionId, integrationTarget);
}
