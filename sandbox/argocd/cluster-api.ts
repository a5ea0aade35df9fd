import type { SandboxResponse } from '../system.ts';
import { type Call, flag } from './call.ts';
import { applicationsOn, connected, serverVersion, UNMONITORED } from './cluster-monitor.ts';
import { MANAGEMENT_NAME, MANAGEMENT_SERVER } from './clusters.ts';
import { fail, json } from './grpc.ts';
import { isObject, type JsonObject, sameJson } from './json.ts';
import { connectionProblem, UNKNOWN_CALLER } from './reach.ts';
import { wake } from './runtime.ts';
import type { ClusterConfig, ClusterRecord } from './state.ts';
import { timestamp } from './store.ts';

/** GET clusters; `server` and `name` (or `id.value` with `id.type`) choose one. The cluster that Argo CD runs on is always in the list. */
export function listClusters(call: Call): SandboxResponse {
  const byName = ['name', 'name_escaped'].includes(call.query.get('id.type') ?? '');
  const name = call.query.get('name') ?? (byName ? call.query.get('id.value') : null);
  const server = call.query.get('server') ?? (byName ? null : call.query.get('id.value'));
  const items = [renderManagement(call), ...sorted(call).map((record) => renderCluster(call, record))];
  const wanted = items.filter((item) => (!name || item.name === name) && (!server || item.server === server));
  return json({ metadata: {}, items: wanted.length === 0 ? null : wanted });
}

export function getCluster(call: Call): SandboxResponse {
  const id = call.parameters.id ?? '';
  if (id === MANAGEMENT_SERVER || (byNameQuery(call) && id === MANAGEMENT_NAME)) return json(renderManagement(call));
  return json(renderCluster(call, clusterOf(call)));
}

/** POST: tries the connection, then stores. An equal one is fine; another one under the same address needs `upsert`. */
export function createCluster(call: Call): SandboxResponse {
  const wanted = clusterIn(call, call.body);
  tryConnection(call, wanted, 'error getting server version');
  const existing = call.state.clusters[wanted.server];
  if (existing !== undefined && !sameCluster(existing, wanted) && flag(call, 'upsert') !== true) {
    fail('InvalidArgument', 'existing cluster spec is different; use upsert flag to force update; difference in keys "cluster"');
  }
  return store(call, { ...wanted, connection: existing?.connection ?? wanted.connection });
}

/**
 * PUT: a full replacement, or with `updatedFields` only the named members. What is replaced is found by the address in the body: another
 * one than that of the cluster asked for is registered anew, beside it.
 */
export function updateCluster(call: Call): SandboxResponse {
  const existing = clusterOf(call);
  const fields = call.query.getAll('updatedFields');
  const given = clusterIn(call, call.body);
  const wanted = fields.length === 0 ? given : { ...existing, ...pick(given, fields) };
  tryConnection(call, wanted, 'failed to get server version');
  return store(call, wanted);
}

/** DELETE: by name, every address of that name goes. */
export function deleteCluster(call: Call): SandboxResponse {
  const found = clusterOf(call);
  const all = byNameQuery(call) ? Object.values(call.state.clusters).filter(({ name }) => name === found.name) : [found];
  for (const { server } of all) delete call.state.clusters[server];
  return json({});
}

/** POST invalidate-cache: has the controller look at the cluster at once. */
export function invalidateCache(call: Call): SandboxResponse {
  const record = clusterOf(call);
  record.refreshRequestedAt = call.sandbox.clock.now();
  record.checkAt = record.refreshRequestedAt;
  wake(call.state, record.checkAt);
  return json(renderCluster(call, record));
}

function store(call: Call, record: ClusterRecord): SandboxResponse {
  const now = call.sandbox.clock.now();
  connected(record, now);
  call.state.clusters[record.server] = record;
  wake(call.state, record.checkAt);
  return json(renderCluster(call, record));
}

function tryConnection(call: Call, record: ClusterRecord, doing: string): void {
  const problem = connectionProblem(call.sandbox, record);
  // The code of the cluster's refusal goes through to the caller of Argo CD.
  if (problem !== null)
    fail(problem === UNKNOWN_CALLER ? 'Unauthenticated' : 'Unknown', `${doing}: failed to get server version: ${problem}`);
}

function byNameQuery(call: Call): boolean {
  return ['name', 'name_escaped'].includes(call.query.get('id.type') ?? '');
}

