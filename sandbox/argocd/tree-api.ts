import type { SandboxResponse } from '../system.ts';
import { applicationOf } from './application-api.ts';
import type { Call } from './call.ts';
import { findDestination } from './clusters.ts';
import { descendants } from './descendants.ts';
import { fail, json } from './grpc.ts';
import { covers, isObject, type JsonObject } from './json.ts';
import { apiVersionOf, identity, keyOf, tracked } from './kinds.ts';
import type { Live } from './live.ts';
import { clusterBehind, reach } from './reach.ts';
import type { ApplicationRecord, ResourceKey } from './state.ts';
import { targetOf } from './target.ts';

/** GET resource-tree: the objects that are to be deployed or were, and, below workloads, their replica sets and pods. */
export function getResourceTree(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const server = serverOf(call, record);
  const reached = server === null ? null : reach(call.sandbox, server);
  if (server === null || reached === null) return json({ nodes: [] });
  if ('problem' in reached) return fail('Unknown', `error getting cached app resource tree: ${reached.problem}`);
  const ref = clusterBehind(call.sandbox, server);
  const found = keysOf(record).map((key) => ({ key, object: reached.live.get(key) }));
  const roots = found.flatMap(({ object }) => (object === null ? [] : [object]));
  const nodes = found.map(({ key, object }) =>
    object === null ? { ...plainKey(key), health: { status: 'Missing' } } : node(reached.live, object, null),
  );
  for (const { object, parent } of ref === null ? [] : descendants(call.sandbox, ref, roots))
    nodes.push(node(reached.live, object, parent));
  return json({ nodes });
}

/** GET managed-resources: wanted and live state of each object, as JSON text; `null` where there is none. */
export function getManagedResources(call: Call): SandboxResponse {
  const record = applicationOf(call);
  const server = serverOf(call, record);
  const reached = server === null ? null : reach(call.sandbox, server);
  if (reached === null) return json({ items: null });
  if ('problem' in reached) return fail('Unknown', `error getting cached app managed resources: ${reached.problem}`);
  const target = targetOf(call.sandbox, record);
  const wanted = new Map('problem' in target ? [] : target.objects.map((object) => [identity(keyOf(object)), object]));
  const items = keysOf(record).map((key) => {
    const { version: _version, ...place } = plainKey(key);
    const object = wanted.get(identity(key));
    const aim = object === undefined ? null : tracked(object, record.app.metadata.name);
    const live = reached.live.get(key);
    const [targetState, liveState] = [JSON.stringify(aim), JSON.stringify(live)];
    const differs = aim === null ? live !== null : live === null || !covers(live, aim);
    return {
      ...place,
      targetState,
      liveState,
      normalizedLiveState: liveState,
      predictedLiveState: targetState,
      ...(differs ? { modified: true } : {}),
    };
  });
  return json({ items });
}

function serverOf(call: Call, { app, controller }: ApplicationRecord): string | null {
  if (controller.deployedServer !== null) return controller.deployedServer;
  const found = findDestination(call.sandbox.world, app.spec.destination);
  return 'problem' in found ? null : found.server;
}

/** What the last comparison found to be wanted or left over, and what was deployed since. */
function keysOf({ app, controller }: ApplicationRecord): ResourceKey[] {
  const compared = (app.status.resources ?? []).map(({ group = '', version, kind, namespace = '', name }) => ({
    group,
    version,
    kind,
    namespace,
    name,
  }));
  const known = new Set(compared.map(identity));
  return [...compared, ...controller.deployed.filter((key) => !known.has(identity(key)))];
}

function plainKey({ group, version, kind, namespace, name }: ResourceKey) {
  return { ...(group === '' ? {} : { group }), version, kind, ...(namespace === '' ? {} : { namespace }), name };
}

function node(live: Live, object: JsonObject, parent: JsonObject | null): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const health = live.health(object);
  return {
    ...identityOf(object),
    resourceVersion: String(metadata.resourceVersion ?? ''),
    createdAt: metadata.creationTimestamp,
    ...(parent === null ? {} : { parentRefs: [identityOf(parent)] }),
    ...podInfo(object),
    ...(health === null ? {} : { health: { status: health, ...waitingMessage(object) } }),
    ...networking(object),
  };
}

function identityOf(object: JsonObject): JsonObject {
  const key: ResourceKey = keyOf(object);
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { group, version, kind, namespace, name } = key;
  const uid = String(metadata.uid ?? `${apiVersionOf(key)}/${namespace}/${name}`);
  return { ...(group === '' ? {} : { group }), version, kind, ...(namespace === '' ? {} : { namespace }), name, uid };
}

/** What `kubectl get pods` shows as the status: the reason why a container waits, or the phase. */
function podInfo(object: JsonObject): JsonObject {
  if (object.kind !== 'Pod') return {};
  const status = isObject(object.status) ? object.status : {};
  return { info: [{ name: 'Status Reason', value: String(waiting(object)?.reason ?? status.phase ?? '') }] };
}

/** Argo CD takes the words of a pod that can't start into its health. */
function waitingMessage(object: JsonObject): JsonObject {
  const message = waiting(object)?.message;
  return typeof message === 'string' ? { message } : {};
}

function waiting(object: JsonObject): JsonObject | null {
  const status = isObject(object.status) ? object.status : {};
  const containers = Array.isArray(status.containerStatuses) ? status.containerStatuses : [];
  for (const container of containers) {
    const state = isObject(container) && isObject(container.state) ? container.state : {};
    if (isObject(state.waiting)) return state.waiting;
  }
  return null;
}

/** The host names under which load balancers answer. */
function networking(object: JsonObject): JsonObject {
  const status = isObject(object.status) ? object.status : {};
  const balancer = isObject(status.loadBalancer) ? status.loadBalancer : {};
  if (!Array.isArray(balancer.ingress) || balancer.ingress.length === 0) return {};
  return { networkingInfo: { ingress: balancer.ingress } };
}
