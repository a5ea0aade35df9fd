import { expect } from 'chai';
import type { LoggedRequest } from '../../sandbox/request-log.ts';
import { killPointsOf, killPointText, laneOf, someOfAlike } from './kill-point.ts';

function request(number: number, operation: string): LoggedRequest {
  return { number, system: 'iam', operation, line: 'POST /', at: '2026-01-01T00:00:00.000Z', status: 200 };
}

const requests = [request(11, 'iam:CreateRole'), request(12, 'iam:TagRole'), request(13, 'iam:CreateRole')];

describe('the kill points of a stage', () => {
  it('lie right before and right after every request, which is counted among its like', () => {
    expect(killPointsOf(requests, false).map(killPointText)).to.deep.equal([
      'right before request 1, iam iam:CreateRole (1)',
      'right after request 1, iam iam:CreateRole (1)',
      'right before request 2, iam iam:TagRole (1)',
      'right after request 2, iam iam:TagRole (1)',
      'right before request 3, iam iam:CreateRole (2)',
      'right after request 3, iam iam:CreateRole (2)',
    ]);
  });

  it('hit a step that starts programs alone at every third request as well', () => {
    const hows = killPointsOf([...requests, request(14, 'iam:TagRole')], true).map(({ number, how }) => `${number} ${how}`);
    expect(hows).to.deep.equal(['1 before', '1 alone', '2 after', '3 before', '4 after', '4 alone']);
  });

  it('are, of many requests alike, those of the first, the last and one between, which changes with the seed', () => {
    const many = Array.from({ length: 10 }, (_, index) => request(index, 'iam:TagRole'));
    const points = killPointsOf(many, false);
    const between = (seed: number) => {
      const numbers = [...new Set(someOfAlike(points, seed).map(({ nth }) => nth))];
      expect(numbers).to.have.length(3).and.to.include.members([1, 10]);
      return numbers[1];
    };
    expect(between(7)).to.equal(between(7));
    const seeds = Array.from({ length: 200 }, (_, seed) => between(seed));
    expect(new Set(seeds)).to.deep.equal(new Set([2, 3, 4, 5, 6, 7, 8, 9]));
  });

  it('are, of requests alike, in turn right before and right after, the other way round with another seed, and both of one alone', () => {
    const hows = (seed: number) => someOfAlike(killPointsOf(requests, false), seed).map(({ number, how }) => `${number} ${how}`);
    expect(hows(0)).to.deep.equal(['1 after', '2 before', '2 after', '3 before']);
    expect(hows(1)).to.deep.equal(['1 before', '2 before', '2 after', '3 after']);
    const withPrograms = killPointsOf(requests, true);
    expect(someOfAlike(withPrograms, 0)).to.deep.equal(withPrograms);
  });

  it('belong to one lane each, which does not change with the requests of other operations around them', () => {
    const points = [...killPointsOf(requests, false), ...killPointsOf(requests, true)];
    for (const lanes of [1, 2, 3]) expect(points.every((point) => laneOf(point, lanes) < lanes)).to.equal(true);
    const last = (list: readonly LoggedRequest[]) => killPointsOf(list, false).at(-1);
    const [few, many] = [last(requests), last([request(10, 'iam:TagRole'), ...requests])];
    expect(few).to.include({ operation: 'iam:CreateRole', nth: 2 });
    expect(few && laneOf(few, 2)).to.equal(many && laneOf(many, 2));
  });
});
