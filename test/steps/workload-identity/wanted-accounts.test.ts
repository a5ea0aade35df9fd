import { expect } from 'chai';
import type { Estate } from '../../../steps/estate/estate.ts';
import { estate as estateSchema } from '../../../steps/estate/estate.ts';
import { keyOf, wantedAccounts } from '../../../steps/workload-identity/wanted-accounts.ts';
import { estateWith } from '../context.ts';

const annotated = (namespace: string, serviceAccount: string) => ({
  namespace,
  serviceAccount,
  roleArn: 'arn:aws:iam::111122223333:role/r',
});
const associated = (namespace: string, serviceAccount: string) => ({
  ...annotated(namespace, serviceAccount),
  targetRoleArn: null,
  policy: null,
  disableSessionTags: false,
});
const addons = (value: object): Estate['addons'] => estateSchema.shape.addons.parse(value);
const named = (...of: Parameters<typeof wantedAccounts>) => wantedAccounts(...of).map(keyOf);

describe('the service accounts that shall have a role', () => {
  const controllers = [
    associated('kube-system', 'aws-load-balancer-controller'),
    associated('kube-system', 'karpenter'),
    associated('shop', 'cart'),
  ];
  const { workloadIdentity } = estateWith();

  it('leave out the controllers that steps of their own bring, and keep those that the company brings itself', () => {
    const identities = { annotated: [], associations: controllers };
    expect(named(identities, { workloadIdentity, addons: addons({}) })).to.have.length(3);
    expect(named(identities, { workloadIdentity, addons: addons({ karpenter: {}, loadBalancerController: {} }) })).to.deep.equal([
      'shop/cart',
    ]);
  });

  it('are each there once, in order, by the association where there are both', () => {
    const identities = { annotated: [annotated('shop', 'order'), annotated('shop', 'cart')], associations: [associated('shop', 'cart')] };
    const wanted = wantedAccounts(identities, { workloadIdentity, addons: addons({}) });
    expect(wanted.map((account) => `${keyOf(account)} ${account.means} ${account.annotated}`)).to.deep.equal([
      'shop/cart association true',
      'shop/order trust true',
    ]);
  });
});
