import { expect } from 'chai';
import type { Stage } from './record-stages.ts';
import { uncovered } from './uncovered.ts';

const drives = { id: 'drives', drivers: [{}] as never };
const reads = { id: 'reads', drivers: [] };
const request = {} as Stage['requests'][number];

describe('the steps that no stage covers', () => {
  it('are those that drive something and changed nothing, by direction', () => {
    const stages = [
      { step: 'drives', direction: 'forward', requests: [request] },
      { step: 'drives', direction: 'undo', requests: [] },
    ] as const;
    expect(uncovered([drives, reads], stages)).to.deep.equal([{ step: 'drives', direction: 'undo' }]);
  });

  it('are all that drive something when there is no stage', () => {
    expect(uncovered([drives, reads], [])).to.have.length(2);
  });

  it('are not those that have a part in recoveries alone, of which there is no stage', () => {
    expect(uncovered([{ ...drives, modes: ['recover'] }], [])).to.deep.equal([]);
  });

  it('are none once each has changed something both ways', () => {
    const stages = (['forward', 'undo'] as const).map((direction) => ({ step: 'drives', direction, requests: [request] }));
    expect(uncovered([drives, reads], stages)).to.deep.equal([]);
  });
});
