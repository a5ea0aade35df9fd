import { isJsonObject, type Json, type JsonObject, objectOf } from '../kit/json.ts';
import { type GitFile, gitFile, join } from './value-files.ts';

/**
 * The file beside an application's manifests by which Argo CD overrides its source, as Image Updater writes it. It goes by the name of the
 * application, so it is of no use to one that is called otherwise. Source: mergeSourceParameters in Argo CD's reposerver/repository.
 */
export function overrideFile(source: JsonObject, application: string): GitFile | null {
  const { chart, repoURL, path } = source;
  if (chart !== undefined || typeof repoURL !== 'string' || typeof path !== 'string') return null;
  return gitFile(source, join(path, `.argocd-source-${application}.yaml`));
}

/** A source with its override on top: a merge patch (RFC 7396), but for where the manifests come from. */
export function withOverride(source: JsonObject, override: JsonObject): JsonObject {
  const { chart: _chart, path: _path, repoURL: _repoURL, targetRevision: _revision, ...changes } = override;
  return mergePatch(source, changes);
}

/** A merge patch (RFC 7396): maps are merged, everything else is replaced, null removes. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const kept = Object.entries(target).filter(([key]) => patch[key] !== null);
  const changed = Object.entries(patch).flatMap(([key, value]): [string, Json][] => {
    if (value === null) return [];
    return [[key, isJsonObject(value) ? mergePatch(objectOf(target[key]), value) : value]];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(changed) };
}
