import { steps } from '../../steps/index.ts';
import { isReadOnly } from '../../steps/kit/step.ts';
import type { Stage } from '../stages/record-stages.ts';
import type { CrashCase } from './crash-case.ts';
import { type KillPoint, killPointsOf, laneOf, readingKillPoints, someOfAlike } from './kill-point.ts';

/** Of the kills of a step with programs (they take longest), one in so many is taken back as well; of all others every one. */
const UNDONE_WITH_PROGRAMS = 6;

export interface Share {
  readonly index: number;
  readonly of: number;
  /** Every request, also of operations that a stage repeats often. */
  readonly all: boolean;
  readonly seed: number;
}

/** The kill points of every stage that fall to this lane, each once. */
export function everyCase(stages: readonly Stage[], lane: Share): CrashCase[] {
  return stages.flatMap((stage) =>
    (lane.all ? pointsOf(stage) : someOfAlike(pointsOf(stage), lane.seed))
      .filter((point) => laneOf(point, lane.of) === lane.index)
      .map((point, position) => storyOf(stage, [point], position)),
  );
}

/** Random cases, as many as wished: any stage that changes something, any of its points; `kills` of them one after the other. */
export function randomCases(stages: readonly Stage[], count: number, kills: number, random: () => number): CrashCase[] {
  const changing = stages.filter(({ requests }) => requests.length > 0);
  return Array.from({ length: count }, () => {
    const stage = pick(changing, random);
    const points = pointsOf(stage);
    return storyOf(
      stage,
      Array.from({ length: kills }, () => pick(points, random)),
      0,
    );
  });
}

function storyOf(stage: Stage, kills: readonly KillPoint[], position: number): CrashCase {
  const forgets = programsOf(stage).length > 0 && kills.some(({ how }) => how !== 'alone');
  return { stage, kills, undo: isTakenBack(stage, position), forgets };
}

/** A step that only reads is killed while it does. An apply with nothing to change asks nothing: there is no moment to kill it at. */
function pointsOf(stage: Stage): KillPoint[] {
  if (stage.requests.length > 0) return killPointsOf(stage.requests, programsOf(stage).length > 0);
  return drives(stage) ? [] : readingKillPoints();
}

function drives({ step }: Stage): boolean {
  return steps.some((each) => each.id === step && !isReadOnly(each));
}

function programsOf({ step }: Stage): readonly string[] {
  return steps.find(({ id }) => id === step)?.programs ?? [];
}

/** A step that was undone has nothing to take back, one that changes nothing neither. */
function isTakenBack(stage: Stage, position: number): boolean {
  if (stage.direction === 'undo' || !drives(stage)) return false;
  return programsOf(stage).length === 0 || position % UNDONE_WITH_PROGRAMS === 0;
}

function pick<T>(from: readonly T[], random: () => number): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error('there is nothing to pick from');
  return picked;
}
