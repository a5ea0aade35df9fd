import { admit } from './admission/admit.ts';
import { FOREGROUND, foreground, orphan } from './controllers/garbage.ts';
import { conflicts } from './failure.ts';
import { stamp } from './ids.ts';
import { isFields, type KubeObject, nameOf, textAt } from './object.ts';
import { type ResourceType, resourceOf } from './resources.ts';
import { type Context, drop, find, put } from './store.ts';
import { stored, type WriteTarget } from './writes.ts';

export interface DeleteOptions {
  readonly propagationPolicy: string | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}

/** Deletes an object, at once or as soon as its finalizers are off. Gives the object as it is left, or null when it is gone. */
export function deleteObject(context: Context, target: WriteTarget, name: string, options: DeleteOptions): KubeObject | null {
  const { type, dryRun } = target;
  const resource = resourceOf(type);
  const before = stored(context, target, name);
  checkPreconditions(type, before, options);
  admit(context, { operation: 'DELETE', type, namespace: target.namespace, object: before });
  if (dryRun) return before;
  if (options.propagationPolicy === 'Orphan' && before.metadata.uid !== undefined) orphan(context, before.metadata.uid);
  const isForeground = options.propagationPolicy === 'Foreground';
  const finalizers = [...(before.metadata.finalizers ?? []), ...(isForeground ? [FOREGROUND] : [])];
  const isNamespace = resource === 'core/namespaces';
  const grace = resource === 'core/pods' && textAt(before, 'spec', 'nodeName') !== undefined ? (options.gracePeriodSeconds ?? 30) : 0;
  if (finalizers.length === 0 && !isNamespace && grace === 0) {
    drop(context, resource, nameOf(before));
    return null;
  }
  if (before.metadata.deletionTimestamp !== undefined) return before;
  const metadata = { ...before.metadata, deletionTimestamp: stamp(context.now), deletionGracePeriodSeconds: grace };
  const status = isFields(before.status) ? before.status : {};
  const deleted = put(context, resource, {
    ...before,
    metadata: finalizers.length === 0 ? metadata : { ...metadata, finalizers: [...new Set(finalizers)] },
    ...(isNamespace ? { status: { ...status, phase: 'Terminating' } } : {}),
  });
  if (isForeground) foreground(context, before.metadata.uid ?? '');
  return find(context.cluster, resource, nameOf(deleted)) ?? null;
}

function checkPreconditions(type: ResourceType, { metadata }: KubeObject, { uid, resourceVersion }: DeleteOptions): void {
  if (uid !== undefined && uid !== metadata.uid) {
    throw conflicts(
      type,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw conflicts(
      type,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
