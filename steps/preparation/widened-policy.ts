import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { statementsOf } from '../resources/iam-document.ts';

/** Stands in a rendered policy for the name of a cluster that does not exist yet. */
export const SOME_CLUSTER = 'some-recovery-cluster';

/** By this tag EKS and Karpenter mark what belongs to a cluster, in the value; `kubernetes.io/cluster/<name>` has it in the key. */
const CLUSTER_TAG = 'eks:eks-cluster-name';

/**
 * A policy rendered for {@link SOME_CLUSTER}, widened to all clusters whose names match these patterns of IAM's. What names the cluster in
 * the key of a tag asks for the value of another tag instead, which Karpenter puts on everything that it makes
 * (https://karpenter.sh/docs/reference/cloudformation/): IAM takes wildcards in values alone.
 */
export function widenedPolicy(document: Json, patterns: readonly string[]): Json {
  if (!isJsonObject(document)) return document;
  return { ...document, Statement: statementsOf(document.Statement).map((each) => (isJsonObject(each) ? widened(each, patterns) : each)) };
}

function widened({ Resource, Condition, ...statement }: JsonObject, patterns: readonly string[]): JsonObject {
  return {
    ...statement,
    ...(Resource === undefined ? {} : { Resource: resources(Resource, patterns) }),
    ...(isJsonObject(Condition ?? null) ? { Condition: conditions(Condition as JsonObject, patterns) } : {}),
  };
}

function resources(resource: Json, patterns: readonly string[]): Json {
  const named = (Array.isArray(resource) ? (resource as readonly Json[]) : [resource]).map(String);
  const all = named.flatMap((arn) =>
    arn.includes(SOME_CLUSTER) ? patterns.map((pattern) => arn.replaceAll(SOME_CLUSTER, pattern)) : [arn],
  );
  return all.length === 1 ? (all[0] ?? '') : all;
}

function conditions(condition: JsonObject, patterns: readonly string[]): JsonObject {
  const result: Record<string, Record<string, Json>> = {};
  for (const [operator, keys] of Object.entries(condition)) {
    for (const [key, value] of Object.entries(keys as JsonObject)) {
      const isNamed = key.endsWith(`/kubernetes.io/cluster/${SOME_CLUSTER}`) || value === SOME_CLUSTER;
      const [as, at, wanted] = isNamed
        ? [operator.replace('StringEquals', 'StringLike'), key.replace(/\/kubernetes\.io\/cluster\/.*/, `/${CLUSTER_TAG}`), [...patterns]]
        : [operator, key, value];
      result[as] = { ...result[as], [at]: wanted };
    }
  }
  return result;
}
