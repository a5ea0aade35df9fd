import type { Integration, Resource, RestApi } from '@aws-sdk/client-api-gateway';
import type { ApiGateway } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';
import { ownerOfApi } from './api-owner.ts';
import type { GatewayEndpoint, GatewayLink } from './gateway-endpoint.ts';
import { type Links, linksFor } from './read-links.ts';
import type { GatewayApiClient, GatewayIntegration } from './stage-api.ts';
import { exportedOperations, linkName, type StageContent } from './stage-content.ts';
import type { ApiRef } from './switched-apis.ts';

const decoder = new TextDecoder();

/** A REST API. What a stage serves is told by its export (integrations) and the summary of its deployment (who may call). */
export function restApi(gateway: ApiGateway, { id: restApiId }: ApiRef, api: RestApi, links: Links): GatewayApiClient {
  return {
    kind: 'rest',
    name: api.name ?? restApiId,
    owner: ownerOfApi(restApiId, api.tags),
    integrations: async () => {
      const resources = await readResources(gateway, restApiId);
      const known = await linksOf(resources, links);
      return resources.flatMap((resource) => integrationsOf(resource, known));
    },
    stages: async () =>
      ((await gateway.getStages({ restApiId })).item ?? []).map(
        ({ stageName = '', deploymentId = '', variables = {}, canarySettings }) => ({
          name: stageName,
          deployment: deploymentId,
          variables,
          busy: canarySettings === undefined ? null : 'a canary release is under way on it',
          autoDeploy: false,
        }),
      ),
    deployments: async () => {
      const all = await allPages(async (position) => {
        const page = await gateway.getDeployments({ restApiId, limit: 500, position });
        return [page.items, page.position];
      });
      const age = ({ createdDate }: { createdDate?: Date | undefined }) => createdDate?.getTime() ?? 0;
      return all.toSorted((a, b) => age(a) - age(b)).map(({ id = '', description = '' }) => ({ id, description }));
    },
    live: async (stage) => {
      const [{ body }, deployment] = await Promise.all([
        gateway.getExport({
          restApiId,
          stageName: stage.name,
          exportType: 'oas30',
          accepts: 'application/json',
          parameters: { extensions: 'apigateway' },
        }),
        gateway.getDeployment({ restApiId, deploymentId: stage.deployment, embed: ['apisummary'] }),
      ]);
      const operations = await exportedOperations(decoder.decode(body), links);
      const summary = deployment.apiSummary ?? {};
      return {
        routes: new Map(operations.map(({ route, endpoint }) => [route, endpoint])),
        rest: new Map(
          operations.map(({ route, integration }) => {
            const [method = '', path = ''] = route.split(' ');
            return [route, facts(integration as Integration & JsonObject, summary[path]?.[method] ?? {})];
          }),
        ),
      };
    },
    current: async () => {
      const resources = await readResources(gateway, restApiId);
      return contentOf(resources, await linksOf(resources, links));
    },
    deploy: async (stageName, description) => void (await gateway.createDeployment({ restApiId, stageName, description })),
    point: async (stageName, deployment) => {
      await gateway.updateStage({ restApiId, stageName, patchOperations: [{ op: 'replace', path: '/deploymentId', value: deployment }] });
    },
    remove: async (deploymentId) => {
      await unlessMissing<unknown>(gateway.deleteDeployment({ restApiId, deploymentId }), 'NotFoundException');
    },
  };
}

export function readResources(gateway: ApiGateway, restApiId: string): Promise<Resource[]> {
  return allPages(async (position) => {
    const page = await gateway.getResources({ restApiId, embed: ['methods'], limit: 500, position });
    return [page.items, page.position];
  });
}

/** The links through which methods of these resources lead. */
export function linksOf(resources: readonly Resource[], links: Links): Promise<readonly GatewayLink[]> {
  const methods = resources.flatMap(({ resourceMethods = {} }) => Object.values(resourceMethods));
  return linksFor(
    methods.map(({ methodIntegration }) => methodIntegration?.connectionId),
    links,
  );
}

/** Where an integration of a REST API leads. */
export function endpointOf(integration: Integration, links: readonly GatewayLink[]): GatewayEndpoint {
  const { uri = '', connectionId = '', integrationTarget = '' } = integration;
  return { uri, connection: linkName(connectionId, links), target: integrationTarget };
}

function methodsOf({ id = '', path = '', resourceMethods = {} }: Resource) {
  return Object.entries(resourceMethods)
    .map(([method, found]) => ({ resource: id, path, method, found }))
    .toSorted((a, b) => compareText(a.method, b.method));
}

function integrationsOf(resource: Resource, links: readonly GatewayLink[]): GatewayIntegration[] {
  return methodsOf(resource).flatMap(({ resource: at, path, method, found: { methodIntegration } }) =>
    methodIntegration === undefined
      ? []
      : [{ id: { resource: at, path, method }, label: `${method} ${path}`, ...endpointOf(methodIntegration, links) }],
  );
}

function contentOf(resources: readonly Resource[], links: readonly GatewayLink[]): StageContent {
  const methods = resources.flatMap(methodsOf);
  const route = ({ method, path }: (typeof methods)[number]) => `${method} ${path}`;
  return {
    routes: new Map(methods.map((one) => [route(one), endpointOf(one.found.methodIntegration ?? {}, links)])),
    rest: new Map(methods.map((one) => [route(one), facts(one.found.methodIntegration ?? {}, one.found)])),
  };
}

/** What of a method can be compared with an export, which says some in lower case, and leaves defaults out. */
function facts(
  integration: Pick<
    Integration,
    'type' | 'httpMethod' | 'timeoutInMillis' | 'passthroughBehavior' | 'requestParameters' | 'requestTemplates'
  >,
  method: { readonly authorizationType?: string | undefined; readonly apiKeyRequired?: boolean | undefined },
): string {
  return canonicalJson({
    type: (integration.type ?? 'mock').toLowerCase(),
    httpMethod: integration.httpMethod ?? '',
    timeout: integration.timeoutInMillis ?? 29_000,
    passthrough: (integration.passthroughBehavior ?? 'when_no_match').toLowerCase(),
    parameters: plain(integration.requestParameters),
    templates: plain(integration.requestTemplates),
    authorization: method.authorizationType ?? 'NONE',
    apiKey: method.apiKeyRequired ?? false,
  });
}

function plain(record: Readonly<Record<string, string>> | undefined): JsonObject {
  const found = (record ?? {}) as Json;
  return isJsonObject(found) ? found : {};
}
