import { expect } from 'chai';
import type { CrashResult } from './crash-case.ts';
import { tallyOf, tallyTable } from './tally.ts';

const good: CrashResult = {
  step: 'merge-deploy',
  direction: 'undo',
  where: 'right before request 1',
  reached: true,
  undone: false,
  byHand: false,
  findings: [],
  seconds: 2.4,
};

describe('the tally of a crash test', () => {
  it('counts the kills of one step in one direction', () => {
    const results = [good, { ...good, reached: false }, { ...good, findings: ['twice'] }, { ...good, direction: 'forward' as const }];
    expect(tallyOf({ step: 'merge-deploy', direction: 'undo' }, results)).to.deep.include({ cases: 3, missed: 1, failed: 1 });
  });

  it('becomes a line of a table, unless there was nothing to count', () => {
    const tallies = [good, { step: 'report', direction: 'forward' } as const].map((turn) => tallyOf(turn, [good]));
    expect(tallyTable(tallies)).to.deep.equal([
      'step                    kills  too late    undone   by hand    failed   seconds',
      'merge-deploy (undo)         1         0         0         0         0         2',
    ]);
  });
});
