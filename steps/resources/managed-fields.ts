import { isJsonObject, type Json, type JsonObject, sameJson } from '../kit/json.ts';

/**
 * The part of a live object that a field manager owns, cut out by its FieldsV1 set: `f:<name>` is a field, `k:{...}` the list
 * item with these keys, `v:<json>` a member of a set, `.` the thing itself. An empty set owns the whole value.
 * Rules: sigs.k8s.io/structured-merge-diff, fieldpath serialisation. Undefined: nothing of it is there.
 */
export function ownedPart(live: Json | undefined, fields: Json | undefined): Json | undefined {
  if (live === undefined || !isJsonObject(fields)) return undefined;
  const entries = Object.entries(fields).filter(([key]) => key !== '.');
  if (entries.length === 0) return live;
  if (Array.isArray(live)) return ownedItems(live, entries);
  if (isJsonObject(live)) return ownedMembers(live, entries);
  return live;
}

function ownedMembers(live: JsonObject, entries: readonly (readonly [string, Json])[]): JsonObject {
  const owned: Record<string, Json> = {};
  for (const [key, inner] of entries) {
    if (!key.startsWith('f:')) continue;
    const name = key.slice(2);
    const part = ownedPart(live[name], inner);
    if (part !== undefined) owned[name] = part;
  }
  return owned;
}

function ownedItems(live: readonly Json[], entries: readonly (readonly [string, Json])[]): Json[] {
  return live.flatMap((item): Json[] => {
    for (const [key, inner] of entries) {
      if (key.startsWith('v:') && sameJson(JSON.parse(key.slice(2)), item)) return [item];
      if (!key.startsWith('k:') || !isJsonObject(item)) continue;
      const keys = JSON.parse(key.slice(2)) as JsonObject;
      if (Object.entries(keys).every(([name, value]) => sameJson(item[name], value))) return [ownedPart(item, inner) ?? {}];
    }
    return [];
  });
}
