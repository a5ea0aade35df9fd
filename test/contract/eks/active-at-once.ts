import type { Deviation } from '../contract.ts';

/** A deviation: nothing takes its time. */
export function activeAtOnce(source: string): Deviation {
  return { instead: 'It is ACTIVE at once.', seen: /expected 'ACTIVE' to equal 'CREATING'/, source };
}
