import type { Source } from './application.ts';
import { isObject, type JsonObject } from './json.ts';
import { parseMapping } from './yaml.ts';

/** A source with the files of its folder that override it on top, one after the other: merge patches that can't move it elsewhere. */
export function overridden(source: Source, files: readonly (Buffer | null)[]): { readonly source: Source } | { readonly problem: string } {
  try {
    const merged = files.reduce<JsonObject>(
      (sum, file) => (file === null ? sum : mergePatch(sum, parseMapping(file.toString('utf8')))),
      source as unknown as JsonObject,
    );
    const { repoURL, targetRevision, path, chart } = source;
    const place = Object.entries({ repoURL, targetRevision, path, chart }).filter(([, value]) => value !== undefined);
    const { repoURL: _url, targetRevision: _revision, path: _path, chart: _chart, ...rest } = merged;
    return { source: { ...rest, ...Object.fromEntries(place) } as unknown as Source };
  } catch (thrown) {
    return { problem: `failed to unmarshal overrides: ${(thrown as Error).message}` };
  }
}

/** RFC 7396. */
function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const below = result[key];
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? mergePatch(isObject(below) ? below : {}, value) : value;
  }
  return result;
}
