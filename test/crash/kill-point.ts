import type { LoggedRequest } from '../../sandbox/request-log.ts';
import { shareOf } from '../stages/share-of.ts';
import type { Turn } from '../stages/step-turn.ts';
import { randomFrom } from './started-drill.ts';

/**
 * When a kill comes, and whom it hits. `before`, `after`: everything dies while the request is still unhandled, or handled but unanswered.
 * `alone`: the step dies with the request under way; the programs that it started live on.
 */
export type How = 'before' | 'after' | 'alone';

/** One moment in the apply of a step at which it can be killed: at the `nth` of the requests with that operation. */
export interface KillPoint {
  readonly system: string;
  readonly operation: string;
  readonly nth: number;
  /** Its place among all mutating requests of the undisturbed apply, from 1; 0: it only reads. */
  readonly number: number;
  readonly how: How;
}

/** How many reads of a step that changes nothing are hit. */
const READS = 2;
/** Of the requests of a program, at one in so many the step dies alone. */
const ALONE = 3;
/** So many requests of one operation in a stage are each hit; of more, some. */
const ALIKE = 4;

/**
 * Right before and right after every request. Of a step with programs, whose requests are theirs: everything at once right before every
 * second one and right after the others, and the step alone at every third (such a story takes seconds: many processes start).
 */
export function killPointsOf(requests: readonly LoggedRequest[], programs: boolean): KillPoint[] {
  const seen = new Map<string, number>();
  return requests.flatMap(({ system, operation }, index) => {
    const nth = (seen.get(`${system} ${operation}`) ?? 0) + 1;
    seen.set(`${system} ${operation}`, nth);
    const both: readonly How[] = ['before', 'after'];
    const whole: How = index % 2 === 0 ? 'before' : 'after';
    const hows = !programs ? both : index % ALONE === 0 ? [whole, 'alone' as const] : [whole];
    return hows.map((how): KillPoint => ({ system, operation, nth, number: index + 1, how }));
  });
}

/**
 * Of an operation that a stage repeats often, the first request, the last one, and one between that the seed picks: the loop is the same at
 * each of them. Of one that it repeats at all, every other request is hit right before it and the rest right after. Run after run all have
 * their turn.
 */
export function someOfAlike(points: readonly KillPoint[], seed: number): KillPoint[] {
  const counts = new Map<string, number>();
  const alike = ({ system, operation }: KillPoint): string => `${system} ${operation}`;
  for (const point of points) counts.set(alike(point), Math.max(point.nth, counts.get(alike(point)) ?? 0));
  return points.filter((point) => {
    const count = counts.get(alike(point)) ?? 0;
    const between = 2 + Math.floor(randomFrom(seed + count)() * (count - 2));
    if (count > ALIKE && ![1, between, count].includes(point.nth)) return false;
    return count === 1 || !isHitBothWays(points, point) || (point.how === 'before') === ((point.nth + seed) % 2 === 0);
  });
}

function isHitBothWays(points: readonly KillPoint[], { number }: KillPoint): boolean {
  const hows = points.filter((point) => point.number === number).map(({ how }) => how);
  return hows.includes('before') && hows.includes('after');
}

/** A step that changes nothing is killed while it looks around: at its first requests of any kind. */
export function readingKillPoints(): KillPoint[] {
  return Array.from(
    { length: READS },
    (_, index): KillPoint => ({ system: '*', operation: '*', nth: index + 1, number: 0, how: 'before' }),
  );
}

/** Which of several lanes has this kill point. */
export function laneOf({ system, operation, nth, how }: KillPoint, lanes: number): number {
  return shareOf([system, operation, String(nth), how], lanes);
}

export function killPointText({ system, operation, nth, number, how }: KillPoint): string {
  if (number === 0) return `at request ${nth} of any kind`;
  const where = `request ${number}, ${system} ${operation} (${nth})`;
  return how === 'alone' ? `alone at ${where}` : `right ${how} ${where}`;
}

export function turnText({ step, direction }: Turn): string {
  return direction === 'undo' ? `${step} (undo)` : step;
}
