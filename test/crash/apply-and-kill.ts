import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEffect } from '../../sandbox/faults.ts';
import { kill, killTree } from '../stages/kill-tree.ts';
import type { ServedWorld } from '../stages/served-world.ts';
import { type Ended, startPhase, type Turn } from '../stages/step-turn.ts';
import type { How, KillPoint } from './kill-point.ts';

const WATCH_MILLISECONDS = 2;
/** How long the request of an orphan is held up, so that the step dies first: in seconds of the sandbox. */
const HELD_SECONDS = 60;

const effects: Readonly<Record<How, FaultEffect>> = {
  before: 'hang-before',
  after: 'hang-after',
  alone: { delaySeconds: HELD_SECONDS },
};

/** Applies the approved plan and kills the step at the given point. `reached: false`: it ended by itself, without such a request. */
export async function applyAndKill(
  { place, running }: Pick<ServedWorld, 'place' | 'running'>,
  turn: Turn,
  point: KillPoint,
): Promise<{ readonly reached: boolean; readonly ended: Ended }> {
  const { system, operation, nth, number, how } = point;
  running.requests.clear();
  const fault = running.faults.add({ system, operation, mutating: number > 0, nth, effect: effects[how] });
  const handled = (): boolean => {
    const alike = running.requests.list().filter((request) => request.system === system && request.operation === operation);
    return (alike[nth - 1]?.status ?? null) !== null;
  };
  const reached = (): boolean => fault.applied > 0 && (how !== 'after' || handled());

  const { pid, ended } = startPhase(place, turn, 'apply');
  let over = false;
  const watched = ended.finally(() => {
    over = true;
  });
  while (!over && !reached()) await delay(WATCH_MILLISECONDS);
  if (!over && how === 'alone') kill(pid);
  if (!over && how !== 'alone') await killTree(pid);
  const end = await watched;
  running.faults.clear();
  return { reached: fault.applied > 0, ended: end };
}
