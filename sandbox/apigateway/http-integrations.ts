import { jsonResponse } from '../aws/rest-json.ts';
import { type ApiCall, type ApiRoute, httpApiOf, parameter } from './call.ts';
import { checkHttpIntegration } from './check-http-integration.ts';
import { badRequest, notFound } from './faults.ts';
import { changed } from './http-publish.ts';
import { mapIn, numberIn, optionalText } from './input.ts';
import { tokenPage, tokenQuery } from './paging.ts';
import type { HttpIntegration } from './state.ts';

const texts = [
  'integrationType',
  'integrationMethod',
  'integrationUri',
  'connectionType',
  'connectionId',
  'description',
  'payloadFormatVersion',
  'credentialsArn',
  'passthroughBehavior',
] as const;
const maps = ['requestParameters', 'requestTemplates'] as const;

/** The members that an integration takes. */
export const integrationMembers: readonly string[] = [...texts, ...maps, 'timeoutInMillis', 'tlsConfig'];

function integrationOf(call: ApiCall): HttpIntegration {
  const id = parameter(call, 'integrationId');
  const integration = httpApiOf(call).integrations[id];
  if (integration === undefined) throw notFound(`Unable to find Integration by id ${id} within the provided RestApi`);
  return integration;
}

/** An integration with what a request says of it. Members that the request leaves out stay; an empty value takes an entry out of a map. */
export function withMembers(integration: HttpIntegration, body: ApiCall['body']): HttpIntegration {
  const given = texts.flatMap((name) => {
    const value = optionalText(body, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const merged = maps.flatMap((name) => {
    const value = mapIn(body, name);
    if (value === undefined) return [];
    const entries = Object.entries({ ...integration[name], ...value }).filter(([, each]) => each !== '');
    return [[name, Object.fromEntries(entries)] as const];
  });
  const { tlsConfig } = body;
  if (tlsConfig !== undefined && (typeof tlsConfig !== 'object' || tlsConfig === null)) throw badRequest('Invalid value for tlsConfig');
  const after = {
    ...integration,
    ...Object.fromEntries<unknown>([...given, ...merged]),
    timeoutInMillis: numberIn(body, 'timeoutInMillis') ?? integration.timeoutInMillis,
    ...(tlsConfig === undefined ? {} : { tlsConfig: tlsConfig as HttpIntegration['tlsConfig'] & object }),
  };
  if (optionalText(body, 'connectionType') !== 'INTERNET' || 'connectionId' in body) return after;
  const { connectionId: _link, tlsConfig: _tls, ...open } = after;
  return open;
}

const one = '/v2/apis/{apiId}/integrations/{integrationId}';

export const httpIntegrationRoutes: readonly ApiRoute[] = [
  {
    name: 'GetIntegrations',
    method: 'GET',
    pattern: '/v2/apis/{apiId}/integrations',
    query: tokenQuery,
    run: (call) => jsonResponse(tokenPage(call.query, Object.values(httpApiOf(call).integrations))),
  },
  { name: 'GetIntegration', method: 'GET', pattern: one, run: (call) => jsonResponse(integrationOf(call)) },
  {
    name: 'UpdateIntegration',
    method: 'PATCH',
    pattern: one,
    body: integrationMembers,
    run: (call) => {
      const api = httpApiOf(call);
      const after = withMembers(integrationOf(call), call.body);
      checkHttpIntegration(call, api, after);
      api.integrations[after.integrationId] = after;
      changed(api, call.now);
      return jsonResponse(after);
    },
  },
];
