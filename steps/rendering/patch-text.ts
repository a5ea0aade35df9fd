import { isScalar, type Node, type Scalar } from 'yaml';
import type { Edit } from './splice.ts';
import { isPlainText } from './yaml-text.ts';

interface Written {
  readonly source: string;
  readonly eol: string;
  readonly start: number;
  readonly end: number;
  readonly type: Scalar['type'];
}

/**
 * Edits inside the text of a scalar that make its value `after`, where they can be found without writing it anew: word by word, or, in a block
 * (`|`), line by line. Null where it can't be told, such as words in quotes that need escaping.
 */
export function patchText(source: string, node: Node, before: string, after: string): Edit[] | null {
  if (!isScalar(node) || node.range === undefined || node.range === null) return null;
  const [start, end] = node.range;
  const written = { source, eol: source.includes('\r\n') ? '\r\n' : '\n', start, end, type: node.type };
  return byWords(written, before, after) ?? (node.type === 'BLOCK_LITERAL' ? byLines(written, before, after) : null);
}

/** Where only words differ: folding and indentation change the space between words alone. */
function byWords({ source, start, end, type }: Written, before: string, after: string): Edit[] | null {
  const [old, fresh] = [before.split(/\s+/), after.split(/\s+/)];
  if (old.length !== fresh.length) return null;
  const edits: Edit[] = [];
  // The header of a block is none of its text.
  let at = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED' ? source.indexOf('\n', start) + 1 : start;
  for (const [index, word] of old.entries()) {
    const found = source.indexOf(word, at);
    if (found === -1 || found + word.length > end) return null;
    const replacement = fresh[index] ?? '';
    if (replacement !== word) {
      if (!mayStand(replacement, word, type, old.length > 1)) return null;
      edits.push({ start: found, end: found + word.length, text: replacement });
    }
    at = found + word.length;
  }
  return edits;
}

function mayStand(word: string, old: string, type: Scalar['type'], amongOthers: boolean): boolean {
  if (word === '' || old === '') return false;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return true;
  if (type === 'QUOTE_SINGLE') return !`${word}${old}`.includes("'");
  if (type === 'QUOTE_DOUBLE') return !/["\\]/.test(`${word}${old}`);
  return amongOthers ? /^[\w./@=+-]+$/.test(word) : isPlainText(word);
}

/** The lines of a block: each that differs where there are as many, else all between the first and the last that do. */
function byLines(written: Written, before: string, after: string): Edit[] | null {
  const { source, eol } = written;
  const body = bodyOf(written, before);
  if (body === null || !before.endsWith('\n') || !after.endsWith('\n')) return null;
  const [old, fresh] = [before.split('\n').slice(0, -1), after.split('\n').slice(0, -1)];
  const first = old.findIndex((line, index) => line !== fresh[index]);
  const from = first === -1 ? old.length : first;
  let alike = 0;
  while (alike < Math.min(old.length, fresh.length) - from && old[old.length - 1 - alike] === fresh[fresh.length - 1 - alike]) alike += 1;
  const indent = ' '.repeat(body.indent);
  const added = fresh.slice(from, fresh.length - alike).map((line) => `${line === '' ? '' : `${indent}${line}`}${eol}`);
  const [start, end] = [body.starts[from], body.starts[old.length - alike]];
  if (start === undefined || end === undefined) return null;
  // The last line of a file may lack its end.
  return [{ start, end, text: end === source.length && !source.endsWith('\n') ? added.join('').slice(0, -eol.length) : added.join('') }];
}

/** Where the lines of a block start, and how deep they stand; null where the text isn't what the value says. */
function bodyOf({ source, start, end }: Written, value: string): { readonly indent: number; readonly starts: readonly number[] } | null {
  const lines = value.split('\n').slice(0, -1);
  const starts: number[] = [];
  let indent: number | null = null;
  let at = source.indexOf('\n', start) + 1;
  for (const line of lines) {
    if (at === 0 || at > end) return null;
    const next = source.indexOf('\n', at);
    const text = source.slice(at, next === -1 ? source.length : next).replace(/\r$/, '');
    if (line !== '') indent ??= text.length - line.length;
    if (line === '' ? text.trim() !== '' : text.slice(indent ?? 0) !== line) return null;
    starts.push(at);
    at = next === -1 ? source.length : next + 1;
  }
  return indent === null || indent < 0 ? null : { indent, starts: [...starts, at] };
}
