import type { Deviation } from './contract.ts';

/** A deviation: the referee answers what it should refuse by `source`. */
export function accepts(source: string): Deviation {
  return { instead: 'It accepts it.', seen: /^Error: expected a refusal, got an answer$/, source };
}
