import { groupName, subnetName } from '../ec2/names.ts';
import type { World } from '../world.ts';
import { liveHttp, liveRest } from './live.ts';
import type { ApiGatewayRegion, CustomDomain, HttpApi, HttpIntegration, RestApi, RestIntegration } from './state.ts';

function sorted<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** By name; those that share one get a number, in the order of what they are. */
function byName(things: readonly { readonly name: string; readonly view: unknown }[]): Record<string, unknown> {
  const ordered = things.map((thing) => ({ ...thing, text: JSON.stringify(thing.view) })).toSorted((a, b) => (a.text < b.text ? -1 : 1));
  const seen = new Map<string, number>();
  return sorted(
    ordered.map(({ name, view }) => {
      const number = (seen.get(name) ?? 0) + 1;
      seen.set(name, number);
      return [number === 1 ? name : `${name}#${number}`, view] as const;
    }),
  );
}

type Integration = RestIntegration | HttpIntegration;

function integrationView(region: ApiGatewayRegion, integration: Integration): unknown {
  const { connectionId, ...rest } = integration;
  // Of the resource's id, unless somebody chose another.
  const { integrationId: _id, cacheNamespace: _namespace, ...view } = rest as Partial<HttpIntegration & RestIntegration>;
  const link = region.vpcLinksV1[connectionId ?? ''] ?? region.vpcLinksV2[connectionId ?? ''];
  return sorted(Object.entries({ ...view, ...(connectionId === undefined ? {} : { connection: link?.name ?? connectionId }) }));
}

function views(region: ApiGatewayRegion, integrations: Readonly<Record<string, Integration>>): Record<string, unknown> {
  return sorted(Object.entries(integrations).map(([key, each]) => [key, integrationView(region, each)] as const));
}

/** How the API stands, and what its stages serve. Deployments that no stage serves are its history. */
function restView(region: ApiGatewayRegion, api: RestApi): unknown {
  const methods = Object.values(api.resources).flatMap(({ path, methods }) =>
    Object.values(methods).flatMap(({ httpMethod, integration }) =>
      integration === undefined ? [] : [[`${httpMethod} ${path}`, integration] as const],
    ),
  );
  const stages = Object.values(api.stages).map(
    (stage) =>
      [
        stage.name,
        {
          description: stage.description,
          variables: sorted(Object.entries(stage.variables)),
          tags: stage.tags,
          live: views(region, liveRest(api, stage)),
        },
      ] as const,
  );
  return {
    description: api.description,
    tags: sorted(Object.entries(api.tags)),
    integrations: views(region, Object.fromEntries(methods)),
    stages: sorted(stages),
  };
}

function httpView(region: ApiGatewayRegion, api: HttpApi): unknown {
  const routes = Object.values(api.routes).flatMap(({ routeKey, target = '' }) => {
    const integration = api.integrations[target.replace('integrations/', '')];
    return integration === undefined ? [] : [[routeKey, integration] as const];
  });
  const stages = Object.values(api.stages).map(
    (stage) =>
      [
        stage.name,
        { autoDeploy: stage.autoDeploy, variables: sorted(Object.entries(stage.variables)), live: views(region, liveHttp(api, stage)) },
      ] as const,
  );
  const { protocolType, description } = api;
  return {
    protocolType,
    description,
    tags: sorted(Object.entries(api.tags)),
    integrations: views(region, Object.fromEntries(routes)),
    stages: sorted(stages),
  };
}

function domainView({ restApis, httpApis }: ApiGatewayRegion, domain: CustomDomain): unknown {
  const mappings = Object.values(domain.mappings).map(
    ({ path, apiId, stage }) => [path, `${(restApis[apiId] ?? httpApis[apiId])?.name ?? apiId} ${stage}`] as const,
  );
  const { endpointType, certificateArn, securityPolicy, targetName, status, tags } = domain;
  return {
    endpointType,
    certificateArn,
    securityPolicy,
    targetName,
    status,
    tags: sorted(Object.entries(tags)),
    mappings: sorted(mappings),
  };
}

function regionView({ ec2 }: World, name: string, region: ApiGatewayRegion): unknown {
  const network = ec2.regions[name];
  const first = Object.values(region.vpcLinksV1).map((link) => ({
    name: link.name,
    view: { status: link.status, description: link.description, targetArns: link.targetArns, tags: sorted(Object.entries(link.tags)) },
  }));
  const second = Object.values(region.vpcLinksV2).map((link) => ({
    name: link.name,
    view: {
      status: link.status,
      subnets: link.subnetIds.map((id) => subnetName(network, id)).toSorted(),
      securityGroups: link.securityGroupIds.map((id) => groupName(network, id)).toSorted(),
      tags: sorted(Object.entries(link.tags)),
    },
  }));
  return {
    restApis: byName(Object.values(region.restApis).map((api) => ({ name: api.name, view: restView(region, api) }))),
    httpApis: byName(Object.values(region.httpApis).map((api) => ({ name: api.name, view: httpView(region, api) }))),
    vpcLinksV1: byName(first),
    vpcLinksV2: byName(second),
    domainNames: sorted(Object.values(region.domains).map((domain) => [domain.name, domainView(region, domain)] as const)),
  };
}

/** The APIs by region and name: how they stand, and what their stages serve; no ids, times or deployments. */
export function dumpApiGateway(world: World): unknown {
  const used = Object.entries(world.apigateway.regions).filter(([, { buckets: _buckets, ...parts }]) =>
    Object.values(parts).some((part) => Object.keys(part).length > 0),
  );
  return sorted(used.map(([name, region]) => [name, regionView(world, name, region)] as const));
}
