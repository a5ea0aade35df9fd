import { isJsonObject, type Json } from '../kit/json.ts';
import { rewriteText } from './rewrite.ts';
import type { Translator } from './translate-text.ts';

/**
 * Translates every text of a value, at any depth; of texts that hold YAML themselves (Helm values) what they hold, so that their comments
 * stay. Keys stay as they are.
 */
export function translate(value: Json, translator: Translator): Json {
  if (typeof value === 'string') return inText(value, translator);
  if (typeof value === 'number') return inNumber(value, translator);
  if (Array.isArray(value)) return value.map((item: Json) => translate(item, translator));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, translate(item, translator)]));
}

function inText(text: string, translator: Translator): string {
  const plain = translator(text);
  if (plain === text || !text.includes('\n')) return plain;
  return rewriteText(text, (value) => translate(value, translator)) ?? plain;
}

/** An account id without quotes is a number to YAML. */
function inNumber(value: number, translator: Translator): Json {
  const [before, after] = [String(value), translator(String(value))];
  if (before === after) return value;
  return String(Number(after)) === after ? Number(after) : after;
}
