import { groupBy } from '../kit/keys.ts';
import { compareText } from '../kit/text.ts';
import type { TextFile } from '../rendering/text-file.ts';
import type { PrimaryLiteral } from './primary-literals.ts';

/** A place that still names the primary. */
export interface LiteralFinding {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: PrimaryLiteral['kind'];
  readonly literal: string;
  /** Why it may stay; null: somebody should look at it. */
  readonly reason: string | null;
}

interface Allowed {
  readonly literal: string;
  readonly files?: readonly string[] | undefined;
  readonly reason: string;
}

interface Scan {
  readonly literals: readonly PrimaryLiteral[];
  readonly allowed: readonly Allowed[];
  /** Words of the new place that look like those of the old one: ids that a translation has put in. */
  readonly own: ReadonlySet<string>;
}

/** Every place of these texts that names the primary, but for comments. Of overlapping literals the one that stands first in the list counts. */
export function scanLiterals(files: readonly TextFile[], { literals, allowed, own }: Scan): LiteralFinding[] {
  if (literals.length === 0) return [];
  const pattern = new RegExp(literals.map((one) => `(${one.pattern})`).join('|'), 'g');
  return files.flatMap(({ path, text }) => {
    const findings: LiteralFinding[] = [];
    let line = 1;
    let at = 0;
    for (const match of text.matchAll(pattern)) {
      const [word] = match;
      for (let next = text.indexOf('\n', at); next !== -1 && next < match.index; next = text.indexOf('\n', at)) {
        line += 1;
        at = next + 1;
      }
      if (own.has(word) || inComment(text.slice(at, match.index))) continue;
      const kind = literals[match.slice(1).findIndex((group) => group !== undefined)]?.kind ?? 'region';
      findings.push({ file: path, line, kind, literal: word, reason: reasonFor(allowed, path, word) });
    }
    return findings;
  });
}

/** The places by what is found there, the most frequent first. */
export function placesByWord(findings: readonly LiteralFinding[]): [word: string, places: LiteralFinding[]][] {
  return [...groupBy(findings, ({ literal }) => literal)].toSorted(([a, x], [b, y]) => y.length - x.length || compareText(a, b));
}

/** By what stands before it on its line. A hash inside of quotes starts none. */
function inComment(before: string): boolean {
  const outside = before.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""');
  return /(^|\s)#/.test(outside);
}

function reasonFor(allowed: readonly Allowed[], file: string, word: string): string | null {
  const found = allowed.find(
    ({ literal, files }) => literal === word && (files === undefined || files.some((one) => file === one || file.startsWith(`${one}/`))),
  );
  return found?.reason ?? null;
}
