import { requestId } from '../aws/request-id.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, parameter, restApiOf } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { liveSnapshot } from './live.ts';
import type { RestApi, RestIntegration, RestMethod, RestStage } from './state.ts';

/** An integration as the extension `x-amazon-apigateway-integration` writes it: type and behaviour in lower case. */
export function integrationExtension(integration: RestIntegration): Record<string, unknown> {
  const { type, passthroughBehavior, cacheKeyParameters = [], cacheNamespace: _own, timeoutInMillis, ...rest } = integration;
  return {
    ...rest,
    type: type.toLowerCase(),
    ...(passthroughBehavior === undefined ? {} : { passthroughBehavior: passthroughBehavior.toLowerCase() }),
    ...(cacheKeyParameters.length === 0 ? {} : { cacheKeyParameters }),
    ...(timeoutInMillis === undefined || timeoutInMillis === 29_000 ? {} : { timeoutInMillis }),
  };
}

function operationOf({ integration, httpMethod, apiKeyRequired }: RestMethod, extensions: readonly string[]): readonly [string, unknown] {
  const shown = integration !== undefined && extensions.some((each) => each === 'integrations' || each === 'apigateway');
  const key = httpMethod === 'ANY' ? 'x-amazon-apigateway-any-method' : httpMethod.toLowerCase();
  return [
    key,
    {
      ...(apiKeyRequired ? { security: [{ api_key: [] }] } : {}),
      responses: {},
      ...(shown ? { 'x-amazon-apigateway-integration': integrationExtension(integration) } : {}),
    },
  ];
}

function heading(api: RestApi, stage: RestStage, region: string, type: string): Record<string, unknown> {
  const info = { title: api.name, version: new Date(stage.createdAt).toISOString() };
  const host = `${api.id}.execute-api.${region}.amazonaws.com`;
  if (type === 'swagger') return { swagger: '2.0', info, host, basePath: `/${stage.name}`, schemes: ['https'] };
  return { openapi: '3.0.1', info, servers: [{ url: `https://${host}/{basePath}`, variables: { basePath: { default: stage.name } } }] };
}

function run(call: ApiCall): SandboxResponse {
  const { query, region } = call;
  const api = restApiOf(call);
  const stage = api.stages[parameter(call, 'stageName')];
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  const type = parameter(call, 'exportType');
  if (type !== 'oas30' && type !== 'swagger') throw badRequest(`Unsupported export type: ${type}`);
  const extensions = query.getAll('extensions').flatMap((each) => each.split(','));
  const unknown = extensions.find((each) => !['integrations', 'apigateway', 'authorizers', 'postman'].includes(each));
  if (unknown !== undefined) throw badRequest(`Unsupported extension: ${unknown}`);
  const snapshot = liveSnapshot(api, stage);
  const paths = Object.entries(snapshot).map(
    ([path, verbs]) => [path, Object.fromEntries(Object.values(verbs).map((method) => operationOf(method, extensions)))] as const,
  );
  const headers = {
    'content-type': 'application/json',
    'content-disposition': `attachment; filename="${api.name}-${stage.name}-${type}.json"`,
    'x-amzn-requestid': requestId(),
  };
  return {
    status: 200,
    headers,
    body: JSON.stringify({ ...heading(api, stage, region, type), paths: Object.fromEntries(paths), components: {} }, null, 2),
  };
}

/** What is deployed to a stage: the only way to see its integrations. Stage variables stay names in it. */
export const restExportRoutes: readonly ApiRoute[] = [
  {
    name: 'GetExport',
    method: 'GET',
    pattern: '/restapis/{restApiId}/stages/{stageName}/exports/{exportType}',
    query: ['extensions'],
    run,
  },
];
