import { expect } from 'chai';
import { namespaces } from '../../../steps/estate/platform.ts';
import { namespacesToPrepare } from '../../../steps/namespaces/namespaces-to-prepare.ts';

const known = {
  services: [{ namespace: 'shop' }, { namespace: 'mail' }],
  namespaces: [
    { name: 'kube-system', labels: {} },
    {
      name: 'shop',
      labels: {
        'kubernetes.io/metadata.name': 'shop',
        'istio-injection': 'enabled',
        team: 'a',
        'eks-dr/run': 'old',
        'argocd.argoproj.io/instance': 'shop',
      },
    },
  ],
};

describe('the namespaces to prepare', () => {
  it('are those of the primary and of the services, without the excluded ones', () => {
    expect(namespacesToPrepare(known, namespaces.parse({})).map(({ name }) => name)).to.deep.equal(['mail', 'shop']);
  });

  it('keep their labels, without those that the API server or another system sets', () => {
    expect(namespacesToPrepare(known, namespaces.parse({}))[1]?.labels).to.deep.equal({ 'istio-injection': 'enabled', team: 'a' });
  });

  it('get the labels of the estate on top', () => {
    expect(namespacesToPrepare(known, namespaces.parse({ labels: { team: 'dr' } }))[1]?.labels).to.include({ team: 'dr' });
  });

  it('include the one of the Vault reviewer even when the primary has none of that name', () => {
    expect(namespacesToPrepare(known, namespaces.parse({ vaultReviewer: {} })).map(({ name }) => name)).to.include('vault-auth');
  });
});
