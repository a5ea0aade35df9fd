import { isJsonObject, type Json } from '../kit/json.ts';

/** By name, without the `${}`. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/**
 * Replaces `${name}` in every text and every key, after parsing, so that no value can break out of its place. What has no value stays:
 * user data in an EC2NodeClass is a script with variables of its own.
 */
export function replacePlaceholders(value: Json, values: PlaceholderValues): Json {
  if (typeof value === 'string') return replaceIn(value, values);
  if (Array.isArray(value)) return value.map((item) => replacePlaceholders(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [replaceIn(key, values), replacePlaceholders(member, values)]));
}

function replaceIn(text: string, values: PlaceholderValues): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}
