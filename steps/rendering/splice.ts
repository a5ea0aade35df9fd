/** Replaces the characters from `start` to `end` (offsets in the text before any edit). */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits that don't overlap. At one place, insertions come before a replacement. */
export function splice(source: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < position) throw new RangeError(`edits overlap at ${start}`);
    result += source.slice(position, start) + text;
    position = end;
  }
  return result + source.slice(position);
}
