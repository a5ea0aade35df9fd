import type { Deviation, Referee } from './contract.ts';
import { ANSWERED } from './refusal.ts';

type Deviations = Partial<Record<Referee, Deviation>>;

/** The mistake of one or several referees that answer where they must refuse by the documentation at `source`. */
export function takenBy(who: Referee | readonly Referee[], source: string, instead = 'It takes it.'): Deviations {
  const deviation: Deviation = { instead, seen: ANSWERED, source };
  return Object.fromEntries([who].flat().map((referee) => [referee, deviation]));
}
