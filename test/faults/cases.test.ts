import { expect } from 'chai';
import { type FaultCase, workerOf } from './cases.ts';

const each: FaultCase = {
  step: 'create-cluster',
  direction: 'forward',
  folder: 'stages/forward-create-cluster',
  phase: 'apply',
  system: '*',
  operation: '*:*',
  nth: 58,
  fault: 'expired',
  by: 'program',
  mutates: true,
};

describe('the share of a worker in the fault cases', () => {
  it('is the same in every recording, in which a case may come at another request and lie in another folder', () => {
    const elsewhere = Array.from({ length: 40 }, (_, index) => ({ ...each, nth: index + 1, folder: `other/${index}` }));
    expect(new Set(elsewhere.map((other) => workerOf(other, 6)))).to.deep.equal(new Set([workerOf(each, 6)]));
  });

  it('is spread over all workers', () => {
    const steps = Array.from({ length: 60 }, (_, index) => ({ ...each, step: `step-${index}` }));
    expect(new Set(steps.map((other) => workerOf(other, 6))).size).to.equal(6);
  });
});
