import { isDeepStrictEqual } from 'node:util';
import { type Document, parseAllDocuments } from 'yaml';
import { EksDrError } from '../kit/errors.ts';
import type { Json } from '../kit/json.ts';
import { patchDocument } from './patch-document.ts';
import { splice } from './splice.ts';

const yamlOptions = { merge: true, prettyErrors: false, uniqueKeys: true, logLevel: 'silent' } as const;

/** The documents of a text, broken ones too: their `errors` say what is wrong. */
export function parseYaml(text: string): Document.Parsed[] {
  const documents = [...parseAllDocuments(text, yamlOptions)];
  // Lines are counted for those who read of an error; counting them always takes a fifth of the time.
  return documents.some(({ errors }) => errors.length > 0)
    ? [...parseAllDocuments(text, { ...yamlOptions, prettyErrors: true })]
    : documents;
}

/** One document within the text of a file: `before` is its value, `start` and `end` are offsets. */
export interface Part {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly document: Document.Parsed;
  readonly before: Json;
}

/**
 * The text of one document with another value: only what differs is edited. Reading it must give exactly what was meant, or nothing is
 * written. Throws `input-invalid` where that can't be done in place.
 */
export function rewrite({ text, start, end, document, before }: Part, after: Json): string {
  const original = text.slice(start, end);
  if (isDeepStrictEqual(before, after)) return original;
  for (const sharing of ['follow', 'expand'] as const) {
    const edits = patchDocument(text, document, { before, after }, sharing);
    const result = splice(
      original,
      edits.map((one) => ({ ...one, start: one.start - start, end: one.end - start })),
    );
    const read = parseYaml(result);
    if (read.length === 1 && read[0]?.errors.length === 0 && isDeepStrictEqual(read[0].toJS(), after)) return result;
  }
  throw new EksDrError('input-invalid', { message: 'its style (anchors, merge keys, unusual quoting) cannot be changed in place' });
}

/** A text that holds YAML itself, such as Helm values, with another value; null where it holds anything else. Throws as `rewrite` does. */
export function rewriteText(text: string, change: (value: Json) => Json): string | null {
  const [document, ...others] = parseYaml(text);
  if (document === undefined || others.length > 0 || document.errors.length > 0) return null;
  const before = readValue(document);
  if (typeof before !== 'object' || before === null) return null;
  return rewrite({ text, start: 0, end: text.length, document, before }, change(before));
}

/** The value of a document. */
export function readValue(document: Document.Parsed): Json {
  return document.toJS({ maxAliasCount: 1000 }) as Json;
}
