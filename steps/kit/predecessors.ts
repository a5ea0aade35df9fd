import type { Run } from './run.ts';
import { type AnyStep, takesPart } from './step.ts';

/**
 * The ids of the steps that must have ended ok before this one: those that it names and, in place of one that has no part in this mode,
 * those that that one would have waited for.
 */
export function predecessors<E, C>(step: AnyStep<E, C>, mode: Run['mode']): string[] {
  const found = new Set<string>();
  const visit = ({ needs, after = [] }: AnyStep<E, C>): void => {
    for (const before of [...Object.values(needs), ...after]) {
      if (takesPart(before, mode)) found.add(before.id);
      else visit(before);
    }
  };
  visit(step);
  return [...found];
}
