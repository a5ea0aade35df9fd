import { expect } from 'chai';
import type { GatewayLink } from '../../../steps/api-gateway/gateway-endpoint.ts';
import { type GatewayInputs, linksNeeded, switchEndpoint } from '../../../steps/api-gateway/switch-endpoint.ts';

const OLD_REGION = 'eu-west-1';
const REGION = 'eu-central-1';
const balancer = (name: string, region: string, ports: readonly number[] = [443]) => ({
  dnsName: `${name}-1234.elb.${region}.amazonaws.com`,
  zoneId: 'Z1',
  arn: `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/${name}/1234`,
  listeners: ports.map((port, index) => ({
    arn: `arn:aws:elasticloadbalancing:${region}:111122223333:listener/net/${name}/1234/${index}`,
    protocol: 'TCP',
    port,
  })),
});
const cart = balancer('cart', OLD_REGION, [80, 443]);
const newCart = balancer('new-cart', REGION, [443, 8080]);
const mail = balancer('mail', OLD_REGION);
const lost = balancer('lost', OLD_REGION);
const inputs: GatewayInputs = {
  run: 'drill-1',
  region: REGION,
  old: [cart, mail, lost],
  pairs: [{ stack: 'shop/cart', type: 'network', scheme: 'internal', old: cart, new: newCart }],
  leftOut: [{ dnsName: mail.dnsName, reason: 'its service is not part of this recovery' }],
};
const links: GatewayLink[] = [
  { name: 'cart', id: 'l1', version: 1, targets: [cart.arn] },
  { name: 'into', id: 'l2', version: 2, targets: [] },
];
const become = (from: { uri?: string; connection?: string; target?: string }, region = REGION) =>
  switchEndpoint({ uri: '', connection: '', target: '', ...from }, region, links, inputs);

describe('what becomes of where an integration leads', () => {
  it('replaces whole host names, however they are spelt, and nothing else of the address', () => {
    const to = (uri: string) => become({ uri }, 'us-east-1');
    expect(to(`https://${cart.dnsName.toUpperCase()}:8443/x/{proxy}?a=1`)).to.deep.equal({
      kind: 'switched',
      to: { uri: `https://${newCart.dnsName}:8443/x/{proxy}?a=1`, connection: '', target: '' },
      linkTo: [],
    });
    expect(to(`http://dualstack.${cart.dnsName}./`)).to.have.nested.property('to.uri', `http://dualstack.${newCart.dnsName}/`);
  });

  it('takes no host name for another that contains it', () => {
    for (const host of [`x${cart.dnsName}`, `x.${cart.dnsName}`, `${cart.dnsName}.example.com`, `${cart.dnsName}-x`, 'example.com']) {
      expect(become({ uri: `https://${host}/` }).kind, host).to.equal('elsewhere');
    }
    expect(become({ uri: `https://example.com/go?to=${cart.dnsName}` }).kind).to.equal('elsewhere');
    expect(become({ uri: `${cart.dnsName}:8080` }).kind).to.equal('switched');
  });

  it('leads a private integration to the listener of the same protocol and port, through a link of the run', () => {
    expect(become({ uri: cart.listeners[1]?.arn ?? '', connection: 'into' })).to.deep.equal({
      kind: 'switched',
      to: { uri: newCart.listeners[0]?.arn, connection: 'eks-dr-drill-1-vpc', target: '' },
      linkTo: [],
    });
    expect(become({ uri: 'https://cart.internal/', connection: 'into', target: cart.arn })).to.have.nested.property(
      'to.target',
      newCart.arn,
    );
    expect(become({ uri: cart.listeners[0]?.arn ?? '', connection: 'into' }))
      .to.have.property('reason')
      .that.matches(/no listener TCP 80/);
  });

  it('takes a new link of the first version for one that led to the old load balancer, and keeps a host of its own', () => {
    expect(become({ uri: 'https://cart.example.com/x', connection: 'cart' })).to.deep.equal({
      kind: 'switched',
      to: { uri: 'https://cart.example.com/x', connection: 'eks-dr-drill-1-shop.cart-internal', target: '' },
      linkTo: [...inputs.pairs],
    });
  });

  it('leaves alone what is left out, and private integrations that can not reach the new region, and says so', () => {
    expect(become({ uri: `http://${mail.dnsName}/` })).to.deep.include({ kind: 'left-alone' });
    const far = become({ uri: 'https://cart.example.com/x', connection: 'cart' }, OLD_REGION);
    expect(far).to.deep.include({ kind: 'left-alone' });
    expect(far)
      .to.have.property('reason')
      .that.matches(/own region eu-west-1 only.*custom domain/);
  });

  it('calls it a problem where an old endpoint has no one successor, or a link does not lead where the address says', () => {
    expect(become({ uri: `http://${lost.dnsName}/` })).to.deep.include({ kind: 'problem' });
    const twice = { ...inputs, pairs: [...inputs.pairs, ...inputs.pairs] };
    expect(switchEndpoint({ uri: `http://${cart.dnsName}/`, connection: '', target: '' }, REGION, links, twice).kind).to.equal('problem');
    const stranger: GatewayLink = { name: 'other', id: 'l3', version: 1, targets: ['arn:other'] };
    const through = switchEndpoint({ uri: `http://${cart.dnsName}/`, connection: 'other', target: '' }, REGION, [stranger], inputs);
    expect(through)
      .to.have.property('reason')
      .that.matches(/does not lead to the load balancer/);
  });

  it('tells early which links will be needed', () => {
    expect(linksNeeded({ uri: '', connection: 'cart', target: '' }, links, inputs.old)).to.deep.equal({ into: false, to: [cart] });
    expect(linksNeeded({ uri: cart.listeners[0]?.arn ?? '', connection: 'into', target: '' }, links, inputs.old).into).to.equal(true);
    expect(linksNeeded({ uri: 'https://example.com', connection: 'into', target: '' }, links, inputs.old).into).to.equal(false);
  });
});
