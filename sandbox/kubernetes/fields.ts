import { isDeepStrictEqual } from 'node:util';
import { isAtomicMap, keyValue, listKind } from './list-keys.ts';
import { type Fields, type FieldsV1, isFields } from './object.ts';

/** A set of field paths as a tree. `member`: the path itself belongs to the set. Children are named as in FieldsV1. */
export interface FieldSet {
  member: boolean;
  children: Map<string, FieldSet>;
}

/** What decides how values of an object merge. */
export interface Schema {
  readonly kind: string;
  readonly builtIn: boolean;
  /** The openAPIV3Schema of a custom resource. */
  readonly custom?: unknown;
}

/** A value taken apart by one level: named parts, or none when the value is owned as a whole. */
type Parts = ReadonlyMap<string, { readonly value: unknown; readonly path: readonly string[] }> | null;

export function emptySet(): FieldSet {
  return { member: false, children: new Map() };
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

/** The parts of a value as FieldsV1 names them: `f:name`, `k:{"name":"web"}`, `v:"item"`. */
export function partsOf(schema: Schema, value: unknown, path: readonly string[]): Parts {
  if (isFields(value)) {
    if (isAtomicMap(path)) return null;
    return new Map(Object.entries(value).map(([name, part]) => [`f:${name}`, { value: part, path: [...path, name] }]));
  }
  if (!Array.isArray(value)) return null;
  const kind = listKind(schema, path, value);
  if (kind === 'atomic') return null;
  return new Map(value.map((item: unknown) => [itemName(kind, item), { value: item, path }]));
}

function itemName(kind: 'set' | { readonly keys: readonly string[] }, item: unknown): string {
  if (kind === 'set') return `v:${JSON.stringify(item)}`;
  const fields = item as Fields;
  return `k:${JSON.stringify(Object.fromEntries(kind.keys.toSorted().map((key) => [key, keyValue(fields, key)])))}`;
}

/** The fields that a configuration sets. */
export function fieldsOf(schema: Schema, value: unknown, path: readonly string[] = []): FieldSet {
  const parts = partsOf(schema, value, path);
  if (parts === null || parts.size === 0) return { member: true, children: new Map() };
  const children = new Map<string, FieldSet>();
  for (const [name, part] of parts) {
    const child = fieldsOf(schema, part.value, part.path);
    children.set(name, name.startsWith('f:') ? child : { ...child, member: true });
  }
  return { member: false, children };
}

// Fields that every object has and nobody owns.
const unowned = new Set(['f:apiVersion', 'f:kind']);
const unownedMeta = new Set(
  [
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
    'generateName',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ].map((name) => `f:${name}`),
);

/** Takes out what no manager can own. */
export function ownable(set: FieldSet): FieldSet {
  const children = new Map([...set.children].filter(([name]) => !unowned.has(name)));
  const meta = children.get('f:metadata');
  if (meta !== undefined) {
    const kept = new Map([...meta.children].filter(([name]) => !unownedMeta.has(name)));
    if (kept.size === 0) children.delete('f:metadata');
    else children.set('f:metadata', { member: false, children: kept });
  }
  return { member: false, children };
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [name, child] of b.children) {
    const other = children.get(name);
    children.set(name, other === undefined ? child : union(other, child));
  }
  return { member: a.member || b.member, children };
}

function combine(a: FieldSet, b: FieldSet | undefined, member: (a: boolean, b: boolean) => boolean): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of a.children) {
    const result = combine(child, b?.children.get(name), member);
    if (!isEmptySet(result)) children.set(name, result);
  }
  return { member: member(a.member, b?.member ?? false), children };
}

export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && !inB);
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** The part of a set below one top-level field, or everything but that. */
export function restrict(set: FieldSet, keep: (topLevel: string) => boolean): FieldSet {
  return { member: false, children: new Map([...set.children].filter(([name]) => keep(name.slice(2)))) };
}

export interface Comparison {
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** What is added or another, and what is gone, between two versions of an object. */
export function compare(schema: Schema, before: unknown, after: unknown, path: readonly string[] = []): Comparison {
  if (isDeepStrictEqual(before, after)) return { changed: emptySet(), removed: emptySet() };
  if (before === undefined) return { changed: withContainers(fieldsOf(schema, after, path)), removed: emptySet() };
  if (after === undefined) return { changed: emptySet(), removed: withContainers(fieldsOf(schema, before, path)) };
  const [old, fresh] = [partsOf(schema, before, path), partsOf(schema, after, path)];
  if (old === null || fresh === null) return { changed: { member: true, children: new Map() }, removed: emptySet() };
  const changed = emptySet();
  const removed = emptySet();
  for (const name of new Set([...old.keys(), ...fresh.keys()])) {
    const part = fresh.get(name) ?? old.get(name);
    const result = compare(schema, old.get(name)?.value, fresh.get(name)?.value, part?.path ?? path);
    if (!isEmptySet(result.changed)) changed.children.set(name, result.changed);
    if (!isEmptySet(result.removed)) removed.children.set(name, result.removed);
  }
  return { changed, removed };
}

// What is added as a whole is added with its containers.
function withContainers(set: FieldSet): FieldSet {
  return { member: true, children: new Map([...set.children].map(([name, child]) => [name, withContainers(child)])) };
}

export function toFieldsV1(set: FieldSet): FieldsV1 {
  const result: FieldsV1 = {};
  if (set.member && set.children.size > 0) result['.'] = {};
  for (const name of [...set.children.keys()].toSorted()) {
    const child = set.children.get(name);
    if (child !== undefined) result[name] = toFieldsV1(child);
  }
  return result;
}

export function fromFieldsV1(fields: FieldsV1): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [name, child] of Object.entries(fields)) if (name !== '.') children.set(name, fromFieldsV1(child));
  return { member: '.' in fields || children.size === 0, children };
}

/** The members as the API prints paths: `.spec.template.spec.containers[name="web"].image`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const own = set.member ? [prefix] : [];
  return [...own, ...[...set.children].flatMap(([name, child]) => pathsOf(child, prefix + printed(name)))];
}

function printed(name: string): string {
  const rest = name.slice(2);
  if (name.startsWith('f:')) return `.${rest}`;
  if (name.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${keys.join(',')}]`;
}
