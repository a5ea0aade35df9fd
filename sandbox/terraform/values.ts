export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
export type Attributes = { readonly [name: string]: Value };

/** A value that is known only after something else was created. */
export const unknown = Symbol('known after apply');
export type MaybeUnknown = Value | typeof unknown;
export type Wanted = { readonly [name: string]: MaybeUnknown };

/** The parts of `wanted` that are known. */
export function knownPart(wanted: Wanted): Attributes {
  return Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, Value] => entry[1] !== unknown));
}

export function isRecord(value: unknown): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An attribute as text; empty when it isn't one. */
export function textOf(attributes: Attributes, name: string): string {
  const value = attributes[name];
  return typeof value === 'string' ? value : '';
}

export function textsOf(attributes: Attributes, name: string): string[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.map(String) : [];
}

/** An attribute as a map of texts: tags. */
export function mapOf(attributes: Attributes, name: string): Record<string, string> {
  const value = attributes[name];
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}

/** The type of a value, as states and `show -json` write it. */
export function typeOf(value: Value): unknown {
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)];
  if (isRecord(value)) return ['object', Object.fromEntries(Object.entries(value).map(([name, each]) => [name, typeOf(each)]))];
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' ? 'number' : 'string';
}
