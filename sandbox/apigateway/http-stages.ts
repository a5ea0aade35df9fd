import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, httpApiOf, iso, parameter } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { changed, deployHttp } from './http-publish.ts';
import { checkVariables, flagIn, mapIn, optionalText } from './input.ts';
import { tokenPage, tokenQuery } from './paging.ts';
import type { HttpDeployment, HttpStage } from './state.ts';

export function httpStageView(stage: HttpStage): unknown {
  return {
    stageName: stage.name,
    autoDeploy: stage.autoDeploy,
    deploymentId: stage.deploymentId,
    description: stage.description,
    stageVariables: stage.variables,
    defaultRouteSettings: { detailedMetricsEnabled: false },
    routeSettings: {},
    createdDate: iso(stage.createdAt),
    lastUpdatedDate: iso(stage.updatedAt),
    lastDeploymentStatusMessage: stage.autoDeploy ? `Successfully deployed stage with deployment ID '${stage.deploymentId}'` : undefined,
    tags: stage.tags,
  };
}

function deploymentView({ id, description, createdAt, autoDeployed }: HttpDeployment): unknown {
  return { deploymentId: id, description, createdDate: iso(createdAt), autoDeployed, deploymentStatus: 'DEPLOYED' };
}

function stageOf(call: ApiCall): HttpStage {
  const stage = httpApiOf(call).stages[parameter(call, 'stageName')];
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return stage;
}

function deploymentOf(call: ApiCall): HttpDeployment {
  const id = parameter(call, 'deploymentId');
  const deployment = httpApiOf(call).deployments[id];
  if (deployment === undefined) throw notFound(`Unable to find Deployment by id ${id} within the provided Api`);
  return deployment;
}

function updateStage(call: ApiCall): SandboxResponse {
  const { body, now } = call;
  const api = httpApiOf(call);
  const stage = stageOf(call);
  const deploymentId = optionalText(body, 'deploymentId');
  const auto = flagIn(body, 'autoDeploy') ?? stage.autoDeploy;
  if (deploymentId !== undefined && auto) throw badRequest('Deployment ID cannot be updated on a stage with auto-deploy enabled');
  if (deploymentId !== undefined && api.deployments[deploymentId] === undefined)
    throw notFound(`Unable to find Deployment by id ${deploymentId}`);
  const variables = Object.entries({ ...stage.variables, ...mapIn(body, 'stageVariables') }).filter(([, value]) => value !== '');
  checkVariables(Object.fromEntries(variables));
  const description = optionalText(body, 'description') ?? stage.description;
  const after: HttpStage = {
    ...stage,
    autoDeploy: auto,
    ...(deploymentId === undefined ? {} : { deploymentId }),
    ...(description === undefined ? {} : { description }),
    variables: Object.fromEntries(variables),
    updatedAt: now,
  };
  api.stages[stage.name] = after;
  if (auto && !stage.autoDeploy) changed(api, now);
  return jsonResponse(httpStageView(after));
}

function createDeployment(call: ApiCall): SandboxResponse {
  const { body, sandbox, now } = call;
  const api = httpApiOf(call);
  const name = optionalText(body, 'stageName');
  const stage = name === undefined ? undefined : api.stages[name];
  if (name !== undefined && stage === undefined) throw notFound('Invalid stage identifier specified');
  if (stage?.autoDeploy) throw badRequest('A deployment cannot be created for a stage with auto-deploy enabled');
  const routes = Object.values(api.routes);
  if (routes.length === 0) throw badRequest('At least one route is required before deploying the Api.');
  const open = api.protocolType === 'WEBSOCKET' ? routes.find(({ target }) => target === undefined) : undefined;
  if (open !== undefined) throw badRequest(`The route ${open.routeKey} has no integration`);
  const description = optionalText(body, 'description');
  const deployment = deployHttp(sandbox.world.apigateway, api, now, {
    autoDeployed: false,
    ...(description === undefined ? {} : { description }),
  });
  if (stage !== undefined) Object.assign(stage, { deploymentId: deployment.id, updatedAt: now });
  return jsonResponse(deploymentView(deployment), 201);
}

function deleteDeployment(call: ApiCall): SandboxResponse {
  const api = httpApiOf(call);
  const { id } = deploymentOf(call);
  if (Object.values(api.stages).some(({ deploymentId }) => deploymentId === id))
    throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  delete api.deployments[id];
  return { ...jsonResponse({}), status: 204, body: '' };
}

const newestFirst = (a: HttpDeployment, b: HttpDeployment): number => b.createdAt - a.createdAt;
const stages = '/v2/apis/{apiId}/stages';
const deployments = '/v2/apis/{apiId}/deployments';

export const httpStageRoutes: readonly ApiRoute[] = [
  {
    name: 'GetStages',
    method: 'GET',
    pattern: stages,
    query: tokenQuery,
    run: (call) => {
      const { items, nextToken } = tokenPage(call.query, Object.values(httpApiOf(call).stages));
      return jsonResponse({ items: items.map(httpStageView), nextToken });
    },
  },
  { name: 'GetStage', method: 'GET', pattern: `${stages}/{stageName}`, run: (call) => jsonResponse(httpStageView(stageOf(call))) },
  {
    name: 'UpdateStage',
    method: 'PATCH',
    pattern: `${stages}/{stageName}`,
    body: ['autoDeploy', 'deploymentId', 'description', 'stageVariables'],
    run: updateStage,
  },
  {
    name: 'GetDeployments',
    method: 'GET',
    pattern: deployments,
    query: tokenQuery,
    run: (call) => {
      const { items, nextToken } = tokenPage(call.query, Object.values(httpApiOf(call).deployments).toSorted(newestFirst));
      return jsonResponse({ items: items.map(deploymentView), nextToken });
    },
  },
  {
    name: 'GetDeployment',
    method: 'GET',
    pattern: `${deployments}/{deploymentId}`,
    run: (call) => jsonResponse(deploymentView(deploymentOf(call))),
  },
  { name: 'CreateDeployment', method: 'POST', pattern: deployments, body: ['stageName', 'description'], run: createDeployment },
  { name: 'DeleteDeployment', method: 'DELETE', pattern: `${deployments}/{deploymentId}`, run: deleteDeployment },
];
