import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Mistake, Path, PlacedMistake } from './mistake.ts';

/** A parsed YAML (or JSON) file that can still tell where each value stands. */
export interface Source {
  /** The plain value, anchors and merge keys resolved. Undefined when the syntax is too broken for one. */
  readonly value: unknown;
  readonly mistakes: readonly PlacedMistake[];
  place(mistake: Mistake): PlacedMistake;
  /** The place of a character of the text. */
  placeAt(offset: number): { readonly line: number; readonly column: number };
}

/** Reads a text as YAML. Mistakes of syntax are gathered, not thrown. */
export function parseSource(text: string): Source {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, merge: true });
  const placeAt = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const mistakes = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    ...placeAt(pos[0]),
    path: [],
    message: message.split('\n')[0] ?? message,
  }));
  // A key that stands twice leaves a value that is worth checking further; any other mistake of syntax does not.
  const readable = document.errors.every(({ code }) => code === 'DUPLICATE_KEY');
  const { value, problem } = readable ? plain(document) : { value: undefined, problem: undefined };
  if (problem !== undefined) mistakes.push({ line: 1, column: 1, path: [], message: problem });
  return {
    value,
    mistakes,
    placeAt,
    place: (mistake) => ({ ...mistake, ...placeAt(offsetOf(document, mistake.path, mistake.aboutKey === true)) }),
  };
}

function plain(document: Document.Parsed): { value: unknown; problem: string | undefined } {
  try {
    return { value: document.toJS(), problem: undefined };
  } catch (thrown) {
    // The package refuses aliases without anchors, and texts that unfold to an absurd size.
    return { value: undefined, problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Where the value of a path starts; the nearest thing above it that exists where it does not. */
function offsetOf(document: Document.Parsed, path: Path, aboutKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, segment] of path.entries()) {
    const last = index === path.length - 1;
    const collection: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap(collection)) {
      const pair = collection.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(segment));
      if (pair === undefined) return offset;
      const value = startOf(pair.value);
      // Anything but the last value is shown by its key: that is where the reader looks.
      offset = (last && !aboutKey && !isMap(pair.value) && !isSeq(pair.value) ? value : undefined) ?? startOf(pair.key) ?? value ?? offset;
      node = pair.value;
    } else if (isSeq(collection)) {
      node = collection.items[Number(segment)];
      offset = startOf(node) ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
