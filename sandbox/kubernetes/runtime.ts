import type { KubeObject } from './object.ts';
import { nameOf } from './object.ts';
import type { KubernetesClusterState } from './state.ts';

export interface WatchEvent {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: string;
  readonly object: KubeObject;
  /** What the object was before: a selector may have stopped matching. */
  readonly before: KubeObject | undefined;
}

/** Where an object is stored. */
export interface Place {
  readonly resource: string;
  readonly key: string;
}

/** What can be worked out from the state again; it is never saved. */
export interface Runtime {
  /** The newest events, oldest first. A watch from before them is told 410 Gone, as after a compaction. */
  readonly journal: WatchEvent[];
  /** Owner's uid to what it owns. */
  readonly byOwner: Map<string, Map<string, Place>>;
  readonly byNamespace: Map<string, Map<string, Place>>;
  /** Node name to the keys of its pods. */
  readonly podsByNode: Map<string, Set<string>>;
}

const JOURNAL_LIMIT = 6000;
const runtimeKey = Symbol('runtime');

type WithRuntime = KubernetesClusterState & { [runtimeKey]?: Runtime };

/** The indexes of a cluster, built at the first use. They hang on the state under a symbol, which JSON leaves out. */
export function runtimeOf(cluster: KubernetesClusterState): Runtime {
  const holder = cluster as WithRuntime;
  const existing = holder[runtimeKey];
  if (existing !== undefined) return existing;
  const runtime: Runtime = { journal: [], byOwner: new Map(), byNamespace: new Map(), podsByNode: new Map() };
  Object.defineProperty(holder, runtimeKey, { value: runtime, enumerable: false });
  for (const [resource, objects] of Object.entries(cluster.objects)) {
    for (const object of Object.values(objects)) index(runtime, resource, object);
  }
  return runtime;
}

function placeId(resource: string, object: KubeObject): string {
  return `${resource}|${nameOf(object)}`;
}

function subMap(map: Map<string, Map<string, Place>>, key: string): Map<string, Place> {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const created = new Map<string, Place>();
  map.set(key, created);
  return created;
}

function nodeOf(resource: string, object: KubeObject): string | undefined {
  if (resource !== 'core/pods') return undefined;
  const { spec } = object as { spec?: { nodeName?: string } };
  return spec?.nodeName;
}

function index(runtime: Runtime, resource: string, object: KubeObject): void {
  const id = placeId(resource, object);
  const place = { resource, key: nameOf(object) };
  for (const owner of object.metadata.ownerReferences ?? []) subMap(runtime.byOwner, owner.uid).set(id, place);
  if (object.metadata.namespace !== undefined) subMap(runtime.byNamespace, object.metadata.namespace).set(id, place);
  const node = nodeOf(resource, object);
  if (node === undefined) return;
  const pods = runtime.podsByNode.get(node) ?? new Set<string>();
  runtime.podsByNode.set(node, pods.add(nameOf(object)));
}

function unindex(runtime: Runtime, resource: string, object: KubeObject): void {
  const id = placeId(resource, object);
  for (const owner of object.metadata.ownerReferences ?? []) runtime.byOwner.get(owner.uid)?.delete(id);
  if (object.metadata.namespace !== undefined) runtime.byNamespace.get(object.metadata.namespace)?.delete(id);
  const node = nodeOf(resource, object);
  if (node !== undefined) runtime.podsByNode.get(node)?.delete(nameOf(object));
}

/** Follows one change of the store in the indexes and in the journal. */
export function follow(runtime: Runtime, event: WatchEvent): void {
  if (event.before !== undefined) unindex(runtime, event.resource, event.before);
  if (event.type !== 'DELETED') index(runtime, event.resource, event.object);
  runtime.journal.push(event);
  if (runtime.journal.length > JOURNAL_LIMIT * 1.5) runtime.journal.splice(0, runtime.journal.length - JOURNAL_LIMIT);
}
