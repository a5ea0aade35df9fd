import { awsFault } from '../aws/fault.ts';
import { jsonBody } from '../aws/rest-json.ts';
import { restRoutes } from '../rest-routes.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import type { ApiOperation, ApiRoute } from './call.ts';
import { domainCreationRoutes } from './domain-creation.ts';
import { domainRoutes } from './domains.ts';
import { dumpApiGateway } from './dump.ts';
import { badRequest } from './faults.ts';
import { httpApiRoutes } from './http-apis.ts';
import { httpCreationRoutes } from './http-creation.ts';
import { httpExportRoutes } from './http-export.ts';
import { httpIntegrationRoutes } from './http-integrations.ts';
import { autoDeploy } from './http-publish.ts';
import { httpStageRoutes } from './http-stages.ts';
import { overQuota } from './quota.ts';
import { restApiRoutes } from './rest-apis.ts';
import { restCreationRoutes } from './rest-creation.ts';
import { restDeploymentRoutes } from './rest-deployments.ts';
import { restExportRoutes } from './rest-export.ts';
import { restIntegrationRoutes } from './rest-integrations.ts';
import { restStageRoutes } from './rest-stages.ts';
import { apiGatewayRegion } from './state.ts';
import { tagRoutes } from './tags.ts';
import { vpcLinkRoutes } from './vpc-link-routes.ts';
import { advanceLinks } from './vpc-links.ts';

const table: readonly ApiRoute[] = [
  ...restApiRoutes,
  ...restCreationRoutes,
  ...restIntegrationRoutes,
  ...restStageRoutes,
  ...restDeploymentRoutes,
  ...restExportRoutes,
  ...httpApiRoutes,
  ...httpCreationRoutes,
  ...httpIntegrationRoutes,
  ...httpStageRoutes,
  ...httpExportRoutes,
  ...vpcLinkRoutes,
  ...domainRoutes,
  ...domainCreationRoutes,
  ...tagRoutes,
];
const routes = restRoutes<ApiOperation>(table);

function versionOf({ path }: SandboxRequest): 1 | 2 {
  return path.startsWith('/v2/') ? 2 : 1;
}

/** As the command line calls the two versions: `apigateway:CreateVpcLink`, `apigatewayv2:CreateVpcLink`. */
function operation(request: SandboxRequest): string {
  const route = routes.match(request)?.route as ApiRoute | undefined;
  return `apigateway${versionOf(request) === 2 ? 'v2' : ''}:${route?.name ?? 'Unknown'}`;
}

function refuseUnknown(given: Iterable<string>, allowed: readonly string[], name: string): void {
  for (const each of given) if (!allowed.includes(each)) throw badRequest(`${each} is not a parameter of ${name}`);
}

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse | Promise<SandboxResponse> {
  const match = routes.match(request);
  if (match === null) throw awsFault(501, 'NotImplemented', `The sandbox does not serve ${request.method} ${request.path} of API Gateway`);
  const route = match.route as ApiRoute;
  const region = request.scope?.region ?? '';
  const state = apiGatewayRegion(sandbox.world.apigateway, region);
  const now = sandbox.clock.now();
  const refused = overQuota(state, versionOf(request), route.name, now);
  if (refused !== null) return refused;
  const body = jsonBody(request);
  refuseUnknown(request.query.keys(), route.query ?? [], route.name);
  refuseUnknown(Object.keys(body), route.body ?? [], route.name);
  return route.run({ sandbox, region, state, now, parameters: match.parameters, query: request.query, body });
}

function tick(sandbox: Sandbox): void {
  const { apigateway } = sandbox.world;
  const now = sandbox.clock.now();
  for (const [name, region] of Object.entries(apigateway.regions)) {
    for (const api of Object.values(region.httpApis)) autoDeploy(apigateway, api, now);
    advanceLinks(sandbox, name);
  }
}

/** Amazon API Gateway: REST APIs (version 1), HTTP and WebSocket APIs (version 2), VPC links, custom domain names. */
export const apigateway: System = {
  name: 'apigateway',
  port: 'aws',
  signsAs: ['apigateway'],
  operation,
  // IAM knows the methods of HTTP alone.
  action: ({ method }) => `apigateway:${method}`,
  mutates: (request) => routes.match(request) !== null && routes.mutates(request),
  handle,
  tick,
  dump: dumpApiGateway,
};
