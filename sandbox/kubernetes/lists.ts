import { badRequest, failure } from './failure.ts';
import { type KubeObject, nameOf } from './object.ts';
import { groupVersion, type ResourceType, resourceOf } from './resources.ts';
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

interface Continue {
  readonly rv: number;
  readonly start: string;
}

function decodeContinue(token: string): Continue {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const { rv, start } = value as Partial<Continue>;
    if (typeof rv === 'number' && typeof start === 'string') return { rv, start };
  } catch {
    // Falls through to the same answer.
  }
  throw badRequest('continue key is not valid: invalid continue token');
}

/** A list, in the order of names, with `limit` and `continue`. Throws 410 for a token that has outlived the history. */
export function listObjects(
  cluster: KubernetesClusterState,
  type: ResourceType,
  namespace: string | undefined,
  query: URLSearchParams,
): unknown {
  const matches = matcherOf(type, namespace, query);
  const resource = resourceOf(type);
  const found = namespace === undefined ? all(cluster, resource) : namespaced(cluster, namespace, resource);
  const token = query.get('continue');
  const from = token ? decodeContinue(token) : undefined;
  if (from !== undefined && isCompacted(cluster, from.rv)) {
    throw failure(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  const selected = found
    .filter(matches)
    .map((object) => ({ object, key: nameOf(object) }))
    .filter(({ key }) => from === undefined || key >= from.start)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const limit = Number(query.get('limit') ?? 0);
  const next = limit > 0 ? selected[limit] : undefined;
  const page = next === undefined ? selected : selected.slice(0, limit);
  const revision = from?.rv ?? cluster.revision;
  const more = next && {
    continue: Buffer.from(JSON.stringify({ rv: revision, start: next.key })).toString('base64url'),
    ...(query.get('labelSelector') || query.get('fieldSelector') ? {} : { remainingItemCount: selected.length - page.length }),
  };
  const items = page.map(({ object }) => asVersion(type, object));
  return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata: { resourceVersion: String(revision), ...more }, items };
}

/** Whether events after this revision are no longer all known. */
export function isCompacted(cluster: KubernetesClusterState, revision: number): boolean {
  const [oldest] = runtimeOf(cluster).journal;
  return revision < (oldest === undefined ? cluster.revision : oldest.revision - 1);
}
