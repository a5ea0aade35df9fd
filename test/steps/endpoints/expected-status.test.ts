import { expect } from 'chai';
import { expectedText, isExpected } from '../../../steps/endpoints/expected-status.ts';

describe('the status that a probe expects', () => {
  it('is a number, a class, a range, or any of a list', () => {
    expect([200, 204, 299, 301].map((status) => isExpected(status, '2xx'))).to.deep.equal([true, true, true, false]);
    expect([199, 200, 399, 400].map((status) => isExpected(status, '200-399'))).to.deep.equal([false, true, true, false]);
    expect([401, 403].map((status) => isExpected(status, 401))).to.deep.equal([true, false]);
    expect([200, 401, 404].map((status) => isExpected(status, ['2xx', 401]))).to.deep.equal([true, true, false]);
    expect(expectedText(['2xx', 401])).to.equal('2xx, 401');
  });
});
