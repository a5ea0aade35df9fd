import { join } from 'node:path';
import { expect } from 'chai';
import { steps } from '../../steps/index.ts';
import { isReadOnly, takesPart } from '../../steps/kit/step.ts';
import { built } from '../built.ts';
import type { Turn } from '../stages/step-turn.ts';
import { uncovered } from '../stages/uncovered.ts';
import { runWorkers, WORKERS } from '../stages/workers.ts';
import type { CrashResult } from './crash-case.ts';
import { turnText } from './kill-point.ts';
import type { LaneLine, LaneWish, ToldStage } from './lane.ts';
import { type Tally, tallyOf, tallyTable } from './tally.ts';

const script = join(import.meta.dirname, 'lane.ts');
/** Kills in the world of 150 services: there requests differ only by which of many equal things they are about. */
const SAMPLE = { once: 12, twice: 6 };
const TWICE_IN_SMALL = 12;
/**
 * The share of kills that may come too late, and so tell nothing about the moment they were meant for: Terraform saves its state when its
 * time has come, now more, now less often.
 */
const MAY_MISS_OF_PROGRAMS = 0.25;

const turns: readonly Turn[] = steps.flatMap((step) => {
  if (!takesPart(step, 'drill') && !takesPart(step, 'prepare')) return [];
  const directions = isReadOnly(step) ? (['forward'] as const) : (['forward', 'undo'] as const);
  return directions.map((direction): Turn => ({ step: step.id, direction }));
});

describe('killed at any of its requests and run again', () => {
  const seed = Number(process.env.EKS_DR_TEST_SEED ?? Date.now() % 1_000_000);
  const every = process.env.EKS_DR_TEST_CRASH === 'all' ? 'all' : 'some';
  let small: readonly LaneLine[];
  let shop: readonly LaneLine[];

  before(async () => {
    await built('steps');
    const everything: LaneWish = { world: 'small', every, once: 0, twice: TWICE_IN_SMALL, seed };
    const sample: LaneWish = { world: 'shop', every: 'none', ...SAMPLE, seed };
    [small, shop] = await Promise.all([
      runWorkers<LaneWish, LaneLine>(script, everything, WORKERS),
      runWorkers<LaneWish, LaneLine>(script, sample, 1),
    ]);
  });
  after(() => {
    for (const [world, lines] of [['6 services', small ?? []] as const, ['150 services', shop ?? []] as const]) {
      const table = tallyTable(turns.map((turn) => tallyOf(turn, resultsIn(lines))));
      process.stdout.write(`\n${[`world of ${world}`, ...table].join('\n')}\n`);
    }
  });

  it('is every step that changes something, in both directions', () => {
    expect(uncovered(steps, stagesIn(small))).to.deep.equal([]);
  });

  for (const turn of turns) {
    it(`${turnText(turn)} leaves the world of an undisturbed run, and what it made can be taken back`, () => {
      const tally = tallyOf(turn, resultsIn(small));
      expect(tally.cases).to.be.greaterThan(0);
      expect(findingsOf(turn, small)).to.deep.equal([]);
      if (changes(turn, small)) expect(tally.missed, 'kills that came too late').to.be.at.most(mayMiss(tally));
    });
  }

  it(`any step leaves the world of an undisturbed run among 150 services, too, killed at random moments (EKS_DR_TEST_SEED=${seed})`, () => {
    expect(resultsIn(shop)).to.have.length(SAMPLE.once + SAMPLE.twice);
    expect(resultsIn(shop).flatMap(({ findings }) => findings)).to.deep.equal([]);
  });
});

function resultsIn(lines: readonly LaneLine[]): CrashResult[] {
  return lines.flatMap((line) => ('result' in line ? [line.result] : []));
}

function stagesIn(lines: readonly LaneLine[]): ToldStage[] {
  return lines.flatMap((line) => ('stage' in line ? [line.stage] : []));
}

function mayMiss({ step, cases }: Tally): number {
  const programs = steps.some(({ id, programs: started = [] }) => id === step && started.length > 0);
  return programs ? Math.ceil(cases * MAY_MISS_OF_PROGRAMS) : 0;
}

function changes({ step, direction }: Turn, lines: readonly LaneLine[]): boolean {
  return stagesIn(lines).some((stage) => stage.step === step && stage.direction === direction && stage.requests.length > 0);
}

function findingsOf({ step, direction }: Turn, lines: readonly LaneLine[]): string[] {
  const own = resultsIn(lines).filter((result) => result.step === step && result.direction === direction);
  return own.flatMap(({ findings }) => findings);
}
