import { setTimeout as delay } from 'node:timers/promises';
import { type Category, exitStatus } from '../../steps/kit/errors.ts';
import { killTree } from '../stages/kill-tree.ts';
import { type Ended, type Place, startPhase, type Turn } from '../stages/step-turn.ts';
import type { FaultResult } from './play-case.ts';

/** After so long a phase counts as hung: its longest wait is over many times by then. */
const LONGEST_MILLISECONDS = 300_000;

/** Runs one phase of a step; one that hangs is killed with all that it started. */
export async function phaseWithin(place: Place, turn: Turn, phase: 'plan' | 'apply'): Promise<Ended> {
  const { pid, ended } = startPhase(place, turn, phase);
  const over = new AbortController();
  const limit = delay(LONGEST_MILLISECONDS, undefined, { signal: over.signal }).then(
    () => killTree(pid),
    () => undefined,
  );
  try {
    return await ended;
  } finally {
    over.abort();
    await limit;
  }
}

/** The ending that an exit status stands for. */
export function endingOf({ status, signal }: Pick<Ended, 'status' | 'signal'>): FaultResult['ending'] {
  if (signal !== null) return 'hang';
  if (status === 0) return 'ok';
  const found = Object.entries(exitStatus).find(([, number]) => number === status);
  return (found?.[0] as Category | undefined) ?? 'unknown';
}

/** The end of what a step said, in one line. */
export function lastWords({ said }: Pick<Ended, 'said'>): string {
  const text = said.trim().split('\n').slice(-4).join(' | ');
  return text.length > 600 ? `…${text.slice(-600)}` : text;
}
