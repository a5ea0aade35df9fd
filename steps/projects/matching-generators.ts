import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a generator of an ApplicationSet would make applications for a cluster: one that goes by clusters and selects its labels, alone or
 * within a matrix or merge. Without a selector it takes every cluster. Source: "Cluster Generator" in the documentation of Argo CD.
 */
export function generatesFor(generator: Json, labels: Labels): boolean {
  const { clusters, matrix, merge } = objectOf(generator);
  if (isJsonObject(clusters) && selects(clusters.selector, labels)) return true;
  return [matrix, merge].some((outer) => {
    const { generators } = objectOf(outer);
    return Array.isArray(generators) && generators.some((inner) => generatesFor(inner, labels));
  });
}

/** A label selector of Kubernetes; an operator that is not known may select anything. */
function selects(selector: Json | undefined, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  const equal = Object.entries(objectOf(matchLabels)).every(([key, value]) => labels[key] === value);
  return equal && (Array.isArray(matchExpressions) ? matchExpressions : []).every((one) => holds(objectOf(one), labels));
}

function holds({ key, operator, values }: JsonObject, labels: Labels): boolean {
  const label = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const named = label !== undefined && Array.isArray(values) && values.includes(label);
  if (operator === 'In') return named;
  if (operator === 'NotIn') return !named;
  if (operator === 'Exists') return label !== undefined;
  return operator !== 'DoesNotExist' || label === undefined;
}
