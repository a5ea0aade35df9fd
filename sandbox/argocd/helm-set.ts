import { isObject, type JsonObject } from './json.ts';

/** Merges values as Helm does: maps deeply, everything else replaced; null takes a default away. */
export function mergeValues(base: JsonObject, over: JsonObject): JsonObject {
  const result: JsonObject = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = result[name];
    if (value === null) delete result[name];
    else result[name] = isObject(below) && isObject(value) ? mergeValues(below, value) : value;
  }
  return result;
}

/** `--set a.b[0].c=value`: dots and brackets make the path, `\.` is a dot in a name. `--set-string` keeps the text. */
export function setValue(values: JsonObject, name: string, text: string, asString: boolean): JsonObject {
  const path = name.split(/(?<!\\)\./).flatMap((part) => {
    const [key = '', ...indexes] = part.split('[');
    return [key.replaceAll('\\.', '.'), ...indexes.map((index) => Number(index.replace(']', '')))];
  });
  return placed(values, path, asString ? text : typed(text)) as JsonObject;
}

function placed(container: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number') {
    const list = Array.isArray(container) ? [...(container as unknown[])] : [];
    list[key] = placed(list[key], rest, value);
    return list;
  }
  const object = isObject(container) ? container : {};
  return { ...object, [key]: placed(object[key], rest, value) };
}

function typed(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  return /^(0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}
