import { runtimeOf } from '../kubernetes/runtime.ts';
import { clusterKey } from '../kubernetes/state.ts';
import type { World } from '../world.ts';
import { TRACKING_ANNOTATION } from './application.ts';

/** The applications whose objects changed on a cluster after a resourceVersion; null when that is too long ago to tell. */
export function changedSince(
  world: World,
  ref: { readonly region: string; readonly cluster: string },
  revision: number,
): ReadonlySet<string> | null {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  if (cluster === undefined) return null;
  const { journal } = runtimeOf(cluster);
  const [oldest] = journal;
  if (oldest === undefined || oldest.revision > revision + 1) return null;
  const names = new Set<string>();
  for (let index = journal.length - 1; index >= 0; index -= 1) {
    const event = journal[index];
    if (event === undefined || event.revision <= revision) break;
    const name = event.object.metadata.annotations?.[TRACKING_ANNOTATION]?.split(':')[0];
    if (name !== undefined) names.add(name);
  }
  return names;
}
