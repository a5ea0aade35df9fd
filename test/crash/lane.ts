import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { recordStages, type Stage } from '../stages/record-stages.ts';
import type { Speed } from '../stages/served-world.ts';
import type { Turn } from '../stages/step-turn.ts';
import type { Share } from '../stages/workers.ts';
import { everyCase, randomCases } from './choose-cases.ts';
import { type CrashCase, type CrashResult, crash } from './crash-case.ts';
import { killPointText, turnText } from './kill-point.ts';
import { randomFrom } from './started-drill.ts';

/** What a lane is to do with the stages that it records. */
export interface LaneWish {
  readonly world: 'shop' | 'small';
  /** The kill points of the lane's share, beside the random ones: all, or of many alike some. */
  readonly every: 'all' | 'some' | 'none';
  /** How many random cases are killed once, and how many twice. */
  readonly once: number;
  readonly twice: number;
  readonly seed: number;
}

/** A stage that a lane went through, with the operations that changed something. */
export interface ToldStage extends Turn {
  readonly requests: readonly string[];
}

/** What a lane tells, a line each: its stages, then what became of its cases. */
export type LaneLine = { readonly stage: ToldStage } | { readonly result: CrashResult };

const root = join(import.meta.dirname, '..', '..');
const CASE_LIMIT_MILLISECONDS = 300_000;
const speed: Speed = { steps: 60, remote: 600 };

// A recorded world comes back under its own ports, since records and objects hold addresses: so each lane has a recording of its own.
await runLane(JSON.parse(process.argv[2] ?? '') as Share<LaneWish>);

async function runLane({ index, of, wish }: Share<LaneWish>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'eks-dr-crash-'));
  try {
    const stages = await recordStages({ folder: join(folder, 'stages'), world: wish.world, speed, root });
    for (const { step, direction, requests } of stages)
      tell({ stage: { step, direction, requests: requests.map(({ operation }) => operation) } });
    for (const [position, each] of casesOf(stages, { index, of, wish }).entries()) {
      const work = crash(each, { folder: join(folder, `case-${position}`), speed, root });
      const result = await withinLimit(work, () => `${turnText(each.stage)} killed ${each.kills.map(killPointText).join(', then ')}`);
      // At once, too: whoever ends the test before its end shall have seen them.
      for (const finding of result.findings) process.stderr.write(`${finding}\n`);
      tell({ result });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function casesOf(stages: readonly Stage[], { index, of, wish }: Share<LaneWish>): CrashCase[] {
  const random = randomFrom(wish.seed + index);
  const share = (count: number): number => Math.ceil(count / of);
  return [
    ...(wish.every === 'none' ? [] : everyCase(stages, { index, of, all: wish.every === 'all', seed: wish.seed })),
    ...randomCases(stages, share(wish.once), 1, random),
    ...randomCases(stages, share(wish.twice), 2, random),
  ];
}

/** A step that hangs ends the lane, which can't give its world's ports back to the next case: it throws, and says what hung. */
async function withinLimit<T>(work: Promise<T>, what: () => string): Promise<T> {
  const timer = new AbortController();
  const limit = delay(CASE_LIMIT_MILLISECONDS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`${what()}: not at its end after ${CASE_LIMIT_MILLISECONDS / 1000} s`);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    timer.abort();
    await limit.catch(() => undefined);
  }
}

function tell(line: LaneLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
