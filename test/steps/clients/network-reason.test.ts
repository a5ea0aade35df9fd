import { expect } from 'chai';
import { networkReason } from '../../../steps/clients/network-reason.ts';

describe('the reason of a network', () => {
  it('names the code where the message does not, and never twice', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:443'), { code: 'ECONNREFUSED' });
    expect(networkReason(refused)).to.equal('connect ECONNREFUSED 127.0.0.1:443');
    const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    expect(networkReason(expired)).to.equal('certificate has expired (CERT_HAS_EXPIRED)');
    expect(networkReason(new TypeError(''))).to.equal('TypeError');
  });
});
