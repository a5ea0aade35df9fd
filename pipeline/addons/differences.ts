import { isJsonObject, type Json, type JsonObject, sameJson } from '../../steps/kit/json.ts';

/** A value that is not what we would have taken. `ours` is missing where we would have said nothing. */
export interface Difference {
  readonly path: readonly string[];
  readonly ours?: Json;
}

/** Where values differ from ours: objects key by key, everything else as a whole, as they were merged. What ours alone has is none. */
export function differences(values: JsonObject, ours: JsonObject, path: readonly string[] = []): Difference[] {
  return Object.entries(values).flatMap(([key, value]): Difference[] => {
    const below = ours[key];
    const here = [...path, key];
    if (below === undefined) return [{ path: here }];
    if (isJsonObject(value) && isJsonObject(below)) return differences(value, below, here);
    return sameJson(value, below) ? [] : [{ path: here, ours: below }];
  });
}
