import { APIGateway, type Integration, type PatchOperation } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import type { Opened } from '../contract.ts';
import type { Aws } from '../subjects/aws.ts';
import { makeNetwork, type Network } from '../subjects/network.ts';
import { unique } from '../unique.ts';

export interface Gateway extends Aws, Network {
  readonly v1: APIGateway;
  readonly v2: ApiGatewayV2;
}

/** Adds to an AWS that was opened the clients of both versions. They repeat what was refused for its rate: some operations have a quota of one in many seconds. */
export async function openedGateway({ subject, close }: Opened<Aws>): Promise<Opened<Gateway>> {
  const config = subject.config({ maxAttempts: 6 });
  return { subject: { ...subject, ...(await makeNetwork(subject)), v1: new APIGateway(config), v2: new ApiGatewayV2(config) }, close };
}

export interface MadeRestApi {
  readonly restApiId: string;
  readonly deploymentId: string;
  readonly method: { readonly restApiId: string; readonly resourceId: string; readonly httpMethod: string };
  patch(...patchOperations: PatchOperation[]): Promise<Integration>;
}

export const OLD = 'http://old.example.com/cart';
export const NEW = 'http://new.example.com/cart';

/** A REST API whose `GET /cart` leads to an address, deployed to the stage `prod`. */
export async function newRestApi({ v1 }: Gateway): Promise<MadeRestApi> {
  const { id: restApiId } = await v1.createRestApi({ name: unique('rest'), endpointConfiguration: { types: ['REGIONAL'] } });
  const { items: [root] = [] } = await v1.getResources({ restApiId });
  const { id: resourceId = '' } = await v1.createResource({ restApiId, parentId: root?.id, pathPart: 'cart' });
  const method = { restApiId: restApiId ?? '', resourceId, httpMethod: 'GET' };
  await v1.putMethod({ ...method, authorizationType: 'NONE' });
  await v1.putIntegration({ ...method, type: 'HTTP_PROXY', integrationHttpMethod: 'GET', uri: OLD });
  const { id: deploymentId = '' } = await v1.createDeployment({ restApiId, stageName: 'prod' });
  const patch: MadeRestApi['patch'] = (...patchOperations) => v1.updateIntegration({ ...method, patchOperations });
  return { restApiId: method.restApiId, deploymentId, method, patch };
}

export interface MadeHttpApi {
  readonly ApiId: string;
  readonly IntegrationId: string;
}

/** An HTTP API whose `GET /cart` leads to an address, with a stage `prod`; not deployed unless the stage does it by itself. */
export async function newHttpApi({ v2 }: Gateway, AutoDeploy: boolean): Promise<MadeHttpApi> {
  const { ApiId = '' } = await v2.createApi({ Name: unique('http'), ProtocolType: 'HTTP' });
  const { IntegrationId = '' } = await v2.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'GET',
    IntegrationUri: OLD,
    PayloadFormatVersion: '1.0',
  });
  await v2.createRoute({ ApiId, RouteKey: 'GET /cart', Target: `integrations/${IntegrationId}` });
  await v2.createStage({ ApiId, StageName: 'prod', AutoDeploy });
  return { ApiId, IntegrationId };
}

export interface MadeWebSocketApi extends MadeHttpApi {
  readonly RouteId: string;
}

/** A WebSocket API whose `$default` leads to an address, with a stage `prod`. */
export async function newWebSocketApi({ v2 }: Gateway, AutoDeploy: boolean): Promise<MadeWebSocketApi> {
  const { ApiId = '' } = await v2.createApi({
    Name: unique('ws'),
    ProtocolType: 'WEBSOCKET',
    RouteSelectionExpression: '$request.body.action',
  });
  const { IntegrationId = '' } = await v2.createIntegration({
    ApiId,
    IntegrationType: 'HTTP_PROXY',
    IntegrationMethod: 'POST',
    IntegrationUri: OLD,
  });
  const { RouteId = '' } = await v2.createRoute({ ApiId, RouteKey: '$default', Target: `integrations/${IntegrationId}` });
  await v2.createStage({ ApiId, StageName: 'prod', AutoDeploy });
  return { ApiId, IntegrationId, RouteId };
}
