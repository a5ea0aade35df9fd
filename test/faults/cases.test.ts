import { expect } from 'chai';
import type { Stage } from '../stages/record-stages.ts';
import { type FaultCase, faultCases, workerOf } from './cases.ts';
import { faultList } from './fault-list.ts';

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

describe('the fault cases of what writes', () => {
  const call = (operation: string) => ({ system: 'kubernetes', operation, mutates: true, count: 1 });
  const operations = ['POST /a', 'POST /b', 'POST /c', 'POST /d', 'POST /e', 'POST /f'];
  const stage = { step: 'prepare-namespaces', direction: 'forward', folder: 'one', calls: { plan: [], apply: operations.map(call) } };
  const faultsOf = (operation: string, all: boolean) =>
    faultCases([stage as unknown as Stage], all)
      .filter((one) => one.operation === operation)
      .map(({ fault }) => fault);
  const everything = faultList(1).map(({ name }) => name);

  it('are every second fault for one operation, and the others for the next of its system', () => {
    const [first, second] = [faultsOf('POST /a', false), faultsOf('POST /b', false)];
    expect(first.filter((fault) => second.includes(fault))).to.deep.equal([]);
    expect(first.length + second.length).to.equal(9);
    const met = operations.flatMap((operation) => faultsOf(operation, false));
    expect(everything.filter((fault) => !met.includes(fault))).to.have.length.below(4);
  });

  it('are all faults for each where all are wanted', () => {
    expect(faultsOf('POST /a', true)).to.have.members(everything).and.to.have.length(everything.length);
  });
});
