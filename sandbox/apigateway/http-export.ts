import { requestId } from '../aws/request-id.ts';
import type { SandboxResponse } from '../system.ts';
import { type ApiCall, type ApiRoute, httpApiOf, parameter } from './call.ts';
import { badRequest, notFound } from './faults.ts';
import { httpSnapshot } from './http-publish.ts';
import type { HttpApi, HttpIntegration, HttpSnapshot } from './state.ts';

function extension(integration: HttpIntegration): unknown {
  const {
    integrationId: _id,
    integrationType: type,
    integrationMethod: httpMethod,
    integrationUri: uri,
    timeoutInMillis,
    ...rest
  } = integration;
  return { ...rest, type: type.toLowerCase(), httpMethod, uri, ...(timeoutInMillis === 30_000 ? {} : { timeoutInMillis }) };
}

/** `GET /cart` as path and member of it; `$default` and ANY are extensions of OpenAPI. */
function placeOf(routeKey: string): readonly [path: string, member: string] {
  if (routeKey === '$default') return ['/$default', 'x-amazon-apigateway-any-method'];
  const [verb = '', path = ''] = routeKey.split(' ');
  return [path, verb === 'ANY' ? 'x-amazon-apigateway-any-method' : verb.toLowerCase()];
}

function pathsOf(snapshot: HttpSnapshot, extensions: boolean): Record<string, Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [routeKey, integration] of Object.entries(snapshot)) {
    const [path, member] = placeOf(routeKey);
    paths[path] = {
      ...paths[path],
      [member]: {
        responses: { default: { description: `Default response for ${routeKey}` } },
        ...(extensions ? { 'x-amazon-apigateway-integration': extension(integration) } : {}),
      },
    };
  }
  return paths;
}

/** A stage as it is deployed, or the API as it stands now. */
function exported(api: HttpApi, stageName: string | null): HttpSnapshot {
  if (stageName === null) return httpSnapshot(api);
  const stage = api.stages[stageName];
  if (stage === undefined) throw notFound('Invalid stage identifier specified');
  return api.deployments[stage.deploymentId ?? '']?.snapshot ?? {};
}

function run(call: ApiCall): SandboxResponse {
  const { query, region } = call;
  const api = httpApiOf(call);
  if (api.protocolType !== 'HTTP') throw badRequest('Only HTTP APIs can be exported');
  if (parameter(call, 'specification') !== 'OAS30') throw badRequest('Invalid specification: OAS30 is the only one');
  if (query.get('outputType') !== 'JSON') throw badRequest('Invalid outputType: the sandbox writes JSON alone');
  const version = query.get('exportVersion');
  if (version !== null && version !== '1.0') throw badRequest('Invalid exportVersion: 1.0 is the only one');
  const stageName = query.get('stageName');
  const document = {
    openapi: '3.0.1',
    info: { title: api.name, description: api.description, version: new Date(api.createdAt).toISOString() },
    servers: [
      {
        url: `https://${api.id}.execute-api.${region}.amazonaws.com/{basePath}`,
        variables: { basePath: { default: stageName === null || stageName === '$default' ? '' : stageName } },
      },
    ],
    paths: pathsOf(exported(api, stageName), query.get('includeExtensions') !== 'false'),
    'x-amazon-apigateway-importexport-version': '1.0',
  };
  const headers = { 'content-type': 'application/octet-stream', 'x-amzn-requestid': requestId() };
  return { status: 200, headers, body: JSON.stringify(document, null, 2) };
}

export const httpExportRoutes: readonly ApiRoute[] = [
  {
    name: 'ExportApi',
    method: 'GET',
    pattern: '/v2/apis/{apiId}/exports/{specification}',
    query: ['exportVersion', 'includeExtensions', 'outputType', 'stageName'],
    run,
  },
];
