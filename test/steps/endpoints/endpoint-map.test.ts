import { expect } from 'chai';
import { type Endpoint, type Expectation, type Listening, mapEndpoints, type NewEndpoint } from '../../../steps/endpoints/endpoint-map.ts';
import { expectations } from '../../../steps/endpoints/expectations.ts';

const required = (): Expectation => ({ kind: 'required' });

function old(stack: string, change: Partial<Endpoint> = {}): Listening<Endpoint> {
  return {
    stack,
    type: 'network',
    scheme: 'internet-facing',
    dnsName: `Old-${stack.replace('/', '-')}.example.com`,
    zoneId: 'ZOLD',
    arn: `arn:old:${stack}`,
    listeners: [{ arn: `arn:old:${stack}:443`, protocol: 'TCP', port: 443 }],
    ...change,
  };
}

function fresh(stack: string, change: Partial<NewEndpoint> = {}): Listening<NewEndpoint> {
  return {
    ...old(stack),
    dnsName: `new-${stack.replace('/', '-')}.example.com`,
    zoneId: 'ZNEW',
    arn: `arn:${stack}`,
    problem: null,
    ...change,
  };
}

describe('the map of old and new endpoints', () => {
  it('joins by stack, type and scheme', () => {
    const { pairs, gaps } = mapEndpoints(
      [old('shop/cart'), old('shop/web', { type: 'application' })],
      [fresh('shop/web', { type: 'application' }), fresh('shop/cart')],
      required,
    );
    expect(gaps).to.deep.equal([]);
    expect(pairs.map((pair) => [pair.stack, pair.old.dnsName, pair.new.dnsName, pair.new.zoneId])).to.deep.equal([
      ['shop/cart', 'old-shop-cart.example.com', 'new-shop-cart.example.com', 'ZNEW'],
      ['shop/web', 'old-shop-web.example.com', 'new-shop-web.example.com', 'ZNEW'],
    ]);
  });

  it('tells two schemes of one stack apart', () => {
    const { pairs } = mapEndpoints(
      [old('shop/web'), old('shop/web', { scheme: 'internal', dnsName: 'inside.example.com' })],
      [fresh('shop/web', { scheme: 'internal', dnsName: 'new-inside.example.com' }), fresh('shop/web')],
      required,
    );
    expect(pairs.map((pair) => pair.new.dnsName)).to.deep.equal(['new-shop-web.example.com', 'new-inside.example.com']);
  });

  it('lists every gap at once', () => {
    const { gaps } = mapEndpoints(
      [old('shop/a'), old('shop/b'), old('shop/c'), old('shop/d'), old('shop/e'), old('shop/e')],
      [
        fresh('shop/b', { scheme: 'internal' }),
        fresh('shop/c'),
        fresh('shop/c'),
        fresh('shop/d', { problem: 'its load balancer is provisioning' }),
        fresh('shop/e'),
      ],
      required,
    );
    expect(gaps).to.have.length(6);
    expect(gaps.join('\n'))
      .to.match(/shop\/a.*no load balancer/)
      .and.match(/shop\/b.*internal/)
      .and.match(/shop\/c.*2 load balancers/)
      .and.match(/shop\/d.*provisioning/)
      .and.match(/shop\/e.*primary has 2/);
  });

  it('leaves out what is not part of the recovery, even where a successor is there', () => {
    const { pairs, leftOut } = mapEndpoints([old('other/x')], [fresh('other/x')], () => ({ kind: 'left-out', reason: 'no part' }));
    expect(pairs).to.deep.equal([]);
    expect(leftOut).to.deep.equal([
      { stack: 'other/x', type: 'network', scheme: 'internet-facing', dnsName: 'old-other-x.example.com', reason: 'no part' },
    ]);
  });

  it('takes an excused endpoint when it has a successor and leaves it out when not', () => {
    const excused = (): Expectation => ({ kind: 'excused', reason: 'accepted' });
    const { pairs, leftOut, gaps } = mapEndpoints([old('shop/a'), old('shop/b')], [fresh('shop/a')], excused);
    expect(pairs.map(({ stack }) => stack)).to.deep.equal(['shop/a']);
    expect(leftOut.map(({ stack }) => stack)).to.deep.equal(['shop/b']);
    expect(gaps).to.deep.equal([]);
  });
});

describe('the endpoints that a recovery must replace', () => {
  const services = [
    { name: 'cart', namespace: 'shop', healthy: true },
    { name: 'mail', namespace: 'mail', healthy: false },
  ];
  const key = (stack: string) => ({ stack, type: 'network' as const, scheme: 'internal' as const });

  it('are those in namespaces of recovered services', () => {
    const expect_ = expectations(services, false);
    expect(expect_(key('shop/cart')).kind).to.equal('required');
    expect(expect_(key('other/cart')).kind).to.equal('left-out');
  });

  it('are not those of a service that is not recovered, in a namespace of others that are', () => {
    const others = [{ name: 'search', namespace: 'shop' }];
    const expect_ = expectations(services, false, others);
    expect(expect_(key('shop/search'))).to.deep.equal({ kind: 'left-out', reason: 'service search is not part of this recovery' });
    expect(expect_(key('shop/cart')).kind).to.equal('required');
    expect(expect_(key('shop/edge')).kind).to.equal('required');
  });

  it('are not those of services that may be unhealthy', () => {
    expect(expectations(services, true)(key('mail/smtp'))).to.deep.include({ kind: 'excused' });
  });

  it('include Ingress groups only when everything is recovered', () => {
    expect(expectations(services, true)(key('public-group')).kind).to.equal('required');
    expect(expectations(services, false)(key('public-group')).kind).to.equal('excused');
  });

  it('do not include namespaces without services, though those are switched where they can be', () => {
    expect(expectations(services, true)(key('istio-system/gateway')).kind).to.equal('excused');
  });
});
