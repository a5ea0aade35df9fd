import { type RestRoute, type RestRoutes, restRoutes } from '../rest-routes.ts';
import type { SandboxResponse } from '../system.ts';
import * as applications from './application-api.ts';
import { listApplicationSets } from './application-set-api.ts';
import type { Call } from './call.ts';
import * as clusters from './cluster-api.ts';
import * as operations from './operation-api.ts';
import * as projects from './project-api.ts';
import * as server from './server-api.ts';
import { streamApplications } from './stream.ts';
import * as trees from './tree-api.ts';

type Handler = (call: Call) => SandboxResponse;
type Route = RestRoute<Handler>;

const api = '/api/v1';
const cluster = `${api}/clusters/{id}`;
const application = `${api}/applications/{name}`;
const appQuery = ['project', 'appNamespace'];
const listQuery = ['name', 'selector', 'projects', 'project', 'repo', 'fields', 'appNamespace', 'resourceVersion', 'refresh'];

function get(pattern: string, run: Handler, query: readonly string[] = []): Route {
  return { method: 'GET', pattern, run, query };
}

function write(method: string, pattern: string, run: Handler, query: readonly string[] = [], body?: readonly string[]): Route {
  return { method, pattern, run, query, ...(body === undefined ? {} : { body }) };
}

/** Everything the sandbox's Argo CD answers. */
export const routes: RestRoutes<Handler> = restRoutes<Handler>([
  get('/api/version', server.getVersion),
  get(`${api}/session/userinfo`, server.getUserInfo),
  get(`${api}/account/can-i/{resource}/{action}/{subresource}`, server.canI),
  get(`${api}/account/can-i/{resource}/{action}/{subresource}/{name}`, server.canI),
  get(`${api}/settings`, server.getSettings),
  get(`${api}/repositories`, server.listRepositories, ['repo', 'forceRefresh', 'appProject']),
  get(`${api}/repositories/{repo}`, server.getRepository, ['forceRefresh', 'appProject']),

  get(`${api}/clusters`, clusters.listClusters, ['server', 'name', 'id.type', 'id.value']),
  write('POST', `${api}/clusters`, clusters.createCluster, ['upsert']),
  get(cluster, clusters.getCluster, ['id.type', 'server', 'name']),
  write('PUT', cluster, clusters.updateCluster, ['id.type', 'updatedFields']),
  write('DELETE', cluster, clusters.deleteCluster, ['id.type', 'server', 'name'], []),
  write('POST', `${cluster}/invalidate-cache`, clusters.invalidateCache, ['id.type'], []),

  get(`${api}/projects`, projects.listProjects, ['name']),
  write('POST', `${api}/projects`, projects.createProject, [], ['project', 'upsert']),
  get(`${api}/projects/{name}`, projects.getProject),
  write('PUT', `${api}/projects/{name}`, projects.updateProject, [], ['project']),
  write('DELETE', `${api}/projects/{name}`, projects.deleteProject, [], []),

  get(`${api}/applications`, applications.listApplications, listQuery),
  write('POST', `${api}/applications`, applications.createApplication, ['upsert', 'validate']),
  get(application, applications.getApplication, [...appQuery, 'refresh', 'resourceVersion', 'fields']),
  write('PUT', application, applications.updateApplication, [...appQuery, 'validate']),
  write('PUT', `${application}/spec`, applications.updateSpec, [...appQuery, 'validate']),
  write('PATCH', application, applications.patchApplication, appQuery, ['name', 'patch', 'patchType', 'appNamespace', 'project']),
  write('DELETE', application, applications.deleteApplication, [...appQuery, 'cascade', 'propagationPolicy'], []),
  write('POST', `${application}/sync`, operations.syncApplication, appQuery, [
    'name',
    'revision',
    'dryRun',
    'prune',
    'strategy',
    'resources',
    'retryStrategy',
    'syncOptions',
    'infos',
    'appNamespace',
    'project',
  ]),
  write('DELETE', `${application}/operation`, operations.terminateOperation, appQuery, []),
  get(`${application}/resource-tree`, trees.getResourceTree, appQuery),
  get(`${application}/managed-resources`, trees.getManagedResources, appQuery),
  get(`${api}/applicationsets`, listApplicationSets, ['projects', 'selector', 'appsetNamespace']),
  get(`${api}/stream/applications`, streamApplications, listQuery),
]);
