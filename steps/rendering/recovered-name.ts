import { createHash } from 'node:crypto';

// Argo CD copies an application's name into the label app.kubernetes.io/instance (63) and, without a releaseName, into Helm's release (53).
const LONGEST = 53;

/**
 * The name of an application on the recovery cluster: the old name with the cluster's as suffix. Argo CD's names are unique over all
 * clusters, so it can't stay. Too long a name ends in a hash instead, the same each time.
 */
export function recoveredName(application: string, cluster: string): string {
  // What was recovered keeps its name.
  if (application.endsWith(`-${cluster}`)) return shortened(application);
  return shortened(`${application}-${cluster}`);
}

/** A name of an application, cut where it is longer than Argo CD and Helm take it. */
export function shortened(name: string): string {
  if (name.length <= LONGEST) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST - hash.length - 1).replace(/[^a-z0-9]+$/, '')}-${hash}`;
}
