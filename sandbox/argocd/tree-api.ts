import type { SandboxResponse } from '../system.ts';
import { applicationOf } from './application-api.ts';
import type { Call } from './call.ts';
import { descendants } from './descendants.ts';
import { fail, json } from './grpc.ts';
import { isObject, type JsonObject } from './json.ts';
import { apiVersionOf, keyOf } from './kinds.ts';
import type { Live } from './live.ts';
import { clusterBehind, reach } from './reach.ts';
import type { ResourceKey } from './state.ts';

/** GET resource-tree: the objects that were deployed and, below workloads, their replica sets and pods. */
export function getResourceTree(call: Call): SandboxResponse {
  const { controller } = applicationOf(call);
  const server = controller.deployedServer;
  const reached = server === null ? null : reach(call.sandbox, server);
  if (server === null || reached === null) return json({ nodes: [], orphanedNodes: [], hosts: [] });
  if ('problem' in reached) return fail('Unknown', `error getting cached app resource tree: ${reached.problem}`);
  const ref = clusterBehind(call.sandbox, server);
  const roots = controller.deployed.flatMap((key) => {
    const object = reached.live.get(key);
    return object === null ? [] : [object];
  });
  const nodes = roots.map((object) => node(reached.live, object, null));
  for (const { object, parent } of ref === null ? [] : descendants(call.sandbox, ref, roots))
    nodes.push(node(reached.live, object, parent));
  return json({ nodes, orphanedNodes: [], hosts: [] });
}

/** GET managed-resources: wanted and live state of each object, as JSON text. */
export function getManagedResources(call: Call): SandboxResponse {
  const { controller } = applicationOf(call);
  const reached = controller.deployedServer === null ? null : reach(call.sandbox, controller.deployedServer);
  if (reached === null) return json({ items: [] });
  if ('problem' in reached) return fail('Unknown', `error getting cached app managed resources: ${reached.problem}`);
  const items = controller.deployed.map(({ group, kind, namespace, name, version }) => {
    const live = reached.live.get({ group, version, kind, namespace, name });
    const text = live === null ? 'null' : JSON.stringify(live);
    return {
      ...(group === '' ? {} : { group }),
      kind,
      ...(namespace === '' ? {} : { namespace }),
      name,
      liveState: text,
      normalizedLiveState: text,
    };
  });
  return json({ items });
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
