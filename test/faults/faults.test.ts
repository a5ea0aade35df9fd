import { join } from 'node:path';
import { expect } from 'chai';
import { steps } from '../../steps/index.ts';
import { built } from '../built.ts';
import type { Stage } from '../stages/record-stages.ts';
import type { Turn } from '../stages/step-turn.ts';
import { uncovered } from '../stages/uncovered.ts';
import { runWorkers } from '../stages/workers.ts';
import { caseText } from './cases.ts';
import { faultList } from './fault-list.ts';
import type { FaultResult } from './play-case.ts';
import { faultTable } from './table.ts';
import type { FaultLine, FaultWish } from './worker.ts';

/** More than there are processors, since a step with a fault waits much; few, since each records a drill of its own first. */
const WORKERS = 4;

const wish: FaultWish = { all: process.env.EKS_DR_TEST_FAULTS === 'all', only: process.env.EKS_DR_TEST_ONLY ?? '' };

describe('a step that meets a fault', function () {
  this.timeout(60 * 60_000);
  let results: readonly FaultResult[] = [];
  let stages: readonly (Turn & { readonly requests: number })[] = [];

  before(async () => {
    await built('steps');
    const lines = await runWorkers<FaultWish, FaultLine>(join(import.meta.dirname, 'worker.ts'), wish, WORKERS);
    results = lines.flatMap((line) => ('result' in line ? [line.result] : []));
    stages = lines.flatMap((line) => ('stage' in line ? [line.stage] : []));
  });

  after(() => process.stdout.write(`\n${faultTable(results)}\n`));

  it('is each of the steps that change something, both ways', () => {
    const recorded = stages.map(({ requests, ...turn }) => ({ ...turn, requests: Array.from({ length: requests }) as Stage['requests'] }));
    expect(uncovered(steps, recorded)).to.deep.equal([]);
  });

  for (const { name, title } of faultList(1)) {
    it(`ends as it should, and well when run again, when ${title} (${name})`, () => {
      const met = results.filter(({ fault }) => fault === name);
      const found = met.flatMap((result) => result.findings.map((finding) => `${caseText(result)} [${result.ending}]: ${finding}`));
      expect(found.join('\n')).to.equal('');
      if (wish.only === '') expect(met, `no case of ${name}`).to.not.have.length(0);
    });
  }
});
