import { isJsonObject, type Json, sameJson } from '../../steps/kit/json.ts';

/** One difference between two states: a path into them and both values as text; null where there is none. */
export interface FieldChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Every field that differs, in the order of the paths. Whole lists of plain values are one field. */
export function changedFields(before: Json, after: Json): readonly FieldChange[] {
  const from = leaves(before);
  const to = leaves(after);
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => !sameJson(from.get(path) ?? null, to.get(path) ?? null) || from.has(path) !== to.has(path))
    .toSorted()
    .map((path) => ({ path, before: textOf(from.get(path)), after: textOf(to.get(path)) }));
}

/** Every field of a state, as in a change from or to nothing. */
export function allFields(state: Json): readonly (readonly [path: string, value: string])[] {
  return [...leaves(state)].map(([path, value]) => [path, textOf(value) ?? '']);
}

function leaves(value: Json, path = '', found = new Map<string, Json>()): Map<string, Json> {
  if (value === null && path === '') return found;
  if (isJsonObject(value) && !isSecret(value)) {
    for (const [key, child] of Object.entries(value)) leaves(child, path === '' ? key : `${path}.${key}`, found);
  } else if (Array.isArray(value) && value.some((item: Json) => typeof item === 'object' && item !== null)) {
    for (const [index, child] of value.entries()) leaves(child as Json, `${path}[${index}]`, found);
  } else {
    found.set(path === '' ? '(value)' : path, value);
  }
  return found;
}

function isSecret(value: Json): boolean {
  return isJsonObject(value) && typeof value.mac === 'string' && 'ref' in value;
}

function textOf(value: Json | undefined): string | null {
  if (value === undefined) return null;
  if (isJsonObject(value) && isSecret(value))
    return `secret ${typeof value.ref === 'string' ? `from ${value.ref}` : 'as found'} (${String(value.mac).slice(0, 8)})`;
  if (typeof value === 'string') return value.includes('\n') ? `${value.split('\n').length} lines` : value;
  return JSON.stringify(value);
}
