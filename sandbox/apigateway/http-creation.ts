import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, httpApiOf } from './call.ts';
import { checkHttpIntegration } from './check-http-integration.ts';
import { badRequest, conflict } from './faults.ts';
import { httpApiView } from './http-apis.ts';
import { integrationMembers, withMembers } from './http-integrations.ts';
import { changed } from './http-publish.ts';
import { httpStageView } from './http-stages.ts';
import { newId } from './ids.ts';
import { checkVariables, flagIn, mapIn, optionalText, tagsIn, textIn } from './input.ts';
import type { HttpApi, HttpIntegration, HttpRoute, HttpStage, IntegrationType } from './state.ts';

const empty: SandboxResponse = { status: 204, headers: { 'content-type': 'application/json' }, body: '' };

function createApi({ sandbox, state, body, now, region }: ApiCall): SandboxResponse {
  const protocolType = textIn(body, 'protocolType');
  if (protocolType !== 'HTTP' && protocolType !== 'WEBSOCKET')
    throw badRequest('Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]');
  const expression = optionalText(body, 'routeSelectionExpression');
  if (expression === undefined && protocolType === 'WEBSOCKET')
    throw badRequest('Route selection expression is required for WebSocket APIs');
  const description = optionalText(body, 'description');
  const api: HttpApi = {
    id: newId(sandbox.world.apigateway, 10),
    name: textIn(body, 'name'),
    protocolType,
    routeSelectionExpression: expression ?? '$request.method $request.path',
    ...(description === undefined ? {} : { description }),
    createdAt: now,
    tags: tagsIn(body),
    integrations: {},
    routes: {},
    deployments: {},
    stages: {},
  };
  state.httpApis[api.id] = api;
  return jsonResponse(httpApiView(api, region), 201);
}

function createIntegration(call: ApiCall): SandboxResponse {
  const api = httpApiOf(call);
  const http = api.protocolType === 'HTTP';
  const integration = withMembers(
    {
      integrationId: newId(call.sandbox.world.apigateway, 7),
      integrationType: textIn(call.body, 'integrationType') as IntegrationType,
      connectionType: 'INTERNET',
      timeoutInMillis: http ? 30_000 : 29_000,
    } satisfies HttpIntegration,
    call.body,
  );
  if (http && integration.payloadFormatVersion === undefined)
    throw badRequest('PayloadFormatVersion is a required parameter for integration');
  checkHttpIntegration(call, api, integration);
  api.integrations[integration.integrationId] = integration;
  changed(api, call.now);
  return jsonResponse(integration, 201);
}

const httpRouteKey = /^(\$default|(ANY|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT) \/\S*)$/;

function createRoute(call: ApiCall): SandboxResponse {
  const { body, sandbox } = call;
  const api = httpApiOf(call);
  const routeKey = textIn(body, 'routeKey');
  if (api.protocolType === 'HTTP' && !httpRouteKey.test(routeKey))
    throw badRequest(`The provided route key is not formatted properly for HTTP protocol: ${routeKey}`);
  if (Object.values(api.routes).some((route) => route.routeKey === routeKey))
    throw conflict(`Route with key ${routeKey} already exists for this API`);
  const target = optionalText(body, 'target');
  if (target !== undefined && api.integrations[target.replace(/^integrations\//, '')] === undefined)
    throw badRequest(`Invalid target: ${target} is no integration of this API`);
  const route: HttpRoute = {
    routeId: newId(sandbox.world.apigateway, 7),
    routeKey,
    ...(target === undefined ? {} : { target }),
    authorizationType: optionalText(body, 'authorizationType') ?? 'NONE',
    apiKeyRequired: flagIn(body, 'apiKeyRequired') ?? false,
  };
  api.routes[route.routeId] = route;
  changed(api, call.now);
  return jsonResponse(route, 201);
}

function createStage(call: ApiCall): SandboxResponse {
  const { body, now } = call;
  const api = httpApiOf(call);
  const name = textIn(body, 'stageName');
  if (name !== '$default' && !/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_- or $default');
  if (api.stages[name] !== undefined) throw conflict('Stage already exists');
  const deploymentId = optionalText(body, 'deploymentId');
  if (deploymentId !== undefined && api.deployments[deploymentId] === undefined) throw badRequest('Deployment ID does not exist');
  const variables = mapIn(body, 'stageVariables') ?? {};
  checkVariables(variables);
  const stage: HttpStage = {
    name,
    autoDeploy: flagIn(body, 'autoDeploy') ?? false,
    ...(deploymentId === undefined ? {} : { deploymentId }),
    variables,
    createdAt: now,
    updatedAt: now,
    tags: tagsIn(body),
  };
  api.stages[name] = stage;
  changed(api, now);
  return jsonResponse(httpStageView(stage), 201);
}

const one = '/v2/apis/{apiId}';

/** What makes HTTP and WebSocket APIs and takes them away, so that a client can. */
export const httpCreationRoutes: readonly ApiRoute[] = [
  {
    name: 'CreateApi',
    method: 'POST',
    pattern: '/v2/apis',
    body: ['name', 'protocolType', 'routeSelectionExpression', 'description', 'tags'],
    run: createApi,
  },
  {
    name: 'DeleteApi',
    method: 'DELETE',
    pattern: one,
    run: (call) => {
      delete call.state.httpApis[httpApiOf(call).id];
      return empty;
    },
  },
  { name: 'CreateIntegration', method: 'POST', pattern: `${one}/integrations`, body: integrationMembers, run: createIntegration },
  {
    name: 'CreateRoute',
    method: 'POST',
    pattern: `${one}/routes`,
    body: ['routeKey', 'target', 'authorizationType', 'apiKeyRequired'],
    run: createRoute,
  },
  {
    name: 'CreateStage',
    method: 'POST',
    pattern: `${one}/stages`,
    body: ['stageName', 'autoDeploy', 'deploymentId', 'stageVariables', 'tags'],
    run: createStage,
  },
];
