import fc from 'fast-check';
import type { Change } from '../../../../../steps/kit/resource.ts';
import { secret } from './drivers.ts';
import type { Content, Edit } from './world.ts';

/** Which of the changes of a plan others get at, and what they make of the thing. */
export interface ChosenEdit {
  /** Counted round and round. */
  readonly change: number;
  readonly to: 'theirs' | 'gone' | 'before' | 'after';
}

export const edits: fc.Arbitrary<ChosenEdit[]> = fc.array(
  fc.record({ change: fc.nat(20), to: fc.constantFrom('theirs', 'theirs', 'gone', 'before', 'after') as fc.Arbitrary<ChosenEdit['to']> }),
  { minLength: 1, maxLength: 4 },
);

/** The edits for these changes: one for each thing at most. What a secret was before nobody can restore by its MAC. */
export function editsOf(chosen: readonly ChosenEdit[], changes: readonly Change[]): Edit[] {
  const found = new Map<Change, Edit>();
  for (const { change: position, to } of chosen) {
    const change = changes[position % Math.max(1, changes.length)];
    if (change === undefined) continue;
    const { kind, id } = change;
    const theirs: Content = { value: `theirs-${position}`, tags: [] };
    const state = to === 'before' ? change.before : change.after;
    const content = to === 'gone' ? null : to === 'theirs' || (kind === secret.kind && state !== null) ? theirs : (state as Content | null);
    found.set(change, { kind, name: id.name ?? '', content });
  }
  return [...found.values()];
}