/** The cluster of the path: by server address, or with `?id.type=name` by name. A missing one is refused like a forbidden one. */
function clusterOf(call: Call): ClusterRecord {
  const id = call.parameters.id ?? '';
  const unescaped = call.query.get('id.type') === 'name_escaped' ? decodeURIComponent(id) : id;
  const found = byNameQuery(call) ? Object.values(call.state.clusters).find((one) => one.name === unescaped) : call.state.clusters[id];
  return found ?? fail('PermissionDenied', 'permission denied');
}

function sorted(call: Call): ClusterRecord[] {
  return Object.values(call.state.clusters).sort((a, b) => (a.server < b.server ? -1 : 1));
}

const MEMBERS: readonly string[] = [
  'server',
  'name',
  'config',
  'namespaces',
  'clusterResources',
  'project',
  'labels',
  'annotations',
  'shard',
  // What the server gives and takes back without looking at it.
  'connectionState',
  'serverVersion',
  'info',
  'refreshRequestedAt',
];

function clusterIn(call: Call, body: Readonly<Record<string, unknown>>): ClusterRecord {
  const unknown = Object.keys(body).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) fail('InvalidArgument', `unknown field "${unknown}" in v1alpha1.Cluster`);
  const server = String(body.server ?? '').replace(/\/+$/, '');
  const texts = (value: unknown): Record<string, string> => (isObject(value) ? (value as Record<string, string>) : {});
  return {
    server,
    name: String(body.name ?? '') || server,
    config: (isObject(body.config) ? body.config : {}) as ClusterConfig,
    namespaces: Array.isArray(body.namespaces) ? body.namespaces.map(String) : [],
    clusterResources: body.clusterResources === true,
    project: String(body.project ?? ''),
    labels: texts(body.labels),
    annotations: texts(body.annotations),
    writtenAt: call.sandbox.clock.now(),
    refreshRequestedAt: null,
    connection: { status: 'Unknown', message: '', at: null },
    checkAt: 0,
  };
}

const UPDATABLE = ['name', 'namespaces', 'config', 'clusterResources', 'labels', 'annotations', 'project'] as const;

function pick(record: ClusterRecord, fields: readonly string[]): Partial<ClusterRecord> {
  return Object.fromEntries(UPDATABLE.filter((field) => fields.includes(field)).map((field) => [field, record[field]]));
}

function sameCluster(a: ClusterRecord, b: ClusterRecord): boolean {
  return UPDATABLE.every((field) => sameJson(a[field], b[field]));
}

/** As the API gives a cluster: of its configuration only what can't be a secret, so neither certificates nor an exec provider. */
function renderCluster(call: Call, record: ClusterRecord): JsonObject {
  const { config, connection } = record;
  const { insecure = false, serverName } = config.tlsClientConfig ?? {};
  const state = {
    status: connection.status,
    message: connection.message,
    attemptedAt: connection.at === null ? null : timestamp(connection.at),
  };
  const version = connection.status === 'Successful' ? serverVersion(call.sandbox, record.server) : '';
  return {
    server: record.server,
    name: record.name,
    config: {
      tlsClientConfig: { insecure, ...(serverName === undefined ? {} : { serverName }) },
      ...(config.awsAuthConfig === undefined ? {} : { awsAuthConfig: config.awsAuthConfig }),
      ...(config.disableCompression === undefined ? {} : { disableCompression: config.disableCompression }),
      ...(config.proxyUrl === undefined ? {} : { proxyUrl: config.proxyUrl }),
    },
    connectionState: state,
    ...(version === '' ? {} : { serverVersion: version }),
    info: {
      connectionState: state,
      ...(version === '' ? {} : { serverVersion: version }),
      cacheInfo: {},
      applicationsCount: applicationsOn(call.sandbox, record.server),
    },
    ...(record.namespaces.length === 0 ? {} : { namespaces: record.namespaces }),
    ...(record.clusterResources ? { clusterResources: true } : {}),
    ...(record.project === '' ? {} : { project: record.project }),
    ...(Object.keys(record.labels).length === 0 ? {} : { labels: record.labels }),
    ...(Object.keys(record.annotations).length === 0 ? {} : { annotations: record.annotations }),
  };
}

function renderManagement(call: Call): JsonObject {
  const applicationsCount = applicationsOn(call.sandbox, MANAGEMENT_SERVER);
  const monitored = applicationsCount > 0 ? { status: 'Successful', message: '' } : { status: 'Unknown', message: UNMONITORED };
  const state = { ...monitored, attemptedAt: timestamp(call.sandbox.clock.now()) };
  return {
    server: MANAGEMENT_SERVER,
    name: MANAGEMENT_NAME,
    config: { tlsClientConfig: { insecure: false } },
    connectionState: state,
    info: { connectionState: state, cacheInfo: {}, applicationsCount },
  };
}
