import { KubeConfig } from '@kubernetes/client-node';
import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { addNodes, createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { accessRoles } from '../../steps/checks/access-roles.ts';
import { awsIdentity } from '../../steps/checks/aws-identity.ts';
import { eksRoom } from '../../steps/checks/eks-room.ts';
import { permissionsOf } from '../../steps/cluster-rights.ts';
import { connectCluster } from '../../steps/connect-cluster.ts';
import { addons } from '../../steps/estate/addons.ts';
import { steps } from '../../steps/index.ts';
import { kubernetesPermission } from '../../steps/waits/kubernetes-permission.ts';
import { failure } from '../failure.ts';
import { ARGOCD, CLUSTER, REGION, RUNNER, seedCluster } from './cluster.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const needs = { created: { ...at, accountId: '111122223333', values: {} } };
const access = {
  entries: [{ principalArn: RUNNER, policy: 'AmazonEKSClusterAdminPolicy' as const, groups: [] }],
};

describe('connecting the new cluster', () => {
  let remote: Remote;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world });
    createClusterState(remote.running.sandbox, at);
    addNodes(remote.running.sandbox, at, 1);
    await (await remote.clients.eks(REGION)).createAddon({ clusterName: CLUSTER, addonName: 'eks-pod-identity-agent' });
  });

  afterEach(() => remote.stop());

  const context = () => ({ ...contextOf(remote, { needs, estate: estateWith({ access }) }), allSteps: async () => steps });

  it('lets Argo CD in, waits until the cluster can work, and tells how to reach it', async () => {
    const plan = await planStep(connectCluster, context());
    expect(changesIn(plan).map(({ kind, id }) => [kind, id.principalArn])).to.deep.equal([
      ['eks.access-entry', RUNNER],
      ['eks.access-entry', ARGOCD],
      ['eks.access-policy', ARGOCD],
    ]);
    expect(waitsIn(plan)).to.deep.equal([
      'cluster-active',
      'kubernetes-api-answers',
      'kubernetes-permission',
      'kubernetes-node-ready',
      'kubernetes-deployment-available',
      'pod-identity-agent-ready',
    ]);
    await applyStep(connectCluster, context(), plan);
    const outputs = await connectCluster.finish(context());
    expect(outputs).to.deep.include({ ...at, version: '1.34' });
    expect(outputs.endpoint).to.match(/^https:\/\//);
    expect(Buffer.from(outputs.ca, 'base64').toString()).to.contain('BEGIN CERTIFICATE');
    expect(changesIn(await planStep(connectCluster, context()))).to.deep.equal([]);
  });

  it('writes a kubeconfig that logs in with the identity of whoever uses it, and holds no token', async () => {
    await applyStep(connectCluster, context(), await planStep(connectCluster, context()));
    const outputs = await connectCluster.finish(context());
    const text = connectCluster.files?.(outputs)['kubeconfig.yaml'] ?? '';
    const config = new KubeConfig();
    config.loadFromString(text);
    expect(config.getCurrentContext()).to.equal(CLUSTER);
    expect(config.getCurrentCluster()).to.deep.include({ server: outputs.endpoint, caData: outputs.ca });
    const user = config.getCurrentUser();
    expect(user?.exec).to.deep.include({
      command: 'aws',
      args: ['eks', 'get-token', '--region', REGION, '--cluster-name', CLUSTER, '--output', 'json'],
    });
    expect(user?.token ?? user?.keyData ?? null).to.equal(null);
    expect(text).not.to.contain('k8s-aws-v1.');
  });

  it('asks whether we may do what every later step needs', async () => {
    const [wait] = (await planStep(connectCluster, context()))
      .flat()
      .filter((item) => 'wait' in item && item.wait === 'kubernetes-permission');
    const { permissions } = (wait as unknown as { args: { permissions: unknown[] } }).args;
    expect(permissions).to.deep.include.members([
      { verb: 'create', group: '', resource: 'serviceaccounts/token' },
      { verb: 'patch', group: 'karpenter.sh', resource: 'nodepools' },
      { verb: 'delete', group: '', resource: 'limitranges' },
    ]);
    expect(permissions).to.deep.equal(permissionsOf(steps));
  });

  it('waits for the Pod Identity agent, and says how to add one where there is none', async () => {
    const agent = connectCluster.waits.find(({ wait }) => wait === 'pod-identity-agent-ready');
    const addon = remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`]?.addons['eks-pod-identity-agent'];
    if (addon === undefined) throw new Error('the cluster has no agent');
    Object.assign(addon, { status: 'CREATING', dueAt: Number.MAX_SAFE_INTEGER });
    const looked = await agent?.look(remote.clients as never, at, 0);
    expect(looked).to.deep.equal({ done: false, reason: 'the add-on eks-pod-identity-agent is CREATING' });
    addon.status = 'ACTIVE';
    expect(await agent?.look(remote.clients as never, at, 0)).to.deep.equal({ done: true });
    await (await remote.clients.eks(REGION)).deleteAddon({ clusterName: CLUSTER, addonName: 'eks-pod-identity-agent' });
    const error = await failure('unhealthy', async () => {
      for (;;) {
        await agent?.look(remote.clients as never, at, 0);
        await remote.clients.clock.sleep(5);
      }
    });
    expect(error.remedy).to.contain('aws eks create-addon');
  });

  it('does not wait for an agent that no controller of the estate needs', async () => {
    const estate = { ...estateWith({ access }), addons: addons.parse({ loadBalancerController: { identity: 'irsa' } }) };
    expect(waitsIn(await planStep(connectCluster, { ...context(), estate }))).not.to.include('pod-identity-agent-ready');
  });

  it('goes back to what was there', async () => {
    const plan = await planStep(connectCluster, context());
    await applyStep(connectCluster, context(), plan);
    await undoStep(connectCluster, context(), plan);
    const client = await remote.clients.eks(REGION);
    expect((await client.listAccessEntries({ clusterName: CLUSTER })).accessEntries).to.deep.equal([RUNNER]);
  });

  it('names what we may not do', async () => {
    const cluster = remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`];
    const policy = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
    if (cluster !== undefined) {
      cluster.effective[RUNNER] = {
        username: 'runner',
        groups: [],
        associations: [{ policyArn: policy, accessScope: { type: 'cluster', namespaces: [] } }],
      };
    }
    const looked = await kubernetesPermission.look(
      remote.clients,
      { ...at, permissions: [{ verb: 'create', group: '', resource: 'namespaces' }] },
      0,
    );
    expect(looked).to.deep.equal({ done: false, reason: 'not allowed yet: create namespaces' });
  });

  it('waits while the login of a new entry is not known yet', async () => {
    const cluster = remote.running.sandbox.world.eks.clusters[`${REGION}/${CLUSTER}`];
    const known = cluster?.effective[RUNNER];
    if (cluster === undefined || known === undefined) throw new Error('the cluster has no entry of its creator');
    delete cluster.effective[RUNNER];
    const answers = connectCluster.waits.find(({ wait }) => wait === 'kubernetes-api-answers');
    expect(await answers?.look(remote.clients as never, at, 0)).to.have.property('done', false);
    await failure('login-refused', async () => answers?.look(remote.clients as never, at, 300));
    cluster.effective[RUNNER] = known;
    expect(await answers?.look(remote.clients as never, at, 0)).to.deep.equal({ done: true });
  });

  it('finds credentials of another account before it starts', async () => {
    expect(await awsIdentity.run(context())).to.deep.equal([]);
    const estate = estateWith();
    const target = estate.targets.frankfurt;
    if (target === undefined) throw new Error('the example has no target frankfurt');
    const elsewhere = { ...estate, targets: { frankfurt: { ...target, accountId: '444455556666' } } };
    const [finding] = await awsIdentity.run(contextOf(remote, { needs, estate: elsewhere }));
    expect(finding).to.include({ severity: 'blocker' });
    expect(finding?.message).to.contain('111122223333').and.contain('444455556666');
  });

  it('warns when the credentials show nothing of the primary', async () => {
    const estate = estateWith();
    const elsewhere = { ...estate, primary: { ...estate.primary, accountId: '444455556666' } };
    const findings = await awsIdentity.run(contextOf(remote, { needs, estate: elsewhere }));
    expect(findings.map(({ severity, message }) => `${severity} ${message}`)).to.have.length(1);
    expect(findings[0]).to.include({ severity: 'warning' });
    expect(findings[0]?.message).to.contain('the primary lies in 444455556666');
  });

  it('finds a missing EKS permission before it starts', async () => {
    expect(await eksRoom.run(context())).to.deep.equal([]);
    const identity = remote.running.sandbox.world.iam.identities[RUNNER];
    if (identity !== undefined) identity.deny = ['eks:ListClusters'];
    const [finding] = await eksRoom.run(context());
    expect(finding).to.include({ severity: 'blocker' });
    expect(finding?.remedy).to.contain('eks:ListClusters');
  });

  it('finds a role that does not exist before it starts', async () => {
    const missing = 'arn:aws:iam::111122223333:role/missing';
    const entries = [...access.entries, { principalArn: missing, policy: 'AmazonEKSViewPolicy' as const, groups: [] }];
    const findings = await accessRoles.run(contextOf(remote, { needs, estate: estateWith({ access: { entries } }) }));
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['blocker']);
    expect(findings[0]?.message).to.contain(missing);
  });

  it('only warns when it may not look at roles', async () => {
    const identity = remote.running.sandbox.world.iam.identities[RUNNER];
    if (identity !== undefined) identity.deny = ['iam:GetRole'];
    const findings = await accessRoles.run(context());
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['warning', 'warning']);
  });

  it('does not touch the cluster of another run in a drill', async () => {
    const foreign = contextOf(remote, { needs, estate: estateWith({ access }), run: runWith({ id: 'drill-2' }) });
    const error = await failure('drill-guard', planStep(connectCluster, foreign));
    expect(error.message).to.contain('drill-1');
  });
});
