import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';

/** What is known of a cluster before it is registered. */
export interface ClusterToCome {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The value of a key: a text, null where there is none, undefined where nobody can know yet. */
type Lookup = (key: string) => string | null | undefined;

const unknown: Lookup = () => undefined;

/**
 * Whether a generator of an ApplicationSet would make applications for a cluster: one that goes by clusters and selects its labels, alone or
 * within a matrix or merge, whose `selector` afterwards lets it pass. Without a selector it takes every cluster; what cannot be known yet may
 * match. Source: "Cluster Generator" and "Post Selector all generators" in the documentation of Argo CD.
 */
export function generatesFor(generator: Json, cluster: ClusterToCome): boolean {
  return parametersFor(generator, cluster) !== null;
}

/** The parameters that a generator would have for a cluster, null for none. */
function parametersFor(generator: Json, cluster: ClusterToCome): Lookup | null {
  const { clusters, matrix, merge, selector } = objectOf(generator);
  const found = [ofClusters(clusters, cluster), ofChildren(matrix, cluster, true), ofChildren(merge, cluster, false)];
  return found.find((parameters) => parameters !== null && selects(selector, parameters)) ?? null;
}

function ofClusters(clusters: Json | undefined, { name, labels }: ClusterToCome): Lookup | null {
  if (!isJsonObject(clusters) || !selects(clusters.selector, (key) => own(labels, key))) return null;
  // One set of parameters for all clusters together.
  if (clusters.flatList === true) return unknown;
  const values = objectOf(clusters.values);
  return (key) => {
    const label = 'metadata.labels.';
    if (key === 'name') return name;
    if (key.startsWith(label)) return own(labels, key.slice(label.length));
    if (key.startsWith('values.')) return literalOf(own(values, key.slice('values.'.length)));
    return /^(nameNormalized|server|project|metadata\.annotations\..*)$/.test(key) ? undefined : null;
  };
}

/** Of a matrix or merge: what another generator beside it has is not known; within a merge it may have other values, too. */
function ofChildren(outer: Json | undefined, cluster: ClusterToCome, isMatrix: boolean): Lookup | null {
  const { generators } = objectOf(outer);
  const [inner] = (Array.isArray(generators) ? generators : []).flatMap((child: Json) => parametersFor(child, cluster) ?? []);
  if (inner === undefined) return null;
  return isMatrix ? (key) => inner(key) ?? undefined : unknown;
}

function own(map: JsonObject, key: string): string | null {
  const value = Object.hasOwn(map, key) ? map[key] : undefined;
  return value === undefined || value === null ? null : String(value);
}

/** Undefined for what a template stands in: it may come to anything. */
function literalOf(value: string | null): string | null | undefined {
  return value?.includes('{{') === true ? undefined : value;
}

/** A label selector of Kubernetes; an operator that is not known may select anything. */
function selects(selector: Json | undefined, lookup: Lookup): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  const equal = Object.entries(objectOf(matchLabels)).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
  return [...equal, ...(Array.isArray(matchExpressions) ? matchExpressions : [])].every((one) => mayHold(objectOf(one), lookup));
}

/** Within a matrix, keys and values may be templates that another generator fills in. */
function mayHold({ key, operator, values }: JsonObject, lookup: Lookup): boolean {
  const found = typeof key !== 'string' || literalOf(key) === undefined ? undefined : lookup(key);
  if (found === undefined) return true;
  const wanted = (Array.isArray(values) ? values : []).map((value: Json) => literalOf(String(value)));
  if (operator === 'In') return found !== null && wanted.some((value) => value === undefined || value === found);
  if (operator === 'NotIn') return found === null || !wanted.includes(found);
  if (operator === 'Exists') return found !== null;
  return operator !== 'DoesNotExist' || found === null;
}
