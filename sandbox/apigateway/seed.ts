import type { World } from '../world.ts';
import { deployHttp } from './http-publish.ts';
import { newId } from './ids.ts';
import { snapshotOf } from './rest-deploy.ts';
import {
  apiGatewayRegion,
  type CustomDomain,
  type HttpApi,
  type HttpIntegration,
  type RestApi,
  type RestIntegration,
  type RestResource,
  targetZoneOf,
  type VpcLinkV1,
  type VpcLinkV2,
} from './state.ts';

/** Where and when something has long been. */
export interface Place {
  readonly world: World;
  readonly region: string;
  readonly at: number;
  readonly tags?: Readonly<Record<string, string>>;
}

type Stages = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The resources on the way to a path, made where they are missing; the last one. */
function resourceAt(world: World, api: RestApi, path: string): RestResource {
  const existing = Object.values(api.resources).find((resource) => resource.path === path);
  if (existing !== undefined) return existing;
  const cut = path.lastIndexOf('/');
  const parent = resourceAt(world, api, path.slice(0, cut) || '/');
  const id = newId(world.apigateway, 6);
  const resource: RestResource = { id, parentId: parent.id, pathPart: path.slice(cut + 1), path, methods: {} };
  api.resources[id] = resource;
  return resource;
}

/** Puts an integration under `GET /cart`; not deployed. */
export function editRestApi(world: World, api: RestApi, method: string, integration: Partial<RestIntegration>): void {
  const [httpMethod = '', path = ''] = method.split(' ');
  const resource = resourceAt(world, api, path);
  resource.methods[httpMethod] = {
    httpMethod,
    authorizationType: 'NONE',
    apiKeyRequired: false,
    integration: {
      type: 'HTTP_PROXY',
      httpMethod: httpMethod === 'ANY' ? 'ANY' : httpMethod,
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: resource.id,
      cacheKeyParameters: [],
      ...integration,
    },
  };
}

/** A REST API with its methods (`GET /cart`), deployed to its stages with their variables. */
export function addRestApi(
  { world, region, at, tags = {} }: Place,
  spec: {
    readonly id: string;
    readonly name: string;
    readonly methods: Readonly<Record<string, Partial<RestIntegration>>>;
    readonly stages: Stages;
  },
): RestApi {
  const state = apiGatewayRegion(world.apigateway, region);
  const root: RestResource = { id: newId(world.apigateway, 10), path: '/', methods: {} };
  const api: RestApi = {
    id: spec.id,
    name: spec.name,
    createdAt: at,
    endpointType: 'REGIONAL',
    rootResourceId: root.id,
    tags: { ...tags },
    resources: { [root.id]: root },
    deployments: {},
    stages: {},
  };
  for (const [method, integration] of Object.entries(spec.methods)) editRestApi(world, api, method, integration);
  const deployment = { id: newId(world.apigateway, 6), description: 'First release', createdAt: at, snapshot: snapshotOf(state, api) };
  api.deployments[deployment.id] = deployment;
  for (const [name, variables] of Object.entries(spec.stages)) {
    const { id: deploymentId } = deployment;
    api.stages[name] = { name, deploymentId, variables: { ...variables }, tracingEnabled: false, createdAt: at, updatedAt: at, tags: {} };
  }
  state.restApis[api.id] = api;
  return api;
}

