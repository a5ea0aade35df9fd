import { awsFault } from '../aws/fault.ts';
import { jsonBody } from '../aws/rest-json.ts';
import { principalOf } from '../iam/principals.ts';
import { restRoutes } from '../rest-routes.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import { advanceAccess } from './access.ts';
import { accessRoutes } from './access-operations.ts';
import { addonRoutes, advanceAddons } from './addons.ts';
import type { EksOperation, EksRoute } from './call.ts';
import { clusterRoutes } from './cluster-operations.ts';
import { advanceCluster } from './clusters.ts';
import { dumpEks } from './dump.ts';
import { advanceNodegroups, nodegroupRoutes } from './nodegroups.ts';
import { podIdentityRoutes } from './pod-identity.ts';
import { tagRoutes } from './tags.ts';

const table: readonly EksRoute[] = [
  ...clusterRoutes,
  ...nodegroupRoutes,
  ...addonRoutes,
  ...accessRoutes,
  ...podIdentityRoutes,
  ...tagRoutes,
];
const routes = restRoutes<EksOperation>(table);

function operation(request: SandboxRequest): string {
  const route = routes.match(request)?.route as EksRoute | undefined;
  return `eks:${route?.name ?? 'Unknown'}`;
}

function refuseUnknown(given: Iterable<string>, allowed: readonly string[], name: string): void {
  for (const each of given) {
    if (!allowed.includes(each)) throw awsFault(400, 'InvalidParameterException', `${each} is not a member of ${name}`);
  }
}

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const match = routes.match(request);
  if (match === null) throw awsFault(501, 'NotImplemented', `The sandbox does not serve ${request.method} ${request.path} of EKS`);
  const { route, parameters } = match;
  const { accessKeyId = '', region = '' } = request.scope ?? {};
  const body = jsonBody(request);
  refuseUnknown(request.query.keys(), route.query ?? [], (route as EksRoute).name);
  refuseUnknown(Object.keys(body), route.body ?? [], (route as EksRoute).name);
  const callerArn = principalOf(sandbox.world, accessKeyId)?.arn ?? '';
  return route.run({ sandbox, region, callerArn, parameters, query: request.query, body });
}

function tick(sandbox: Sandbox): void {
  const now = sandbox.clock.now();
  for (const cluster of Object.values(sandbox.world.eks.clusters)) {
    advanceCluster(sandbox, cluster, now);
    advanceNodegroups(sandbox, cluster, now);
    advanceAddons(sandbox, cluster, now);
    advanceAccess(cluster, now);
  }
}

/** Amazon EKS: clusters, node groups, add-ons, access entries, pod identities, tags. */
export const eks: System = {
  name: 'eks',
  port: 'aws',
  signsAs: ['eks'],
  operation,
  mutates: (request) => routes.match(request) !== null && routes.mutates(request),
  handle,
  tick,
  dump: dumpEks,
};
