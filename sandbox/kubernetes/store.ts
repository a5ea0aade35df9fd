import { isDeepStrictEqual } from 'node:util';
import type { World } from '../world.ts';
import { trigger } from './controllers/triggers.ts';
import { nextUid, stamp } from './ids.ts';
import { type KubeObject, nameOf } from './object.ts';
import { follow, type Place, runtimeOf } from './runtime.ts';
import type { KubernetesClusterState } from './state.ts';

/** What reading and writing a cluster takes. `now` is sandbox time in ms. */
export interface Context {
  readonly world: World;
  readonly cluster: KubernetesClusterState;
  readonly now: number;
}

export function find(cluster: KubernetesClusterState, resource: string, key: string): KubeObject | undefined {
  return cluster.objects[resource]?.[key];
}

export function all(cluster: KubernetesClusterState, resource: string): readonly KubeObject[] {
  const objects = cluster.objects[resource];
  return objects === undefined ? [] : Object.values(objects);
}

/** What names this uid as an owner, of one resource. */
export function ownedBy(cluster: KubernetesClusterState, uid: string | undefined, resource: string): readonly KubeObject[] {
  if (uid === undefined) return [];
  return resolve(cluster, runtimeOf(cluster).byOwner.get(uid)).flatMap(({ place, object }) =>
    place.resource === resource ? [object] : [],
  );
}

export function dependentsOf(cluster: KubernetesClusterState, uid: string): readonly { place: Place; object: KubeObject }[] {
  return resolve(cluster, runtimeOf(cluster).byOwner.get(uid));
}

export function inNamespace(cluster: KubernetesClusterState, namespace: string): readonly { place: Place; object: KubeObject }[] {
  return resolve(cluster, runtimeOf(cluster).byNamespace.get(namespace));
}

/** The objects of one resource in a namespace. */
export function namespaced(cluster: KubernetesClusterState, namespace: string, resource: string): readonly KubeObject[] {
  return inNamespace(cluster, namespace).flatMap(({ place, object }) => (place.resource === resource ? [object] : []));
}

function resolve(
  cluster: KubernetesClusterState,
  places: ReadonlyMap<string, Place> | undefined,
): readonly { place: Place; object: KubeObject }[] {
  if (places === undefined) return [];
  return [...places.values()].flatMap((place) => {
    const object = find(cluster, place.resource, place.key);
    return object === undefined ? [] : [{ place, object }];
  });
}

/** Stores an object under a new resourceVersion; the first time it also gets a uid and a creation time. Equal content is no write. */
export function put(context: Context, resource: string, object: KubeObject): KubeObject {
  const { cluster, now } = context;
  cluster.objects[resource] ??= {};
  const objects = cluster.objects[resource];
  const key = nameOf(object);
  const before = objects[key];
  if (before !== undefined && sameContent(before, object)) return before;
  // The indexes are built before the state changes, so that they never see a change twice.
  const runtime = runtimeOf(cluster);
  cluster.revision += 1;
  const { name, namespace, uid, creationTimestamp, resourceVersion: _, ...meta } = object.metadata;
  const stored: KubeObject = {
    ...object,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: before?.metadata.uid ?? uid ?? nextUid(cluster),
      resourceVersion: String(cluster.revision),
      creationTimestamp: before?.metadata.creationTimestamp ?? creationTimestamp ?? stamp(now),
      ...meta,
    },
  };
  objects[key] = stored;
  const type = before === undefined ? 'ADDED' : 'MODIFIED';
  follow(runtime, { revision: cluster.revision, type, resource, object: stored, before });
  trigger(cluster, now, resource, before, stored);
  return stored;
}

function sameContent(before: KubeObject, after: KubeObject): boolean {
  if (before === after) return true;
  const without = ({ metadata: { resourceVersion: _, uid: _uid, creationTimestamp: _time, ...metadata }, ...rest }: KubeObject) => ({
    ...rest,
    metadata,
  });
  return isDeepStrictEqual(without(before), without(after));
}

/** Takes an object out of the store for good. Its dependents are left to the garbage collector. */
export function drop(context: Context, resource: string, key: string): void {
  const { cluster, now } = context;
  const before = find(cluster, resource, key);
  if (before === undefined) return;
  const runtime = runtimeOf(cluster);
  cluster.revision += 1;
  delete cluster.objects[resource]?.[key];
  const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(cluster.revision) } };
  follow(runtime, { revision: cluster.revision, type: 'DELETED', resource, object, before });
  trigger(cluster, now, resource, before, undefined);
}

/** What controllers do to delete: at once, unless finalizers stand in the way. */
export function remove(context: Context, resource: string, key: string): void {
  const object = find(context.cluster, resource, key);
  if (object === undefined) return;
  if ((object.metadata.finalizers ?? []).length === 0) {
    drop(context, resource, key);
    return;
  }
  if (object.metadata.deletionTimestamp !== undefined) return;
  const metadata = { ...object.metadata, deletionTimestamp: stamp(context.now), deletionGracePeriodSeconds: 0 };
  put(context, resource, { ...object, metadata });
}

/** Takes a finalizer off; the object goes when it was the last one and deletion was asked for. */
export function release(context: Context, resource: string, object: KubeObject, finalizer: string): void {
  const finalizers = (object.metadata.finalizers ?? []).filter((each) => each !== finalizer);
  if (finalizers.length === 0 && object.metadata.deletionTimestamp !== undefined) {
    drop(context, resource, nameOf(object));
    return;
  }
  const { finalizers: _, ...metadata } = object.metadata;
  put(context, resource, { ...object, metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers } });
}
