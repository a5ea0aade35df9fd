import { expect } from 'chai';
import { namespaces } from '../../../steps/estate/platform.ts';
import { namespacesToPrepare } from '../../../steps/namespaces/namespaces-to-prepare.ts';

const limit = { kind: 'ResourceQuota' as const, labels: {}, annotations: {}, spec: { hard: { pods: '10' } } };
const known = {
  services: [
    { name: 'cart', namespace: 'shop' },
    { name: 'mail', namespace: 'mail' },
  ],
  withoutTemplate: [{ name: 'adhoc', namespace: 'shop' }],
  namespaces: [
    { name: 'kube-system', labels: {}, annotations: {}, limits: [] },
    {
      name: 'shop',
      labels: {
        'kubernetes.io/metadata.name': 'shop',
        'istio-injection': 'enabled',
        'istio.io/rev': 'stable',
        'pod-security.kubernetes.io/enforce': 'restricted',
        team: 'a',
        'eks-dr/run': 'old',
        'argocd.argoproj.io/instance': 'shop',
      },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'argocd.argoproj.io/tracking-id': 'shop:/Namespace:shop/shop',
        'example.com/owner': 'a',
      },
      limits: [
        { ...limit, name: 'by-hand' },
        { ...limit, name: 'of-a-chart', labels: { 'app.kubernetes.io/instance': 'some-helm-release' } },
        { ...limit, name: 'by-id', annotations: { 'argocd.argoproj.io/tracking-id': 'x:/ResourceQuota:shop/by-id' } },
        { ...limit, name: 'by-label', labels: { 'app.kubernetes.io/instance': 'cart' } },
        { ...limit, name: 'by-label-too', labels: { 'argocd.argoproj.io/instance': 'adhoc' } },
      ],
    },
  ],
};
const shop = (settings: Parameters<typeof namespaces.parse>[0] = {}) => namespacesToPrepare(known, namespaces.parse(settings))[1];

describe('the namespaces to prepare', () => {
  it('are those of the primary and of the services, without the excluded ones', () => {
    expect(namespacesToPrepare(known, namespaces.parse({})).map(({ name }) => name)).to.deep.equal(['mail', 'shop']);
  });

  it('keep their labels, those for Istio and pod security among them, without those that the API server or another system sets', () => {
    expect(shop()?.labels).to.deep.equal({
      'istio-injection': 'enabled',
      'istio.io/rev': 'stable',
      'pod-security.kubernetes.io/enforce': 'restricted',
      team: 'a',
    });
  });

  it('keep their annotations, without those of kubectl and Argo CD', () => {
    expect(shop()?.annotations).to.deep.equal({ 'example.com/owner': 'a' });
  });

  it('get the labels and annotations of the estate on top', () => {
    const prepared = shop({ labels: { team: 'dr' }, annotations: { 'example.com/owner': 'dr' } });
    expect(prepared?.labels).to.include({ team: 'dr' });
    expect(prepared?.annotations).to.deep.equal({ 'example.com/owner': 'dr' });
  });

  it('keep the quotas that no application of Argo CD brings', () => {
    expect(shop()?.limits.map(({ name }) => name)).to.deep.equal(['by-hand', 'of-a-chart']);
  });

  it('keep no quota where the estate wants none', () => {
    expect(shop({ quotas: 'none' })?.limits).to.deep.equal([]);
  });

  it('include the one of the Vault reviewer even when the primary has none of that name', () => {
    expect(namespacesToPrepare(known, namespaces.parse({ vaultReviewer: {} })).map(({ name }) => name)).to.include('vault-auth');
  });
});
