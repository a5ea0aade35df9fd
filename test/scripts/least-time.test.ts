import { expect } from 'chai';
import { leastTime } from '../../scripts/bench/rated/least-time.ts';

describe('the least time that limits allow', () => {
  const limits = { all: { perSecond: 10, burst: 50 }, deployments: { perSecond: 1 / 5, burst: 1 } };

  it('is none for what a full bucket holds, and then goes by its rate', () => {
    expect(leastTime([{ requests: { all: 50 } }], limits)).to.equal(0);
    expect(leastTime([{ requests: { all: 80 } }], limits)).to.equal(3);
  });

  it('is that of the slowest bucket where several count', () => {
    expect(leastTime([{ requests: { all: 90, deployments: 3 } }], limits)).to.equal(10);
  });

  it('adds what is waited for, in which buckets fill up again', () => {
    expect(leastTime([{ requests: { all: 60 }, thenSeconds: 2 }, { requests: { all: 30 } }], limits)).to.equal(4);
    expect(leastTime([{ requests: { all: 60 }, thenSeconds: 40 }, { requests: { all: 60 } }], limits)).to.equal(42);
  });

  it('is unknown without the limit', () => {
    expect(() => leastTime([{ requests: { others: 1 } }], limits)).to.throw('no limit is known for others');
  });
});
