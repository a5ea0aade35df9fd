import { expect } from 'chai';
import { allRequests, quotas } from '../../sandbox/apigateway/quota.ts';
import { requestQuota } from '../../sandbox/route53/quota.ts';
import { limits } from '../../steps/clients/limits.ts';

describe('the limits that the sandbox enforces', () => {
  // Both were written from the documentation, each by itself.
  const enforced: Record<string, { perSecond: number; burst: number }> = {
    route53: requestQuota,
    apigateway: allRequests,
    ...Object.fromEntries(Object.entries(quotas).map(([name, quota]) => [`apigateway:${name.replace(' (v2)', '')}`, quota])),
  };
  const known = Object.entries(limits).filter(([bucket]) => /^(route53|apigateway)\b/.test(bucket));

  it('are those that our table says are documented', () => {
    expect(known.length).to.be.above(6);
    for (const [bucket, limit] of known) expect(limit?.documented, bucket).to.deep.equal(enforced[bucket]);
  });

  it('are not reached by how fast we ask', () => {
    for (const [bucket, limit] of Object.entries(limits)) {
      if (limit?.documented === undefined) continue;
      expect(limit.perSecond, bucket).to.be.below(limit.documented.perSecond);
      expect(limit.burst, bucket).to.be.at.most(limit.documented.burst);
    }
  });
});
