import { isJsonObject, type Json } from '../../kit/json.ts';

/** Stands in plans for a value that is known only after the change. */
export const UNKNOWN = '(known after apply)';

/** Stands in plans, records and logs for a value that Terraform marks as sensitive. */
export const SENSITIVE = '(sensitive)';

/**
 * Values as a plan may hold them: what the masks mark is replaced by a token, and what has no value is left out.
 * Masks have the shape of the values, `true` where they cover all below; an unknown value is missing among the values.
 */
export function maskValues(values: Json, unknown: Json, sensitive: Json): Json {
  if (sensitive === true) return SENSITIVE;
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(values) || Array.isArray(unknown)) {
    const [list, unknowns] = [asList(values), asList(unknown)];
    return Array.from({ length: Math.max(list.length, unknowns.length) }, (_, index) =>
      maskValues(list[index] ?? null, unknowns[index] ?? false, Array.isArray(sensitive) ? (sensitive[index] ?? false) : false),
    );
  }
  if (!isJsonObject(values) && !(isJsonObject(unknown) && Object.keys(unknown).length > 0)) return values;
  const [object, unknowns, sensitives] = [asObject(values), asObject(unknown), asObject(sensitive)];
  const names = [...new Set([...Object.keys(object), ...Object.keys(unknowns)])].toSorted();
  return Object.fromEntries(
    names
      .map((name): [string, Json] => [name, maskValues(object[name] ?? null, unknowns[name] ?? false, sensitives[name] ?? false)])
      .filter(([, value]) => value !== null),
  );
}

/** Every text that a mask marks as sensitive. */
export function sensitiveTexts(values: Json, sensitive: Json): string[] {
  if (sensitive === true) return textsIn(values);
  if (Array.isArray(values) && Array.isArray(sensitive))
    return values.flatMap((value: Json, index) => sensitiveTexts(value, sensitive[index] ?? false));
  if (isJsonObject(values) && isJsonObject(sensitive))
    return Object.entries(values).flatMap(([name, value]) => sensitiveTexts(value, sensitive[name] ?? false));
  return [];
}

/** Replaces every occurrence of a text: some providers copy a sensitive input to an output without its mark. */
export function scrub(values: Json, texts: ReadonlySet<string>): Json {
  if (typeof values === 'string')
    return [...texts].some((text) => values === text || (text.length >= DISTINCT && values.includes(text))) ? SENSITIVE : values;
  if (Array.isArray(values)) return values.map((value: Json) => scrub(value, texts));
  if (isJsonObject(values)) return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scrub(value, texts)]));
  return values;
}

// Shorter texts are ordinary words and numbers; from `DISTINCT` on a text is looked for inside others too.
const SHORTEST = 4;
const DISTINCT = 8;

function textsIn(values: Json): string[] {
  if (typeof values === 'string') return values.length >= SHORTEST ? [values] : [];
  if (Array.isArray(values)) return values.flatMap((value: Json) => textsIn(value));
  if (isJsonObject(values)) return Object.values(values).flatMap(textsIn);
  return [];
}

function asList(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: Json): Readonly<Record<string, Json>> {
  return isJsonObject(value) ? value : {};
}
