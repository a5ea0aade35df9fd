import { EksDrError } from '../../steps/kit/errors.ts';

/** Keys and list indexes from the root of a document to a value. */
export type Path = readonly (string | number)[];

/** One mistake in an estate file, without its place: the schema and the rules know only the path. */
export interface Mistake {
  readonly path: Path;
  /** What is wrong; never the value itself where that may be a secret. */
  readonly message: string;
  /** What was probably meant. */
  readonly suggestion?: string | undefined;
  /** Whether it is about the key at the end of the path, not about the value behind it. */
  readonly aboutKey?: boolean;
}

/** A mistake with its place in the file; lines and columns count from 1. */
export interface PlacedMistake extends Mistake {
  readonly line: number;
  readonly column: number;
}

/** `targets.frankfurt.region`, `services.tiers[0].name`; keys with other characters in quotes. */
function pathText(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (/^[\w-]+$/.test(segment)) text += text === '' ? segment : `.${segment}`;
    else text += `[${JSON.stringify(segment)}]`;
  }
  return text;
}

/** One error for all mistakes of a file, in the order of the file: `file:line:col path: message (suggestion)`. */
export function estateInvalid(file: string, mistakes: readonly PlacedMistake[]): EksDrError {
  const ordered = mistakes.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const lines = [...new Set(ordered.map((mistake) => mistakeLine(file, mistake)))];
  const count = lines.length === 1 ? 'one mistake' : `${lines.length} mistakes`;
  return new EksDrError('estate-invalid', { message: `The estate has ${count}:\n${lines.join('\n')}`, target: file });
}

function mistakeLine(file: string, { line, column, path, message, suggestion }: PlacedMistake): string {
  const where = path.length === 0 ? '' : ` ${pathText(path)}`;
  const hint = suggestion === undefined ? '' : ` (${suggestion})`;
  return `${file}:${line}:${column}${where}: ${message}${hint}`;
}
