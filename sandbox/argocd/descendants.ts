import { clusterKey } from '../kubernetes/state.ts';
import { dependentsOf } from '../kubernetes/store.ts';
import type { Sandbox } from '../system.ts';
import { isObject, type JsonObject } from './json.ts';

/** What the garbage collector would take along with these objects: replica sets, pods and so on, each with the object that owns it. */
export function descendants(
  sandbox: Sandbox,
  ref: { readonly region: string; readonly cluster: string },
  roots: readonly JsonObject[],
): { readonly object: JsonObject; readonly parent: JsonObject }[] {
  const cluster = sandbox.world.kubernetes.clusters[clusterKey(ref)];
  if (cluster === undefined) return [];
  return roots.flatMap((parent) => {
    const uid = isObject(parent.metadata) ? parent.metadata.uid : undefined;
    const owned = uid === undefined ? [] : dependentsOf(cluster, String(uid)).map(({ object }) => object);
    return [...owned.map((object) => ({ object, parent })), ...descendants(sandbox, ref, owned)];
  });
}
