import { accepts } from './accepts.ts';
import type { Deviation, Referee } from './contract.ts';

type Deviations = Partial<Record<Referee, Deviation>>;

/** The same mistake, of one or several referees. */
export function takenBy(who: Referee | readonly Referee[], source: string, instead?: string): Deviations {
  const deviation = accepts(source, instead);
  return Object.fromEntries([who].flat().map((referee) => [referee, deviation]));
}
