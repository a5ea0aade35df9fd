import { isDeepStrictEqual } from 'node:util';
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { patchText } from './patch-text.ts';
import type { Edit } from './splice.ts';
import { entriesText, flowText, itemText, otherInYaml11, type Quotes, scalarText } from './yaml-text.ts';

/**
 * What to do where a value is shared by an alias or a merge key. `follow`: change it at its anchor alone, right when all that share it
 * change alike. `expand`: write it out where it must differ.
 */
export type Sharing = 'follow' | 'expand';

interface Patch {
  readonly sharing: Sharing;
  readonly source: string;
  readonly eol: string;
  readonly document: Document;
  readonly edits: Edit[];
  /** The nodes that are changed, or in which something is: aliases of them have to keep what they stood for. */
  readonly touched: Set<unknown>;
}

/**
 * The smallest edits of a text that turn a document's value into another one. Comments, quotes, key order, anchors and line ends of
 * everything else stay as they are. New entries come first in their map or list. Throws `input-invalid` where the text can't be changed in
 * place without touching more than was asked for.
 */
export function patchDocument(
  source: string,
  document: Document,
  { before, after }: { readonly before: Json; readonly after: Json },
  sharing: Sharing,
): Edit[] {
  const patch: Patch = { source, document, sharing, eol: source.includes('\r\n') ? '\r\n' : '\n', edits: [], touched: new Set() };
  change(patch, document.contents, before, after);
  if (sharing === 'expand') expandAliases(patch);
  return patch.edits;
}

function change(patch: Patch, node: unknown, before: Json, after: Json): void {
  if (isDeepStrictEqual(before, after)) return;
  patch.touched.add(node);
  if (isMap(node) && isJsonObject(before) && isJsonObject(after)) changeMap(patch, node, before, after);
  else if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) changeList(patch, node, before, after);
  else if (isAlias(node)) changeAlias(patch, node, after);
  else if (isScalar(node)) changeScalar(patch, node, before, after);
  else throw unsupported('a value of this form cannot be changed in place');
}

function changeAlias(patch: Patch, alias: Alias, after: Json): void {
  if (patch.sharing === 'follow') return;
  requireReproducible(patch, alias.resolve(patch.document));
  replace(patch, alias, flowText(after));
}

function changeScalar(patch: Patch, node: Scalar, before: Json, after: Json): void {
  const inside = typeof before === 'string' && typeof after === 'string' ? patchText(patch.source, node, before, after) : null;
  if (inside !== null) {
    patch.edits.push(...inside);
    return;
  }
  const [start, end] = rangeOf(node);
  const text = typeof after === 'string' ? scalarText(after, quotesOf(node)) : flowText(after);
  // Nothing written after the colon: the value needs its own space, and one before a comment.
  const space = (needed: boolean): string => (needed && start === end ? ' ' : '');
  patch.edits.push({ start, end, text: `${space(patch.source[start - 1] === ':')}${text}${space(patch.source[end] === '#')}` });
}

function quotesOf(node: Scalar): Quotes {
  if (node.type === 'QUOTE_SINGLE') return 'single';
  return node.type === 'QUOTE_DOUBLE' ? 'double' : 'plain';
}

function changeMap(patch: Patch, map: YAMLMap, before: JsonObject, after: JsonObject): void {
  const gone = Object.keys(before).filter((key) => !(key in after));
  const added = Object.keys(after).filter((key) => !(key in before));
  const [oldKey, newKey] = [gone[0], added[0]];
  const renamed = gone.length === 1 && added.length === 1 && oldKey !== undefined && newKey !== undefined ? pairOf(map, oldKey) : undefined;
  if (renamed !== undefined && newKey !== undefined && oldKey !== undefined) {
    changeScalarKey(patch, renamed, newKey);
    change(patch, renamed.value, before[oldKey] ?? null, after[newKey] ?? null);
  } else {
    for (const key of gone) remove(patch, map, key);
  }
  const entries: Record<string, Json> = {};
  for (const [key, value] of Object.entries(after)) {
    if (key === newKey && renamed !== undefined) continue;
    const pair = pairOf(map, key);
    // An entry that a merge key brought in is overridden by one of the map's own.
    if (pair === undefined && !isDeepStrictEqual(before[key], value)) {
      if (key in before && patch.sharing === 'follow') continue;
      if (key in before) requireAllReproducible(patch);
      entries[key] = value;
    }
    if (pair !== undefined && key in before) change(patch, pair.value, before[key] ?? null, value);
  }
  if (Object.keys(entries).length > 0) patch.edits.push(newEntries(patch, map, entries));
}

function changeScalarKey(patch: Patch, pair: Pair, key: string): void {
  if (!isScalar(pair.key)) throw unsupported('a key of this form cannot be changed in place');
  patch.touched.add(pair.key);
  replace(patch, pair.key, scalarText(key, quotesOf(pair.key)));
}

function changeList(patch: Patch, list: YAMLSeq, before: readonly Json[], after: readonly Json[]): void {
  if (after.length < before.length) {
    patch.edits.push(otherItems(patch, list, after));
    return;
  }
  const added = after.slice(0, after.length - before.length);
  for (const [index, item] of before.entries()) change(patch, list.items[index], item, after[added.length + index] ?? null);
  if (added.length > 0) patch.edits.push(newItems(patch, list, added));
}

/** A shorter list is another list: it is written anew as a whole. */
function otherItems({ source, eol }: Patch, list: YAMLSeq, items: readonly Json[]): Edit {
  const [start, end] = rangeOf(list);
  const column = columnOf(source, start);
  const text =
    list.flow === true || items.length === 0
      ? flowText(items)
      : items.map((item) => `- ${itemText(item, column + 2, eol)}`).join(`${eol}${' '.repeat(column)}`);
  return { start, end, text: source[end - 1] === '\n' ? `${text}${eol}` : text };
}

