import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';

/**
 * A spec without what the server adds or leaves out by itself: nulls, empty texts, lists and objects (Argo CD gives `jsonnet: {}` back for
 * every directory source). An empty `automated` stays: it switches automated sync on. So do the values of a chart, which Argo CD keeps as
 * they are: to Helm, an empty list or a null says that the chart's own default shall not hold.
 */
export function canonicalSpec(spec: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(spec).flatMap(([key, value]): [string, Json][] => {
      const clean = key === 'valuesObject' ? value : canonicalValue(value);
      return isEmpty(clean) && key !== 'automated' ? [] : [[key, clean]];
    }),
  );
}

function canonicalValue(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => canonicalValue(item));
  return isJsonObject(value) ? canonicalSpec(value) : value;
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
