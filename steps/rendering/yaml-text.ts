import type { Json } from '../kit/json.ts';
import { isJsonObject } from '../kit/json.ts';

export type Quotes = 'plain' | 'single' | 'double';

// Words that YAML 1.1, which Argo CD reads, takes for something else than text.
const notText = /^(y|n|yes|no|on|off|true|false|null)$/i;

// Text to YAML 1.2, but to YAML 1.1 a boolean, an octal, binary, sexagesimal or underscored number, or a date.
export const otherInYaml11 =
  /^(y|n|yes|no|on|off|[-+]?(0[0-7_]+|0b[01_]+|\d[\d_]*(\.[\d_]*)?|\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?)|\d{4}-\d\d?-\d\d?([Tt ].*)?)$/i;

const number = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$|^0[xo][\da-f]+$|^[-+]?\.(inf|nan)$/i;

/** Whether a word means itself without quotes, to readers of YAML 1.1 and 1.2 alike, in block and flow style. */
export function isPlainText(word: string): boolean {
  return (
    /^[$A-Za-z0-9_./](?:[\w$./@=+-]|:(?=[\w./-]))*$/.test(word) && !notText.test(word) && !otherInYaml11.test(word) && !number.test(word)
  );
}

/** A string as YAML, in the quotes asked for; plain only where no reader can mistake it. */
export function scalarText(value: string, quotes: Quotes): string {
  if (quotes === 'single' && !/[\n\r\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  if (quotes === 'plain' && isPlainText(value)) return value;
  return JSON.stringify(value);
}

/** Any value on one line: JSON, which is YAML too. With spaces, as people write flow style. */
export function flowText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => flowText(item)).join(', ')}]`;
  if (isJsonObject(value)) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${flowText(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** A value in block style, to stand after `key:`; its further lines are indented deeper than `column`. */
function blockText(value: Json, column: number, eol: string): string {
  const indent = ' '.repeat(column + 2);
  if (Array.isArray(value) && value.length > 0)
    return value.map((item: Json) => `${eol}${indent}- ${itemText(item, column + 4, eol)}`).join('');
  if (isJsonObject(value) && Object.keys(value).length > 0) return `${eol}${indent}${entriesText(value, column + 2, eol)}`;
  return ` ${typeof value === 'string' ? scalarText(value, 'plain') : flowText(value)}`;
}

/** The entries of a map, the first without its indentation. */
export function entriesText(map: { readonly [key: string]: Json }, column: number, eol: string): string {
  return Object.entries(map)
    .map(([key, value]) => `${scalarText(key, 'plain')}:${blockText(value, column, eol)}`)
    .join(`${eol}${' '.repeat(column)}`);
}

/** An item of a list, to stand after `- `, whose further lines stand at `column`. */
export function itemText(item: Json, column: number, eol: string): string {
  if (isJsonObject(item) && Object.keys(item).length > 0) return entriesText(item, column, eol);
  return typeof item === 'string' ? scalarText(item, 'plain') : flowText(item);
}
