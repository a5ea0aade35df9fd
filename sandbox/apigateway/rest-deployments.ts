import { setTimeout as sleep } from 'node:timers/promises';
import { jsonResponse } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, parameter, restApiOf, seconds } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { newId } from './ids.ts';
import { checkVariables, flagIn, mapIn, optionalText } from './input.ts';
import { positionPage, positionQuery } from './paging.ts';
import { applyPatch, patchOperations, textRule } from './patch.ts';
import { pendingLinks, snapshotOf } from './rest-deploy.ts';
import type { RestDeployment } from './state.ts';
import { advanceLinks } from './vpc-links.ts';

const newestFirst = (a: RestDeployment, b: RestDeployment): number => b.createdAt - a.createdAt;

function view({ id, description, createdAt, snapshot }: RestDeployment, summary = false): unknown {
  const methods = Object.entries(snapshot).map(
    ([path, verbs]) =>
      [
        path,
        Object.fromEntries(
          Object.values(verbs).map(({ httpMethod, authorizationType, apiKeyRequired }) => [
            httpMethod,
            { authorizationType, apiKeyRequired },
          ]),
        ),
      ] as const,
  );
  return { id, description, createdDate: seconds(createdAt), ...(summary ? { apiSummary: Object.fromEntries(methods) } : {}) };
}

function deploymentOf(call: ApiCall): RestDeployment {
  const deployment = restApiOf(call).deployments[parameter(call, 'deploymentId')];
  if (deployment === undefined) throw notFound('Invalid Deployment identifier specified');
  return deployment;
}

async function create(call: ApiCall): Promise<SandboxResponse> {
  const { body, state, sandbox } = call;
  const api = restApiOf(call);
  const name = optionalText(body, 'stageName');
  if (name !== undefined && !/^[A-Za-z0-9_-]{1,128}$/.test(name)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  const variables = mapIn(body, 'variables');
  checkVariables(variables ?? {});
  while (pendingLinks(state, api).length > 0) {
    await sleep(20);
    advanceLinks(sandbox, call.region);
  }
  const now = sandbox.clock.now();
  const deployment: RestDeployment = {
    id: newId(sandbox.world.apigateway, 6),
    description: optionalText(body, 'description') ?? '',
    createdAt: now,
    snapshot: snapshotOf(state, api),
  };
  api.deployments[deployment.id] = deployment;
  if (name !== undefined) {
    const stage = api.stages[name] ?? { name, variables: {}, tracingEnabled: false, createdAt: now, tags: {} };
    const description = optionalText(body, 'stageDescription');
    api.stages[name] = {
      ...stage,
      ...(description === undefined ? {} : { description }),
      variables: { ...stage.variables, ...variables },
      tracingEnabled: flagIn(body, 'tracingEnabled') ?? stage.tracingEnabled,
      deploymentId: deployment.id,
      updatedAt: now,
    };
  }
  return jsonResponse(view(deployment), 201);
}

function remove(call: ApiCall): SandboxResponse {
  const api = restApiOf(call);
  const { id } = deploymentOf(call);
  if (Object.values(api.stages).some(({ deploymentId, canary }) => [deploymentId, canary?.deploymentId].includes(id)))
    throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  delete api.deployments[id];
  return jsonResponse({}, 202);
}

const one = '/restapis/{restApiId}/deployments/{deploymentId}';

export const restDeploymentRoutes: readonly ApiRoute[] = [
  {
    name: 'GetDeployments',
    method: 'GET',
    pattern: '/restapis/{restApiId}/deployments',
    query: positionQuery,
    run: (call) => {
      const { item, position } = positionPage(call.query, Object.values(restApiOf(call).deployments).toSorted(newestFirst));
      return jsonResponse({ item: item.map((deployment) => view(deployment)), position });
    },
  },
  {
    name: 'GetDeployment',
    method: 'GET',
    pattern: one,
    query: ['embed'],
    run: (call) => {
      const embed = call.query.getAll('embed').flatMap((each) => each.split(','));
      if (embed.some((each) => each !== 'apisummary')) throw badRequest('Invalid embed: only apisummary can be embedded');
      return jsonResponse(view(deploymentOf(call), embed.length > 0));
    },
  },
  {
    name: 'CreateDeployment',
    method: 'POST',
    pattern: '/restapis/{restApiId}/deployments',
    body: ['stageName', 'stageDescription', 'description', 'variables', 'tracingEnabled'],
    run: create,
  },
  {
    name: 'UpdateDeployment',
    method: 'PATCH',
    pattern: one,
    body: ['patchOperations'],
    run: (call) => jsonResponse(view(applyPatch(deploymentOf(call), patchOperations(call.body), [textRule('description')]))),
  },
  { name: 'DeleteDeployment', method: 'DELETE', pattern: one, run: remove },
];
