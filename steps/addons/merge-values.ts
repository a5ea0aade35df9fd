import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/**
 * Values with others on top, as Helm puts one file over another: objects key by key, everything else is replaced. A null stays and tells
 * Helm to drop the chart's own default.
 */
export function mergeValues(values: JsonObject, over: JsonObject): JsonObject {
  const merged = Object.entries(over).map(([key, value]): [string, Json] => {
    const below = values[key];
    return [key, below !== undefined && isJsonObject(below) && isJsonObject(value) ? mergeValues(below, value) : value];
  });
  return { ...values, ...Object.fromEntries(merged) };
}
