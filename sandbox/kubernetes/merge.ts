import { type FieldSet, partsOf, type Schema } from './fields.ts';
import { type Fields, isFields } from './object.ts';

/** Lays a configuration over an object: maps by field, keyed lists by item, anything else replaced. */
export function mergeValue(schema: Schema, live: unknown, applied: unknown, path: readonly string[] = []): unknown {
  const [old, fresh] = [partsOf(schema, live, path), partsOf(schema, applied, path)];
  if (old === null || fresh === null || Array.isArray(live) !== Array.isArray(applied)) return applied;
  if (isFields(live) && isFields(applied)) {
    const merged: Fields = { ...live };
    for (const [name, value] of Object.entries(applied)) merged[name] = mergeValue(schema, live[name], value, [...path, name]);
    return merged;
  }
  const items = [...old].map(([name, { value }]) => (fresh.has(name) ? mergeValue(schema, value, fresh.get(name)?.value, path) : value));
  const added = [...fresh].filter(([name]) => !old.has(name)).map(([, { value }]) => value);
  return [...items, ...added];
}

/**
 * Removes from an object what was applied before (`last`) and what nobody owns any more (`owned`).
 * A container that becomes empty goes too. Undefined: nothing is left of the value.
 */
export function prune(
  schema: Schema,
  value: unknown,
  last: FieldSet | undefined,
  owned: FieldSet | undefined,
  path: readonly string[] = [],
): unknown {
  if (last === undefined) return value;
  const parts = partsOf(schema, value, path);
  const stillOwned = owned !== undefined && (owned.member || owned.children.size > 0);
  if (last.member && !stillOwned) return undefined;
  if (parts === null || parts.size === 0) return value;
  const kept = new Map<string, unknown>();
  for (const [name, part] of parts) {
    const pruned = prune(schema, part.value, last.children.get(name), owned?.children.get(name), part.path);
    if (pruned !== undefined) kept.set(name, pruned);
  }
  if (kept.size === 0 && !stillOwned) return undefined;
  if (Array.isArray(value)) return [...kept.values()];
  return Object.fromEntries([...kept].map(([name, part]) => [name.slice(2), part]));
}
