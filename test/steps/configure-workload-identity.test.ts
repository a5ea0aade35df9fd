import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { configureWorkloadIdentity } from '../../steps/configure-workload-identity.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import type { Inventory } from '../../steps/inventory/inventory.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN, seedCluster } from './cluster.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { ACCOUNT, bareWorld, type Remote, startRemote } from './remote.ts';
import { arnOf, makeRole, OLD, PODS } from './roles.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const ISSUER = `https://oidc.eks.${REGION}.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF`;
type Accounts = Inventory['identities'];
const annotated = (name: string, role: string, account = ACCOUNT): Accounts['annotated'][number] => ({
  namespace: name.split('-')[0] ?? '',
  serviceAccount: name,
  roleArn: arnOf(role, account),
});
const associated = (name: string, role: string, account = ACCOUNT): Accounts['associations'][number] => ({
  ...annotated(name, role, account),
  targetRoleArn: null,
  policy: null,
  disableSessionTags: false,
});

describe('configure-workload-identity', () => {
  let remote: Remote;
  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
    await (await remote.clients.eks(REGION)).createAddon({ clusterName: CLUSTER, addonName: 'eks-pod-identity-agent' });
  });
  afterEach(() => remote.stop());

  const trustOf = (name: string): { Statement: object[] } => JSON.parse(remote.running.sandbox.world.iam.roles[name]?.trust ?? '{}');
  const context = (
    accounts: Partial<Accounts>,
    of: { readonly mode?: 'drill' | 'recover'; readonly identity?: Partial<Estate['workloadIdentity']> } = {},
  ) => {
    const connected = { ...at, accountId: ACCOUNT, oidcIssuer: ISSUER };
    const estate = estateWith();
    return contextOf(remote, {
      needs: { connected, inventory: { identities: { annotated: [], associations: [], ...accounts } } },
      run: runWith({ mode: of.mode ?? 'recover' }),
      estate: { ...estate, workloadIdentity: { ...estate.workloadIdentity, ...of.identity } },
    });
  };

  it('copies associations, and lets the new issuer into the roles of annotated accounts: one statement for all that share a role', async () => {
    await makeRole(remote, 'cart', [PODS]);
    await makeRole(remote, 'documents', [OLD]);
    const shared = ['invoice-worker', 'order-worker', 'order-export'].map((name) => annotated(name, 'documents'));
    const within = context({ associations: [associated('cart-api', 'cart')], annotated: shared });
    const plan = await planStep(configureWorkloadIdentity, within);
    expect(changesIn(plan).map(({ kind }) => kind)).to.deep.equal([
      'iam.oidc-provider',
      'iam.trust-statement',
      'eks.pod-identity-association',
    ]);
    await applyStep(configureWorkloadIdentity, within, plan);
    const [old, own] = trustOf('documents').Statement;
    expect(old).to.deep.equal(OLD);
    const host = ISSUER.replace('https://', '');
    expect(own).to.deep.equal({
      Sid: 'EksDrIrsashopdrill1',
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${host}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${host}:aud`]: 'sts.amazonaws.com',
          [`${host}:sub`]: ['invoice:invoice-worker', 'order:order-export', 'order:order-worker'].map(
            (name) => `system:serviceaccount:${name}`,
          ),
        },
      },
    });
    expect(await configureWorkloadIdentity.finish(within)).to.deep.equal({ associations: 1, trusted: 3, without: [] });
    expect(changesIn(await planStep(configureWorkloadIdentity, within))).to.deep.equal([]);

    await undoStep(configureWorkloadIdentity, within, plan);
    expect(trustOf('documents').Statement).to.deep.equal([OLD]);
    const { world } = remote.running.sandbox;
    expect(world.iam.oidcProviders).to.deep.equal({});
    expect(world.eks.clusters[`${REGION}/${CLUSTER}`]?.podIdentityAssociations).to.deep.equal({});
  });

  it('changes no role of production in a drill: what is prepared gets an association, the rest is listed with the remedy', async () => {
    await makeRole(remote, 'cart', [OLD, PODS]);
    await makeRole(remote, 'search', [OLD]);
    await makeRole(remote, 'checkout', [OLD], { 'eks-dr:scope': 'drill' });
    const accounts = [annotated('cart-api', 'cart'), annotated('search-api', 'search'), annotated('checkout-api', 'checkout')];
    const within = context({ annotated: accounts }, { mode: 'drill' });
    await applyStep(configureWorkloadIdentity, within, await planStep(configureWorkloadIdentity, within));
    expect(trustOf('cart').Statement).to.have.length(2);
    expect(trustOf('search').Statement).to.have.length(1);
    expect(trustOf('checkout').Statement).to.have.length(2);
    const { associations, trusted, without } = await configureWorkloadIdentity.finish(within);
    expect([associations, trusted]).to.deep.equal([1, 1]);
    expect(without.map(({ serviceAccount, reason }) => `${serviceAccount}: ${reason}`)).to.deep.equal([
      'search-api: the trust policy of search would have to change, and a drill changes no role of production',
    ]);
    expect(without[0]?.remedy).to.match(
      /^Prepare the role beforehand \(eks-dr prepare\): let pods\.eks\.amazonaws\.com do sts:AssumeRole and sts:TagSession/,
    );
    expect(remote.lines.join('\n')).to.contain('search/search-api stays without its IAM role');
  });

  it('lets an association win over an annotation, as the webhook of EKS does', async () => {
    await makeRole(remote, 'audit', [OLD, PODS]);
    const within = context({ annotated: [annotated('audit-export', 'audit')], associations: [associated('audit-export', 'audit')] });
    expect(changesIn(await planStep(configureWorkloadIdentity, within)).map(({ kind }) => kind)).to.deep.equal([
      'eks.pod-identity-association',
    ]);
  });

  it('gives everyone an association where the estate says so, and prepares the roles that let no pods in', async () => {
    await makeRole(remote, 'cart', [OLD]);
    await makeRole(remote, 'order', [PODS]);
    const accounts = { annotated: [annotated('cart-api', 'cart')], associations: [associated('order-api', 'order')] };
    const within = context(accounts, { identity: { method: 'pod-identity' } });
    const plan = await planStep(configureWorkloadIdentity, within);
    expect(changesIn(plan).map(({ kind, id }) => `${kind} ${id.role ?? id.serviceAccount}`)).to.deep.equal([
      'iam.trust-statement cart',
      'eks.pod-identity-association cart-api',
      'eks.pod-identity-association order-api',
    ]);
    await applyStep(configureWorkloadIdentity, within, plan);
    expect(await configureWorkloadIdentity.finish(within)).to.deep.equal({ associations: 2, trusted: 0, without: [] });
  });

  it('tells which account needs an annotation where the estate wants IRSA for all', async () => {
    await makeRole(remote, 'order', [PODS]);
    const within = context({ associations: [associated('order-api', 'order')] }, { identity: { method: 'irsa' } });
    await applyStep(configureWorkloadIdentity, within, await planStep(configureWorkloadIdentity, within));
    const { trusted, without } = await configureWorkloadIdentity.finish(within);
    expect(trusted).to.equal(1);
    expect(without[0]?.remedy).to.contain(`eks.amazonaws.com/role-arn: ${arnOf('order')}`);
  });

  it('takes the role that stands in for another, by association, since the manifest still names the old one', async () => {
    await makeRole(remote, 'cart-frankfurt', [PODS]);
    const roles = { [arnOf('cart')]: arnOf('cart-frankfurt') };
    const within = context({ annotated: [annotated('cart-api', 'cart')] }, { identity: { roles } });
    const [change] = changesIn(await planStep(configureWorkloadIdentity, within));
    expect(change).to.deep.include({
      kind: 'eks.pod-identity-association',
      after: { roleArn: arnOf('cart-frankfurt'), targetRoleArn: null, run: RUN },
    });
  });

  it('copies the session policy of an association, and warns that a target role may ask for the new external id', async () => {
    await makeRole(remote, 'cart', [PODS]);
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }] });
    const targetRoleArn = arnOf('far', '444455556666');
    const account = { ...associated('cart-api', 'cart'), targetRoleArn, policy, disableSessionTags: true };
    // IRSA knows nothing of either.
    const within = context({ associations: [account] }, { identity: { method: 'irsa' } });
    await applyStep(configureWorkloadIdentity, within, await planStep(configureWorkloadIdentity, within));
    const [made] = Object.values(remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`]?.podIdentityAssociations ?? {});
    expect(made).to.include({ policy, disableSessionTags: true, targetRoleArn });
    expect(remote.lines.join('\n')).to.contain(
      `cart/cart-api goes on to ${targetRoleArn}: if that role's trust policy asks for an external id`,
    );
    expect(changesIn(await planStep(configureWorkloadIdentity, within))).to.deep.equal([]);
  });

  it('leaves out whom the estate excludes', async () => {
    const accounts = { annotated: [annotated('cart-api', 'cart'), annotated('cart-worker', 'cart'), annotated('order-api', 'order')] };
    const exclude = [{ namespace: 'cart' }, { namespace: 'order', serviceAccount: 'order-api' }];
    expect(await planStep(configureWorkloadIdentity, context(accounts, { identity: { exclude } }))).to.deep.equal([]);
  });

  it('lists roles that are gone, that lie in other accounts, and that have no room for another cluster', async () => {
    const crowd = Array.from({ length: 6 }, (_, index) => ({
      ...OLD,
      Sid: `Old${index}`,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${'x'.repeat(90)}` },
    }));
    await makeRole(remote, 'full', crowd);
    await makeRole(remote, 'full-but-prepared', [...crowd, PODS]);
    const within = context({
      annotated: [
        annotated('gone-api', 'gone'),
        annotated('far-api', 'far', '444455556666'),
        annotated('full-api', 'full'),
        annotated('prepared-api', 'full-but-prepared'),
      ],
    });
    await applyStep(configureWorkloadIdentity, within, await planStep(configureWorkloadIdentity, within));
    const { associations, without } = await configureWorkloadIdentity.finish(within);
    expect(associations).to.equal(1);
    expect(
      without.map(({ serviceAccount, reason }) => `${serviceAccount}: ${reason.replace(/\d{4} characters/, 'so many characters')}`),
    ).to.deep.equal([
      "far-api: the role lies in account 444455556666, where this run can change nothing, and EKS associates roles of the cluster's account 111122223333 alone",
      'full-api: the trust policy of full has no room for the new cluster: it would have so many characters, and IAM takes 2048',
      'gone-api: the role gone does not exist (it may have been deleted with the lost cluster)',
    ]);
  });

  it('takes a trust policy that lets in the pods of another cluster alone for one that lets none in', async () => {
    const bound = (cluster: string) => ({ ...PODS, Condition: { StringEquals: { 'aws:RequestTag/eks-cluster-name': cluster } } });
    await makeRole(remote, 'bound', [bound('shop-prod')]);
    await makeRole(remote, 'ours', [{ ...PODS, Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:eks:*:${ACCOUNT}:cluster/shop-*` } } }]);
    const within = context({ associations: [associated('cart-api', 'bound'), associated('order-api', 'ours')] }, { mode: 'drill' });
    const { associations, without } = await configureWorkloadIdentity.finish(within);
    expect(associations).to.equal(1);
    expect(without.map(({ serviceAccount }) => serviceAccount)).to.deep.equal(['cart-api']);
  });

  it('leaves an OIDC provider alone that the module of the cluster made', async () => {
    await makeRole(remote, 'cart', [OLD]);
    await (await remote.clients.iam()).createOpenIDConnectProvider({ Url: ISSUER, ClientIDList: ['sts.amazonaws.com'] });
    const within = context({ annotated: [annotated('cart-api', 'cart')] });
    expect(changesIn(await planStep(configureWorkloadIdentity, within)).map(({ kind }) => kind)).to.deep.equal(['iam.trust-statement']);
  });

  it('goes on through throttling, lost answers and a change that somebody else makes at the same time', async () => {
    await makeRole(remote, 'cart', [OLD]);
    await makeRole(remote, 'order', [PODS]);
    const { faults } = remote.running;
    faults.add({ system: 'iam', operation: 'iam:CreateOpenIDConnectProvider', effect: 'cut-after' });
    faults.add({
      system: 'iam',
      operation: 'iam:UpdateAssumeRolePolicy',
      effect: { status: 409, code: 'ConcurrentModification', message: 'Try again.' },
    });
    faults.add({ system: 'iam', operation: 'iam:GetRole', effect: 'throttle', times: 2 });
    faults.add({ system: 'eks', operation: 'eks:CreatePodIdentityAssociation', effect: 'cut-after' });
    const within = context({ annotated: [annotated('cart-api', 'cart')], associations: [associated('order-api', 'order')] });
    await applyStep(configureWorkloadIdentity, within, await planStep(configureWorkloadIdentity, within));
    expect(changesIn(await planStep(configureWorkloadIdentity, within))).to.deep.equal([]);
  });

  it('tells when a role is deleted between plan and apply', async () => {
    await makeRole(remote, 'cart', [OLD]);
    const within = context({ annotated: [annotated('cart-api', 'cart')] });
    const plan = await planStep(configureWorkloadIdentity, within);
    await (await remote.clients.iam()).deleteRole({ RoleName: 'cart' });
    const error = await failure('remote-refused', applyStep(configureWorkloadIdentity, within, plan));
    expect(error.message).to.match(/^The role cart does not exist/);
  });

  it('says that pods get nothing without the agent', async () => {
    await makeRole(remote, 'cart', [PODS]);
    const client = await remote.clients.eks(REGION);
    await client.deleteAddon({ clusterName: CLUSTER, addonName: 'eks-pod-identity-agent' });
    await remote.clients.clock.sleep(60, remote.clients.signal);
    const within = context({ associations: [associated('cart-api', 'cart')] });
    const error = await failure('unhealthy', async () => configureWorkloadIdentity.finish(within));
    expect(error.remedy).to.match(/^Add the add-on \(aws eks create-addon/);
  });
});
