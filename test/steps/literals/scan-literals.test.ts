import { expect } from 'chai';
import { primaryLiterals } from '../../../steps/literals/primary-literals.ts';
import { scanLiterals } from '../../../steps/literals/scan-literals.ts';

const primary = {
  region: 'eu-west-1',
  accountId: '111122223333',
  cluster: 'shop-prod',
  argocdDestination: { name: 'shop-prod', server: 'https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com/' },
};
const balancer = 'k8s-cart-cartapi-0123456789-0123456789abcdef.elb.eu-west-1.amazonaws.com';
const inventory = { loadBalancers: [{ dnsName: balancer }], networkPaths: { vpcId: 'vpc-0123456789abcdef0' } };
const elsewhere = { region: 'eu-central-1', accountId: '444455556666' };

function scan(text: string, target = elsewhere, allowed: Parameters<typeof scanLiterals>[1]['allowed'] = [], own: string[] = []) {
  const literals = primaryLiterals({ estate: { primary }, target, inventory });
  return scanLiterals([{ path: 'a/web.yaml', text }], { literals, allowed, own: new Set(own) });
}

const found = (text: string, target = elsewhere) => scan(text, target).map(({ line, kind, literal }) => [line, kind, literal]);

describe('what still names the primary', () => {
  it('is told with its line and what it is', () => {
    const text = [
      'region: eu-west-1',
      'zone: eu-west-1c',
      'image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web',
      `host: ${balancer}`,
      'server: https://ABCDEF.gr7.eu-west-1.eks.amazonaws.com',
      'cluster: shop-prod',
      'account: "111122223333"',
      'vpc: vpc-0123456789abcdef0',
      'groups: sg-0fedcba9876543210,subnet-01234567',
    ].join('\n');
    expect(found(text)).to.deep.equal([
      [1, 'region', 'eu-west-1'],
      [2, 'region', 'eu-west-1c'],
      [3, 'registry', '111122223333.dkr.ecr.eu-west-1.amazonaws.com'],
      [4, 'load balancer', balancer],
      [5, 'API server', 'ABCDEF.gr7.eu-west-1.eks.amazonaws.com'],
      [6, 'cluster', 'shop-prod'],
      [7, 'account', '111122223333'],
      [8, 'VPC', 'vpc-0123456789abcdef0'],
      [9, 'resource id', 'sg-0fedcba9876543210'],
      [9, 'resource id', 'subnet-01234567'],
    ]);
  });

  it('is nothing that a comment says', () => {
    expect(found('# in eu-west-1\na: 1 # eu-west-1\nb: "# eu-west-1"\n')).to.deep.equal([[3, 'region', 'eu-west-1']]);
  });

  it('is no longer word that only begins alike', () => {
    expect(found('a: eu-west-12\nb: shop-production\nc: msg-0123456789abcdef0')).to.deep.equal([]);
  });

  it('is not its region, nor what lies in it, when the new cluster stands beside it', () => {
    const text = 'region: eu-west-1\naccount: "111122223333"\nsg: sg-0fedcba9876543210\ncluster: shop-prod';
    expect(found(text, { region: 'eu-west-1', accountId: '111122223333' })).to.deep.equal([[4, 'cluster', 'shop-prod']]);
  });

  it('is not what a translation has put in', () => {
    expect(scan('sg: sg-0fedcba9876543210', elsewhere, [], ['sg-0fedcba9876543210'])).to.deep.equal([]);
  });

  it('may stay where the estate says why, in the files that it names', () => {
    const allowed = [{ literal: 'eu-west-1', files: ['a'], reason: 'the archive stays there' }];
    expect(scan('region: eu-west-1', elsewhere, allowed).map(({ reason }) => reason)).to.deep.equal(['the archive stays there']);
    const elsewhereOnly = [{ literal: 'eu-west-1', files: ['a/web', 'b'], reason: 'no' }];
    expect(scan('region: eu-west-1', elsewhere, elsewhereOnly).map(({ reason }) => reason)).to.deep.equal([null]);
  });
});
