import { expect } from 'chai';
import { ec2 } from '../../sandbox/ec2/system.ts';
import { eks } from '../../sandbox/eks/system.ts';
import { iam } from '../../sandbox/iam/system.ts';
import { createClusterState } from '../../sandbox/kubernetes/clusters.ts';
import { kubernetes } from '../../sandbox/kubernetes/system.ts';
import { sts } from '../../sandbox/sts/system.ts';
import { namespaceSecrets } from '../../steps/checks/namespace-secrets.ts';
import type { Kubernetes } from '../../steps/clients/kubernetes.ts';
import { namespaces as namespaceSettings } from '../../steps/estate/platform.ts';
import { prepareNamespaces } from '../../steps/prepare-namespaces.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION, RUN, seedCluster } from './cluster.ts';
import { contextOf } from './context.ts';
import { bareWorld, type Remote, startRemote } from './remote.ts';
import { applyStep, changesIn, planStep, undoStep, waitsIn } from './walking.ts';

const at = { region: REGION, cluster: CLUSTER };
const names = Array.from({ length: 60 }, (_, index) => `shop-${String(index).padStart(2, '0')}`);
const primaryNamespace = (name: string) => ({
  name,
  labels: { 'kubernetes.io/metadata.name': name, 'istio-injection': 'enabled', 'pod-security.kubernetes.io/enforce': 'baseline' },
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'example.com/owner': 'shop' },
  limits: [] as object[],
});
const needs = {
  connected: at,
  inventory: {
    services: [{ name: 'cart', namespace: 'shop-00' }],
    withoutTemplate: [],
    namespaces: ['kube-system', ...names].map(primaryNamespace),
  },
};
const only = (...namespaces: ReturnType<typeof primaryNamespace>[]) => ({
  ...needs,
  inventory: { ...needs.inventory, services: [], namespaces },
});

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
    expect(namespace?.metadata.labels).to.include({
      'istio-injection': 'enabled',
      'pod-security.kubernetes.io/enforce': 'baseline',
      'example.com/recovered': 'true',
      'eks-dr/run': RUN,
    });
    expect(namespace?.metadata.annotations).to.deep.equal({ 'example.com/owner': 'shop' });
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
    const context = contextOf(remote, { needs: only(...names.slice(0, 3).map(primaryNamespace)) });
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

  it('copies quotas and limit ranges, and takes them back', async () => {
    const own = { labels: { team: 'a' }, annotations: {} };
    const quota = { kind: 'ResourceQuota', name: 'team', ...own, spec: { hard: { 'requests.cpu': '20', pods: '100' } } };
    const defaults = { cpu: '500m', memory: '1Gi' };
    const range = {
      kind: 'LimitRange',
      name: 'defaults',
      ...own,
      spec: { limits: [{ type: 'Container', default: defaults, defaultRequest: defaults }] },
    };
    const context = contextOf(remote, { needs: only({ ...primaryNamespace('shop-00'), limits: [range, quota] }) });
    const plan = await planStep(prepareNamespaces, context);
    await applyStep(prepareNamespaces, context, plan);
    const found = await api.get({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: 'shop-00', name: 'team' });
    expect(found?.spec).to.deep.equal(quota.spec);
    expect(found?.metadata.labels).to.deep.equal({ team: 'a', 'eks-dr/run': RUN });
    const limits = await api.get({ apiVersion: 'v1', kind: 'LimitRange', namespace: 'shop-00', name: 'defaults' });
    expect(limits?.spec).to.deep.equal(range.spec);
    expect(changesIn(await planStep(prepareNamespaces, context))).to.deep.equal([]);
    await undoStep(prepareNamespaces, context, plan);
    expect(await api.list({ apiVersion: 'v1', kind: 'ResourceQuota' })).to.deep.equal([]);
  });

  describe('with further secrets', () => {
    const pull = { name: 'registry', type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'env:REGISTRY_LOGIN' } };
    const withSecrets = (...secrets: object[]) => {
      const context = contextOf(remote, { needs: only(...names.slice(0, 3).map(primaryNamespace)) });
      const { secrets: parsed } = namespaceSettings.parse({ secrets });
      return { ...context, estate: { ...context.estate, namespaces: { ...context.estate.namespaces, secrets: parsed } } };
    };

    beforeEach(async () => {
      await remote.stop();
      const world = bareWorld();
      seedCluster(world);
      const values = { 'env:NEW_RELIC_LICENSE_KEY': 'the licence key', 'env:REGISTRY_LOGIN': '{"auths":{}}' };
      remote = await startRemote([sts, iam, ec2, eks, kubernetes], { world, secrets: values });
      createClusterState(remote.running.sandbox, at);
      api = await remote.clients.kubernetes(at);
    });

    it('puts each where the estate wants it, and nowhere else', async () => {
      const context = withSecrets({ ...pull, namespaces: ['shop-00', 'shop-02'] });
      const plan = await planStep(prepareNamespaces, context);
      expect(JSON.stringify(plan)).not.to.contain('auths');
      await applyStep(prepareNamespaces, context, plan);
      const found = (await api.list({ apiVersion: 'v1', kind: 'Secret' })).filter(({ metadata }) => metadata.name === 'registry');
      expect(found.map(({ metadata }) => metadata.namespace).sort()).to.deep.equal(['shop-00', 'shop-02']);
      expect(found[0]).to.deep.include({ type: pull.type, data: { '.dockerconfigjson': Buffer.from('{"auths":{}}').toString('base64') } });
      expect(changesIn(await planStep(prepareNamespaces, context))).to.deep.equal([]);
      await undoStep(prepareNamespaces, context, plan);
      expect((await api.list({ apiVersion: 'v1', kind: 'Secret' })).filter(({ metadata }) => metadata.name === 'registry')).to.deep.equal(
        [],
      );
    });

    it('names every namespace that is not prepared, and every secret that two entries bring, at once', async () => {
      const twin = { name: 'newrelic-license', data: { key: 'env:REGISTRY_LOGIN' }, namespaces: ['shop-01'] };
      const context = withSecrets({ ...pull, namespaces: ['shop-00', 'nowhere', 'kube-system'] }, twin);
      const error = await failure('input-invalid', planStep(prepareNamespaces, context));
      const message = [error, ...error.also].map((one) => one.message).join('\n');
      expect(message).to.contain('nowhere').and.contain('kube-system');
      expect(message).to.contain('namespaces.newRelic and namespaces.secrets[1] both bring the secret shop-01/newrelic-license');
    });

    it('leaves those alone that somebody else made, and says which entry to change', async () => {
      await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop-01' } }, { fieldManager: 'team' });
      await api.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'registry', namespace: 'shop-01' },
        type: 'Opaque',
        data: {},
      });
      const error = await failure('conflict', planStep(prepareNamespaces, withSecrets(pull)));
      expect(error.message).to.contain('shop-01/registry');
      expect(error.remedy).to.contain('namespaces.secrets[0]');
    });
  });

  it('finds out before it starts which secrets have no value', async () => {
    expect(await namespaceSecrets.run(contextOf(remote, { needs }))).to.deep.equal([]);
    const context = contextOf(remote, { needs });
    const secrets = { newRelic: { licenseKey: 'env:UNSET' }, secrets: [{ name: 'registry', data: { a: 'env:UNSET_TOO' } }] };
    const findings = await namespaceSecrets.run({
      ...context,
      estate: { ...context.estate, namespaces: namespaceSettings.parse(secrets) },
    });
    expect(findings.map(({ severity }) => severity)).to.deep.equal(['blocker', 'blocker']);
    expect(findings.map(({ message }) => message).join())
      .to.contain('env:UNSET')
      .and.contain('env:UNSET_TOO');
  });
});
