import type { Change, Resource } from '../kit/resource.ts';
import { argocdApplicationAlone } from '../resources/argocd-application.ts';

/** An application that this run made, deleted without the cluster's help. */
export function deletedAlone(application: Resource): Resource {
  return application.desired === null ? { ...application, kind: argocdApplicationAlone.kind } : application;
}

/** The way back of the changes of these kinds: each thing as it was before, last one first. */
export function takenBack(applied: readonly Change[], kinds: readonly string[]): Resource[] {
  return applied
    .filter(({ kind }) => kinds.includes(kind))
    .toReversed()
    .map(({ kind, id, before }) => ({ kind, id, desired: before }));
}
