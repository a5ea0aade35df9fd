import type { Deviation, Referee } from './contract.ts';
import { ANSWERED } from './refusal.ts';

/** The mistake of a referee that answers where it must refuse by the documentation at `source`. */
export function takenBy(referee: Referee, source: string, instead = 'It takes it.'): Partial<Record<Referee, Deviation>> {
  return { [referee]: { instead, seen: ANSWERED, source } };
}
