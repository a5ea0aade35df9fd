import { jsonResponse } from '../aws/rest-json.ts';
import { type ApiCall, type ApiRoute, parameter, restApiOf, seconds } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { checkVariables } from './input.ts';
import { applyPatch, mapRule, type PatchRule, patchOperations, textRule } from './patch.ts';
import type { RestStage } from './state.ts';

export function stageView(stage: RestStage): unknown {
  const { canary } = stage;
  return {
    stageName: stage.name,
    deploymentId: stage.deploymentId,
    clientCertificateId: stage.clientCertificateId,
    description: stage.description,
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    methodSettings: {},
    variables: Object.keys(stage.variables).length === 0 ? undefined : stage.variables,
    documentationVersion: stage.documentationVersion,
    canarySettings: canary,
    tracingEnabled: stage.tracingEnabled,
    tags: stage.tags,
    createdDate: seconds(stage.createdAt),
    lastUpdatedDate: seconds(stage.updatedAt),
  };
}

function stageOf(call: ApiCall): RestStage {
  const stage = restApiOf(call).stages[parameter(call, 'stageName')];
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return stage;
}

const deploymentRule: PatchRule<RestStage> = {
  path: '/deploymentId',
  ops: ['replace', 'copy'],
  apply: (stage, { op, value, from }) => {
    if (op === 'copy' && from !== '/canarySettings/deploymentId') throw badRequest(`Invalid patch: can't copy from ${from}`);
    if (op === 'copy' && stage.canary === undefined) throw badRequest('Invalid patch: the stage has no canary');
    stage.deploymentId = (op === 'copy' ? stage.canary?.deploymentId : value) ?? '';
  },
};

const tracingRule: PatchRule<RestStage> = {
  path: '/tracingEnabled',
  ops: ['replace'],
  apply: (stage, { value }) => {
    stage.tracingEnabled = value === 'true';
  },
};

const canaryRule: PatchRule<RestStage> = {
  path: '/canarySettings',
  ops: ['remove'],
  apply: (stage) => {
    delete stage.canary;
  },
};

const rules: readonly PatchRule<RestStage>[] = [
  canaryRule,
  textRule('clientCertificateId'),
  deploymentRule,
  textRule('description'),
  textRule('documentationVersion'),
  tracingRule,
  mapRule('variables', ['replace', 'remove']),
];

function update(call: ApiCall): RestStage {
  const api = restApiOf(call);
  const changed = applyPatch(structuredClone(stageOf(call)), patchOperations(call.body), rules);
  checkVariables(changed.variables);
  if (api.deployments[changed.deploymentId] === undefined) throw badRequest('Deployment id does not exist');
  changed.updatedAt = call.now;
  api.stages[changed.name] = changed;
  return changed;
}

export const restStageRoutes: readonly ApiRoute[] = [
  {
    name: 'GetStages',
    method: 'GET',
    pattern: '/restapis/{restApiId}/stages',
    query: ['deploymentId'],
    run: (call) => {
      const deployment = call.query.get('deploymentId');
      const stages = Object.values(restApiOf(call).stages).filter((stage) => deployment === null || stage.deploymentId === deployment);
      return jsonResponse({ item: stages.map(stageView) });
    },
  },
  {
    name: 'GetStage',
    method: 'GET',
    pattern: '/restapis/{restApiId}/stages/{stageName}',
    run: (call) => jsonResponse(stageView(stageOf(call))),
  },
  {
    name: 'UpdateStage',
    method: 'PATCH',
    pattern: '/restapis/{restApiId}/stages/{stageName}',
    body: ['patchOperations'],
    run: (call) => jsonResponse(stageView(update(call))),
  },
];
