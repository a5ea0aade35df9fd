import { expect } from 'chai';
import { inventorySummary } from '../../../steps/inventory/summary.ts';
import { cart, INVENTORY } from './example-inventory.ts';

const balancer = (name: string) => ({
  dnsName: `${name}.elb.eu-west-1.amazonaws.com`,
  type: 'network' as const,
  scheme: 'internal' as const,
  zoneId: 'Z1',
  arn: `arn:${name}`,
  listeners: [],
  stack: `shop/${name}`,
  healthy: true,
});
const record = (name: string, target: string, set = '') => ({ zone: 'example.com', name, type: 'A', set, target });

describe('the inventory on a page', () => {
  it('says of each part from where and how old it is, and how much', () => {
    const lines = inventorySummary(INVENTORY).split('\n');
    expect(lines[0]).to.equal('Inventory of shop-prod in eu-west-1, of 2026-01-05 03:00:00 UTC');
    const row = (words: string) =>
      lines
        .find((line) => line.trim().startsWith(words))
        ?.trim()
        .split(/ {2,}/);
    expect(row('namespaces')).to.deep.equal(['namespaces', 'archive', '2026-01-05 03:00:00 UTC', '6 h', '1']);
    expect(row('Argo CD applications')?.slice(-2)).to.deep.equal(['0 s', '2']);
  });

  it('lists services by tier, and those that nothing recovers', () => {
    const services = [
      { ...cart, file: 'a' },
      { ...cart, name: 'pay', tier: 'batch', file: 'b' },
      { ...cart, name: 'order', file: 'c' },
    ];
    const text = inventorySummary({ ...INVENTORY, services });
    expect(text).to.contain('Services (3)\n  - critical (2): cart, order\n  - batch (1): pay\n');
    expect(text).to.contain('Without a template in Git, so that nothing recovers them\n  - adhoc (shop)\n');
  });

  it('lists what is only in the cluster: who made it, what a volume holds, and what could not be seen', () => {
    const objects = [
      { kind: 'Secret', namespace: 'shop', name: 'key', by: ['kubectl-create', 'kubectl-edit'] } as const,
      {
        kind: 'PersistentVolumeClaim',
        namespace: 'shop',
        name: 'data',
        by: [],
        volume: { name: 'pvc-1', storageClass: 'gp3', size: '20Gi' },
      } as const,
    ].map(({ by, ...object }) => ({ ...object, by: [...by] }));
    const notSeen = [{ kind: 'ConfigMap' as const, reason: 'forbidden' }];
    expect(inventorySummary({ ...INVENTORY, clusterOnly: { objects, notSeen } })).to.contain(
      [
        'Only in the cluster, so that nothing in Git brings it back',
        '  - Secret shop/key (kubectl-create, kubectl-edit)',
        '  - ConfigMap: not known, forbidden',
        '  - PersistentVolumeClaim shop/data (20Gi, gp3, pvc-1)',
        '',
      ].join('\n'),
    );
  });

  it('puts each record below its load balancer, and those of others last', () => {
    const loadBalancers = [balancer('cart'), { ...balancer('pay'), dnsName: 'Pay.elb.eu-west-1.amazonaws.com', healthy: false }];
    const records = [
      record('cart.example.com', 'cart.elb.eu-west-1.amazonaws.com'),
      record('pay.example.com', 'pay.elb.eu-west-1.amazonaws.com', 'main'),
      record('old.example.com', 'old.elb.eu-west-1.amazonaws.com'),
    ];
    expect(inventorySummary({ ...INVENTORY, loadBalancers, records })).to.contain(
      [
        'Load balancers (2)',
        '  - shop/cart (network, internal): cart.elb.eu-west-1.amazonaws.com',
        '      cart.example.com A',
        '  - shop/pay (network, internal), not healthy: pay.elb.eu-west-1.amazonaws.com',
        '      pay.example.com A (main)',
        '',
        'Records that lead to other load balancers in eu-west-1',
        '  - old.example.com A -> old.elb.eu-west-1.amazonaws.com',
        '',
      ].join('\n'),
    );
  });

  it('says what is not known', () => {
    const unknown = { ...INVENTORY.parts.records, source: 'unknown' as const, reason: 'lost' };
    const parts = { ...INVENTORY.parts, records: unknown, clusterOnly: unknown };
    const text = inventorySummary({ ...INVENTORY, parts, records: null, clusterOnly: null, loadBalancers: [balancer('cart')] });
    expect(text).to.match(/records that lead to load balancers +not known +- +- +-\n/);
    expect(text).to.contain('Load balancers (1); their records are not known');
    expect(text).to.contain('nothing in Git brings it back\n  - not known\n');
  });
});
