import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { newRelicSecret } from '../../steps/checks/new-relic-secret.ts';
import type { Kubernetes } from '../../steps/clients/kubernetes.ts';
import { prepareNamespaces } from '../../steps/prepare-namespaces.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN, seedCluster } from './cluster.ts';
import { contextOf } from './context.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const names = Array.from({ length: 60 }, (_, index) => `shop-${String(index).padStart(2, '0')}`);
const needs = {
  connected: at,
  inventory: {
    services: [{ namespace: 'shop-00' }],
    namespaces: [
      { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      ...names.map((name) => ({ name, labels: { 'kubernetes.io/metadata.name': name, 'istio-injection': 'enabled' } })),
    ],
  },
};

describe('preparing the namespaces', () => {
  let remote: Remote;
  let api: Kubernetes;

  beforeEach(async () => {
    const world = bareWorld();
    seedCluster(world);
    remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world, secrets: { 'env:NEW_RELIC_LICENSE_KEY': 'the licence key' } });
    createClusterState(remote.running.sandbox, at);
    api = await remote.clients.kubernetes(at);
  });

  afterEach(() => remote.stop());

  it('makes namespaces with their labels, a licence in each, and the account of the Vault reviewer with its token', async () => {
    const context = contextOf(remote, { needs });
    const plan = await planStep(prepareNamespaces, context);
    expect(changesIn(plan)).to.have.length(61 + 61 + 3);
    expect(waitsIn(plan)).to.deep.equal(['kubernetes-service-account-token']);
    expect(JSON.stringify(plan)).not.to.contain('licence key');

    await applyStep(prepareNamespaces, context, plan);
    const namespace = await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop-07' });
    expect(namespace?.metadata.labels).to.include({ 'istio-injection': 'enabled', 'example.com/recovered': 'true', 'eks-dr/run': RUN });
    const secret = await api.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'shop-07', name: 'newrelic-license' });
    expect(secret?.data).to.deep.equal({ licenseKey: Buffer.from('the licence key').toString('base64') });
    expect(remote.lines.join('')).not.to.contain('licence key');

    const outputs = await prepareNamespaces.finish(context);
    expect(outputs.namespaces).to.deep.equal([...names, 'vault-auth']);
    expect(outputs.vaultReviewer).to.deep.equal({
      namespace: 'vault-auth',
      serviceAccount: 'vault-reviewer',
      secret: 'vault-reviewer-token',
    });
    expect(changesIn(await planStep(prepareNamespaces, context))).to.deep.equal([]);
  });

  it('continues after a crash where it stopped', async () => {
    const context = contextOf(remote, { needs });
    const plan = await planStep(prepareNamespaces, context);
    remote.running.faults.add({ system: 'kubernetes', operation: 'PATCH *', nth: 40, times: 100, effect: { status: 403 } });
    await failure('permission-denied', applyStep(prepareNamespaces, context, plan));
    remote.running.faults.clear();
    await applyStep(prepareNamespaces, context, plan);
    expect(changesIn(await planStep(prepareNamespaces, context))).to.deep.equal([]);
  });

  it('goes on through lost answers', async () => {
    const context = contextOf(remote, { needs });
    remote.running.faults.add({ system: 'kubernetes', operation: 'PATCH *', nth: 3, times: 5, effect: 'cut-after' });
    await applyStep(prepareNamespaces, context, await planStep(prepareNamespaces, context));
    expect(changesIn(await planStep(prepareNamespaces, context))).to.deep.equal([]);
  });

  it('goes back to an empty cluster', async () => {
    const few = { ...needs, inventory: { services: [], namespaces: needs.inventory.namespaces.slice(0, 4) } };
    const context = contextOf(remote, { needs: few });
    const plan = await planStep(prepareNamespaces, context);
    await applyStep(prepareNamespaces, context, plan);
    await undoStep(prepareNamespaces, context, plan);
    const left = await api.list({ apiVersion: 'v1', kind: 'Namespace' }, { labelSelector: `eks-dr/run=${RUN}` });
    expect(left).to.deep.equal([]);
    expect(
      await api.get({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'vault-reviewer-auth-delegator' }),
    ).to.equal(null);
  });

  it('leaves a licence secret alone that somebody else made', async () => {
    await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-00' } }, { fieldManager: 'team' });
    await api.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'newrelic-license', namespace: 'shop-00' },
      type: 'Opaque',
      data: { licenseKey: 'eA==' },
    });
    const error = await failure('conflict', planStep(prepareNamespaces, contextOf(remote, { needs })));
    expect(error.message).to.contain('shop-00/newrelic-license');
  });

  it('finds out before it starts that the licence key has no value', async () => {
    expect(await newRelicSecret.run(contextOf(remote, { needs }))).to.deep.equal([]);
    const context = contextOf(remote, { needs });
    const unset = {
      ...context,
      estate: {
        ...context.estate,
        namespaces: { ...context.estate.namespaces, newRelic: { licenseKey: 'env:UNSET', secretName: 'x', secretKey: 'y' } },
      },
    };
    const findings = await newRelicSecret.run(unset);
    expect(findings.map(({ severity, message }) => [severity, message.includes('env:UNSET')])).to.deep.equal([['blocker', true]]);
  });
});