/** New items, before the first one there is. */
function newItems({ source, eol }: Patch, list: YAMLSeq, added: readonly Json[]): Edit {
  const [start, end] = rangeOf(list);
  if (list.items.length === 0) return { start, end, text: flowText(added) };
  if (list.flow === true) return { start: start + 1, end: start + 1, text: added.map((item) => `${flowText(item)}, `).join('') };
  const column = columnOf(source, start);
  return { start, end: start, text: added.map((item) => `- ${itemText(item, column + 2, eol)}${eol}${' '.repeat(column)}`).join('') };
}

/** New entries, before the first one there is. */
function newEntries({ source, eol }: Patch, map: YAMLMap, entries: Record<string, Json>): Edit {
  const [start, end] = rangeOf(map);
  const [first] = map.items;
  if (first === undefined) return { start, end, text: flowText(entries) };
  if (map.flow === true) {
    const inside = `${flowText(entries).slice(1, -1)},`;
    const next = source[start + 1] ?? '';
    return { start: start + 1, end: start + 1, text: next === ' ' ? ` ${inside}` : `${inside}${/[\r\n]/.test(next) ? '' : ' '}` };
  }
  const at = keyStart(first);
  const column = columnOf(source, at);
  return { start: at, end: at, text: `${entriesText(entries, column, eol)}${eol}${' '.repeat(column)}` };
}

function remove(patch: Patch, map: YAMLMap, key: string): void {
  const index = map.items.findIndex((pair) => keyOf(pair) === key);
  const pair = map.items[index];
  if (pair === undefined) throw unsupported(`${key} comes in through a merge key and cannot be removed in place`);
  patch.touched.add(pair.value);
  patch.edits.push(removal(patch.source, map, index, pair));
}

/** A whole line where the entry has one, else the entry with the comma that goes with it. */
function removal(source: string, map: YAMLMap, index: number, pair: Pair): Edit {
  const start = keyStart(pair);
  const valueEnd = isNode(pair.value) ? rangeOf(pair.value)[1] : rangeOf(pair.key as Node)[1];
  const lineStart = source.lastIndexOf('\n', start - 1) + 1;
  if (map.flow !== true && source.slice(lineStart, start).trim() === '') {
    const lineEnd = source.indexOf('\n', valueEnd - 1);
    return { start: lineStart, end: lineEnd === -1 ? source.length : lineEnd + 1, text: '' };
  }
  const next = map.items[index + 1];
  if (next !== undefined) return { start, end: keyStart(next), text: '' };
  const previous = map.items[index - 1]?.value;
  if (!isNode(previous)) throw unsupported('the only entry of a map cannot be removed in place');
  return { start: rangeOf(previous)[1], end: valueEnd, text: '' };
}

/** What an alias stands for must not change along with its anchor: it gets the value itself. */
function expandAliases(patch: Patch): void {
  const { document } = patch;
  const anchored = new Map<Alias, Node>();
  visit(document, {
    Alias: (_, alias) => {
      const target = alias.resolve(document);
      if (target !== undefined && !patch.touched.has(alias)) anchored.set(alias, target);
    },
  });
  for (const [alias, target] of anchored) {
    if (!patch.touched.has(target)) continue;
    const [start, end] = rangeOf(target);
    const inline = isScalar(target) && target.type !== 'BLOCK_LITERAL' && target.type !== 'BLOCK_FOLDED';
    if (!inline) requireReproducible(patch, target);
    replace(patch, alias, inline ? patch.source.slice(start, end) : flowText(target.toJS(document) as Json));
  }
}

/**
 * Writing a shared value out again must not change what Argo CD (YAML 1.1) reads: 1.10, 0755 or `yes` would come out otherwise. Refused
 * rather than guessed.
 */
function requireReproducible({ source }: Patch, shared: Node | undefined): void {
  if (shared === undefined || !isCollection(shared)) return;
  visit(shared, {
    Scalar(_, scalar) {
      const [start, end] = rangeOf(scalar);
      const text = source.slice(start, end);
      // A merge key is written out as what it merges.
      if (scalar.type !== 'PLAIN' || text === '<<') return;
      const same = typeof scalar.value === 'string' ? !otherInYaml11.test(scalar.value) : JSON.stringify(scalar.value) === text;
      if (!same) throw unsupported(`the anchored value &${shared.anchor ?? ''} holds ${text}, which can't be written out again safely`);
    },
  });
}

/** What a merge key brought in can't be told from its own anchor, so every anchor has to be safe. */
function requireAllReproducible(patch: Patch): void {
  visit(patch.document, {
    Collection(_, shared) {
      if (shared.anchor !== undefined) requireReproducible(patch, shared);
    },
  });
}

function replace(patch: Patch, node: Node, text: string): void {
  const [start, end] = rangeOf(node);
  patch.edits.push({ start, end, text });
}

function rangeOf(node: Node): readonly [number, number] {
  if (node.range === undefined || node.range === null) throw unsupported('a value has no place in the text');
  return [node.range[0], node.range[1]];
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyOf(pair) === key);
}

function keyOf(pair: unknown): string | undefined {
  return isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function keyStart(pair: Pair): number {
  if (!isNode(pair.key)) throw unsupported('a key of this form cannot be found in the text');
  return rangeOf(pair.key)[0];
}

function unsupported(message: string): EksDrError {
  return new EksDrError('input-invalid', { message });
}

function columnOf(source: string, offset: number): number {
  return offset - (source.lastIndexOf('\n', offset - 1) + 1);
}
