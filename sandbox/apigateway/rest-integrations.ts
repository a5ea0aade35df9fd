import { jsonResponse } from '../aws/rest-json.ts';
import type { ApiCall, ApiRoute } from './call.ts';
import { checkRestIntegration } from './check-rest-integration.ts';
import { badRequest, notFound } from './faults.ts';
import { mapIn, numberIn, optionalText, stringsIn, textIn } from './input.ts';
import { applyPatch, mapRule, type PatchRule, patchOperations, textRule } from './patch.ts';
import { methodOf } from './rest-apis.ts';
import type { ConnectionType, IntegrationType, RestIntegration } from './state.ts';

const timeoutRule: PatchRule<RestIntegration> = {
  path: '/timeoutInMillis',
  ops: ['replace'],
  apply: (integration, { value }) => {
    const timeout = Number(value);
    if (!Number.isInteger(timeout)) throw badRequest('Timeout should be between 50 ms and 29000 ms');
    integration.timeoutInMillis = timeout;
  },
};

const cacheKeyRule: PatchRule<RestIntegration> = {
  path: '/cacheKeyParameters/{name}',
  ops: ['add', 'remove'],
  apply: (integration, { op }, name) => {
    const others = (integration.cacheKeyParameters ?? []).filter((each) => each !== name);
    integration.cacheKeyParameters = op === 'add' ? [...others, name] : others;
  },
};

const connectionTypeRule: PatchRule<RestIntegration> = {
  path: '/connectionType',
  ops: ['replace'],
  apply: (integration, { value }) => {
    integration.connectionType = value as ConnectionType;
    if (value !== 'INTERNET') return;
    delete integration.connectionId;
    delete integration.integrationTarget;
  },
};

const tlsRule: PatchRule<RestIntegration> = {
  path: '/tlsConfig/insecureSkipVerification',
  ops: ['replace'],
  apply: (integration, { value }) => {
    integration.tlsConfig = { insecureSkipVerification: value === 'true' };
  },
};

const rules: readonly PatchRule<RestIntegration>[] = [
  textRule('cacheNamespace'),
  textRule('connectionId'),
  connectionTypeRule,
  textRule('contentHandling'),
  textRule('credentials'),
  textRule('httpMethod'),
  textRule('integrationTarget'),
  textRule('passthroughBehavior'),
  textRule('responseTransferMode'),
  timeoutRule,
  tlsRule,
  textRule('uri'),
  cacheKeyRule,
  mapRule('requestParameters', ['add', 'remove', 'replace']),
  mapRule('requestTemplates', ['add', 'remove', 'replace']),
];

function integrationOf(call: ApiCall): RestIntegration {
  const { integration } = methodOf(call);
  if (integration === undefined) throw notFound('No integration defined for method');
  return integration;
}

function put(call: ApiCall): RestIntegration {
  const { body } = call;
  const method = methodOf(call);
  const given = {
    type: textIn(body, 'type') as IntegrationType,
    httpMethod: optionalText(body, 'httpMethod'),
    uri: optionalText(body, 'uri'),
    connectionType: optionalText(body, 'connectionType') as ConnectionType | undefined,
    connectionId: optionalText(body, 'connectionId'),
    integrationTarget: optionalText(body, 'integrationTarget'),
    credentials: optionalText(body, 'credentials'),
    requestParameters: mapIn(body, 'requestParameters'),
    requestTemplates: mapIn(body, 'requestTemplates'),
    contentHandling: optionalText(body, 'contentHandling'),
    passthroughBehavior: optionalText(body, 'passthroughBehavior') ?? 'WHEN_NO_MATCH',
    timeoutInMillis: numberIn(body, 'timeoutInMillis') ?? 29_000,
    cacheNamespace: optionalText(body, 'cacheNamespace') ?? call.parameters.resourceId ?? '',
    cacheKeyParameters: stringsIn(body, 'cacheKeyParameters'),
    responseTransferMode: optionalText(body, 'responseTransferMode'),
  };
  const integration = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as RestIntegration;
  checkRestIntegration(call, integration);
  method.integration = integration;
  return integration;
}

const pattern = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}/integration';

export const restIntegrationRoutes: readonly ApiRoute[] = [
  { name: 'GetIntegration', method: 'GET', pattern, run: (call) => jsonResponse(integrationOf(call)) },
  {
    name: 'UpdateIntegration',
    method: 'PATCH',
    pattern,
    body: ['patchOperations'],
    run: (call) => {
      const changed = applyPatch(structuredClone(integrationOf(call)), patchOperations(call.body), rules);
      checkRestIntegration(call, changed);
      methodOf(call).integration = changed;
      return jsonResponse(changed);
    },
  },
  {
    name: 'PutIntegration',
    method: 'PUT',
    pattern,
    body: [
      'type',
      'httpMethod',
      'uri',
      'connectionType',
      'connectionId',
      'integrationTarget',
      'credentials',
      'requestParameters',
      'requestTemplates',
      'contentHandling',
      'passthroughBehavior',
      'timeoutInMillis',
      'cacheNamespace',
      'cacheKeyParameters',
      'responseTransferMode',
    ],
    run: (call) => jsonResponse(put(call), 201),
  },
];