/** An HTTP or WebSocket API with its routes, deployed to one stage. */
export function addHttpApi(
  { world, region, at, tags = {} }: Place,
  spec: {
    readonly id: string;
    readonly name: string;
    readonly protocolType: HttpApi['protocolType'];
    readonly routes: Readonly<Record<string, Partial<HttpIntegration>>>;
    readonly stage: { readonly name: string; readonly autoDeploy: boolean; readonly variables?: Readonly<Record<string, string>> };
  },
): HttpApi {
  const http = spec.protocolType === 'HTTP';
  const api: HttpApi = {
    id: spec.id,
    name: spec.name,
    protocolType: spec.protocolType,
    routeSelectionExpression: http ? '$request.method $request.path' : '$request.body.action',
    createdAt: at,
    tags: { ...tags },
    integrations: {},
    routes: {},
    deployments: {},
    stages: {},
  };
  for (const [routeKey, members] of Object.entries(spec.routes)) {
    const integration: HttpIntegration = {
      integrationId: newId(world.apigateway, 6),
      integrationType: 'HTTP_PROXY',
      integrationMethod: 'ANY',
      connectionType: 'INTERNET',
      ...(http ? { payloadFormatVersion: '1.0' } : { passthroughBehavior: 'WHEN_NO_MATCH' }),
      timeoutInMillis: http ? 30_000 : 29_000,
      ...members,
    };
    const routeId = newId(world.apigateway, 6);
    const target = `integrations/${integration.integrationId}`;
    api.integrations[integration.integrationId] = integration;
    api.routes[routeId] = { routeId, routeKey, target, authorizationType: 'NONE', apiKeyRequired: false };
  }
  const { autoDeploy, name, variables = {} } = spec.stage;
  const { id: deploymentId } = deployHttp(world.apigateway, api, at, { autoDeployed: autoDeploy, description: 'First release' });
  api.stages[name] = { name, autoDeploy, deploymentId, variables: { ...variables }, createdAt: at, updatedAt: at, tags: {} };
  apiGatewayRegion(world.apigateway, region).httpApis[api.id] = api;
  return api;
}

/** A VPC link v1 to a network load balancer, ready. */
export function addLinkV1({ world, region, at, tags = {} }: Place, name: string, targetArn: string): VpcLinkV1 {
  const id = newId(world.apigateway, 6);
  const link: VpcLinkV1 = {
    id,
    name,
    targetArns: [targetArn],
    createdAt: at,
    status: 'AVAILABLE',
    statusMessage: 'Your vpc link is ready for use',
    dueAt: at,
    tags: { ...tags },
  };
  apiGatewayRegion(world.apigateway, region).vpcLinksV1[id] = link;
  return link;
}

/** A VPC link v2 into subnets, ready. */
export function addLinkV2(
  { world, region, at, tags = {} }: Place,
  name: string,
  network: Pick<VpcLinkV2, 'subnetIds' | 'securityGroupIds'>,
): VpcLinkV2 {
  const id = newId(world.apigateway, 6);
  const link: VpcLinkV2 = {
    id,
    name,
    ...network,
    createdAt: at,
    status: 'AVAILABLE',
    statusMessage: 'VPC link is ready to route traffic',
    dueAt: at,
    tags: { ...tags },
  };
  apiGatewayRegion(world.apigateway, region).vpcLinksV2[id] = link;
  return link;
}

/** A custom domain name of a region with its mappings: API and stage by path. */
export function addDomain(
  { world, region, at, tags = {} }: Place,
  name: string,
  mappings: Readonly<Record<string, { readonly apiId: string; readonly stage: string }>>,
): CustomDomain {
  const made = Object.entries(mappings).map(([path, mapping]) => ({ id: newId(world.apigateway, 6), path, ...mapping }));
  const domain: CustomDomain = {
    name,
    endpointType: 'REGIONAL',
    certificateArn: `arn:aws:acm:${region}:${world.accountId}:certificate/61706967-772e-2e2e-2e2e-2e2e2e2e2e2e`,
    securityPolicy: 'TLS_1_2',
    targetName: `d-${newId(world.apigateway, 10)}.execute-api.${region}.amazonaws.com`,
    targetZoneId: targetZoneOf(region),
    status: 'AVAILABLE',
    createdAt: at,
    mappings: Object.fromEntries(made.map((mapping) => [mapping.id, mapping])),
    tags: { ...tags },
  };
  apiGatewayRegion(world.apigateway, region).domains[name] = domain;
  return domain;
}
