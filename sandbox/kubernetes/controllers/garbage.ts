import type { KubeObject } from '../object.ts';
import { all, type Context, dependentsOf, put, release, remove } from '../store.ts';

/** What belonged to an owner that is gone: deleted once no other owner is left. */
export function collect(context: Context, ownerUid: string): void {
  for (const { place, object } of dependentsOf(context.cluster, ownerUid)) {
    const owners = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== ownerUid);
    if (owners.length === 0) remove(context, place.resource, place.key);
    else put(context, place.resource, { ...object, metadata: { ...object.metadata, ownerReferences: owners } });
  }
}

/** Cuts dependents loose, so that they outlive their owner (propagationPolicy Orphan). */
export function orphan(context: Context, ownerUid: string): void {
  for (const { place, object } of dependentsOf(context.cluster, ownerUid)) {
    const owners = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== ownerUid);
    const { ownerReferences: _, ...metadata } = object.metadata;
    put(context, place.resource, { ...object, metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners } });
  }
}

export const FOREGROUND = 'foregroundDeletion';

/** An owner deleted in the foreground goes when nothing that blocks its deletion is left. */
export function foreground(context: Context, ownerUid: string): void {
  const owner = findByUid(context, ownerUid);
  if (owner === undefined || !(owner.object.metadata.finalizers ?? []).includes(FOREGROUND)) return;
  const dependents = dependentsOf(context.cluster, ownerUid);
  const blocking = dependents.filter(({ object }) =>
    object.metadata.ownerReferences?.some((each) => each.uid === ownerUid && each.blockOwnerDeletion),
  );
  for (const { place } of dependents) remove(context, place.resource, place.key);
  const left = dependentsOf(context.cluster, ownerUid).filter(({ place }) =>
    blocking.some((each) => each.place.resource === place.resource && each.place.key === place.key),
  );
  if (left.length === 0) release(context, owner.resource, owner.object, FOREGROUND);
}

// Rare: only after a foreground deletion was asked for.
function findByUid(context: Context, uid: string): { resource: string; object: KubeObject } | undefined {
  for (const resource of Object.keys(context.cluster.objects)) {
    const object = all(context.cluster, resource).find((each) => each.metadata.uid === uid);
    if (object !== undefined) return { resource, object };
  }
  return undefined;
}
