import { decodeContinue, encodeContinue, expiredContinue } from './continue.ts';
import { type Fields, type KubeObject, nameOf } from './object.ts';
import { builtInTypes, groupVersion, type ResourceType, resourceOf } from './resources.ts';
import { runtimeOf } from './runtime.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import type { KubernetesClusterState } from './state.ts';
import { all, namespaced } from './store.ts';

/** What a list or watch selects by its namespace and selectors. */
export function matcherOf(type: ResourceType, namespace: string | undefined, query: URLSearchParams): Matcher {
  const labels = labelMatcher(query.get('labelSelector'));
  const fields = fieldMatcher(type.kind, query.get('fieldSelector'));
  return (object) => (namespace === undefined || object.metadata.namespace === namespace) && labels(object) && fields(object);
}

/** An object as a version of its type shows it: custom resources differ in nothing but the apiVersion. */
export function asVersion(type: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = groupVersion(type);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/**
 * A list, in the order of names, with `limit` and `continue`. All pages of a list show the moment of the first one.
 * Throws 410 for a token that has outlived the history, with another one to go on with what is there by now.
 */
export function listObjects(
  cluster: KubernetesClusterState,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): unknown {
  const matches = matcherOf(type, namespace, query);
  const token = query.get('continue');
  const from = token ? decodeContinue(token) : undefined;
  if (from !== undefined && from.rv > 0 && isCompacted(cluster, from.rv)) throw expiredContinue(from);
  const revision = from !== undefined && from.rv > 0 ? from.rv : cluster.revision;
  const selected = objectsAt(cluster, resourceOf(type), namespace, revision)
    .filter(matches)
    .map((object) => ({ object, key: nameOf(object) }))
    .filter(({ key }) => from === undefined || key >= from.start)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const limit = Number(query.get('limit') ?? 0);
  const next = limit > 0 ? selected[limit] : undefined;
  const page = next === undefined ? selected : selected.slice(0, limit);
  const more = next && {
    continue: encodeContinue({ rv: revision, start: next.key }),
    ...(query.get('labelSelector') || query.get('fieldSelector') ? {} : { remainingItemCount: selected.length - page.length }),
  };
  const items = page.map(({ object }) => asItem(type, object));
  return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata: { resourceVersion: String(revision), ...more }, items };
}

/** The objects as they were at a revision: what happened since is taken back. */
function objectsAt(
  cluster: KubernetesClusterState,
  resource: string,
  namespace: string | undefined,
  revision: number,
): readonly KubeObject[] {
  const present = namespace === undefined ? all(cluster, resource) : namespaced(cluster, namespace, resource);
  if (revision >= cluster.revision) return present;
  const found = new Map(present.map((object) => [nameOf(object), object]));
  for (const event of runtimeOf(cluster).journal.toReversed()) {
    if (event.revision <= revision) break;
    if (event.resource !== resource) continue;
    if (event.before === undefined) found.delete(nameOf(event.object));
    else found.set(nameOf(event.before), event.before);
  }
  return [...found.values()];
}

/** Items of the built-in types come without their type; custom resources keep it. */
function asItem(type: ResourceType, object: KubeObject): Fields {
  if (!builtInTypes.includes(type)) return asVersion(type, object);
  const { kind: _kind, apiVersion: _version, ...item } = object;
  return item;
}

/** Whether events after this revision are no longer all known. */
export function isCompacted(cluster: KubernetesClusterState, revision: number): boolean {
  const [oldest] = runtimeOf(cluster).journal;
  return revision < (oldest === undefined ? cluster.revision : oldest.revision - 1);
}
