import { expect } from 'chai';
import { inTheFormOf, normalisedHost, plainName } from '../../../steps/endpoints/host-name.ts';

describe('host names', () => {
  it('compare equal whatever their case, trailing dot and dualstack prefix', () => {
    expect(normalisedHost('DualStack.K8s-Shop-123.elb.eu-west-1.amazonaws.com.')).to.equal('k8s-shop-123.elb.eu-west-1.amazonaws.com');
  });

  it('resolve the octal escapes of Route 53', () => {
    expect(plainName('\\052.example.com.')).to.equal('*.example.com');
  });

  it('keep a dualstack label that is not the first one', () => {
    expect(normalisedHost('a.dualstack.example.com')).to.equal('a.dualstack.example.com');
  });

  it('of a successor get the dualstack prefix only where the old name had it', () => {
    expect(inTheFormOf('dualstack.old.example.com.', 'New.example.com')).to.equal('dualstack.new.example.com');
    expect(inTheFormOf('old.example.com', 'dualstack.new.example.com')).to.equal('new.example.com');
  });
});
