import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';

/** Whose a thing is by the AWS tags on it, or null where they don't tell. */
export function ownerByTags(tags: Readonly<Record<string, string | undefined>>): Owner | null {
  const run = tags[RUN_TAG];
  if (run !== undefined) return { kind: 'run', run };
  const scope = tags[SCOPE_TAG];
  return scope === undefined ? null : { kind: 'drill-scope', scope };
}

/** Whose everything in an EKS cluster is, by the cluster's tags. What lies in an untagged cluster is nobody's to change in a drill. */
export function clusterOwner(cluster: string, tags: Readonly<Record<string, string>> | undefined): Owner {
  return ownerByTags(tags ?? {}) ?? { kind: 'other', detail: `the cluster ${cluster} carries no ${RUN_TAG} tag` };
}

/**
 * Whose a thing inside a container is. What lies in production is production's, whatever a tag or label on it says: those can be copied.
 * In a container of a run or of drills, the mark on the thing itself counts (`marked`, null: it carries none).
 */
export function ownerWithin(container: Owner, marked: Owner | null): Owner {
  return container.kind === 'other' ? container : (marked ?? container);
}

/** The owner of what would lie in a cluster that does not exist. */
export function noCluster(cluster: string): Owner {
  return { kind: 'other', detail: `the cluster ${cluster} does not exist` };
}
