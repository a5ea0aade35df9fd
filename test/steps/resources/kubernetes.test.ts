import { expect } from 'chai';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { createClusterState } from '../../../sandbox/kubernetes/clusters.ts';
import { kubernetes as kubernetesSystem } from '../../../sandbox/kubernetes/system.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import type { Kubernetes } from '../../../steps/clients/kubernetes.ts';
import { kubernetesObject } from '../../../steps/resources/kubernetes-object.ts';
import { kubernetesSecret } from '../../../steps/resources/kubernetes-secret.ts';
import { failure } from '../../failure.ts';
import { CLUSTER, REGION, RUN, seedCluster } from '../cluster.ts';
import { type Driving, driving } from '../driving.ts';
import { bareWorld, type Remote, startRemote } from '../remote.ts';

const at = { region: REGION, cluster: CLUSTER };
const namespaceId = (name: string) => ({ ...at, apiVersion: 'v1', kind: 'Namespace', namespace: '', name });
const labelled = (labels: Record<string, string> = {}) => ({ metadata: { labels: { ...labels, 'eks-dr/run': RUN } } });
const team = { manager: 'team', operation: 'Apply' };

async function startWithCluster(secrets: Record<string, string> = {}): Promise<Remote> {
  const world = bareWorld();
  seedCluster(world);
  seedCluster(world, { name: 'shop-prod', tags: {} });
  const remote = await startRemote([sts, iam, ec2, eks, kubernetesSystem], { world, secrets });
  createClusterState(remote.running.sandbox, at);
  createClusterState(remote.running.sandbox, { region: REGION, cluster: 'shop-prod' });
  return remote;
}

describe('the driver of Kubernetes objects', () => {
  let remote: Remote;
  let objects: Driving;
  let api: Kubernetes;

  beforeEach(async () => {
    remote = await startWithCluster();
    objects = driving(kubernetesObject, remote.clients);
    api = await remote.clients.kubernetes(at);
  });

  afterEach(() => remote.stop());

  it('creates a namespace, finds nothing more to do, changes and deletes it', async () => {
    const id = namespaceId('shop');
    const first = labelled({ team: 'a' });
    await objects.write(id, null, first);
    expect(await objects.now(id)).to.deep.equal(first);
    expect(await objects.difference(id, first)).to.equal(null);
    await objects.write(id, first, labelled());
    expect(await objects.now(id)).to.deep.equal(labelled());
    await objects.write(id, labelled(), null);
    for (let tries = 0; tries < 100 && (await objects.now(id)) !== null; tries += 1) await remote.clients.clock.sleep(2);
    expect(await objects.now(id)).to.equal(null);
  });

  it('writes role bindings and service accounts as they were planned', async () => {
    await objects.write(namespaceId('vault-auth'), null, labelled());
    const account = { ...at, apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'vault-auth', name: 'vault-reviewer' };
    await objects.write(account, null, labelled());
    expect(await objects.difference(account, labelled())).to.equal(null);
    const binding = {
      ...at,
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      namespace: '',
      name: 'Vault-Reviewer',
    };
    const wanted = {
      ...labelled(),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [{ kind: 'ServiceAccount', name: 'vault-reviewer', namespace: 'vault-auth' }],
    };
    await objects.write(binding, null, wanted);
    expect(await objects.difference(binding, wanted)).to.equal(null);
  });

  it('leaves the fields of others alone, and gives ours back on the way back', async () => {
    const id = namespaceId('shop');
    await api.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { theirs: 'x' } } },
      { fieldManager: team.manager },
    );
    expect(await objects.now(id)).to.deep.equal({});
    await objects.write(id, {}, labelled());
    expect(await objects.now(id)).to.deep.equal(labelled());
    await objects.write(id, labelled(), {});
    expect(await objects.now(id)).to.deep.equal({});
    expect((await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }))?.metadata.labels)
      .to.include({ theirs: 'x' })
      .and.not.have.property('eks-dr/run');
  });

  it('names the manager of a field it must not take over', async () => {
    await api.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'b' } } },
      { fieldManager: team.manager },
    );
    const error = await failure('conflict', objects.write(namespaceId('shop'), {}, labelled({ team: 'a' })));
    expect(error.message).to.contain('"team"').and.contain('.metadata.labels.team');
  });

  it('answers a conflict when the object changed after the last look', async () => {
    const id = namespaceId('shop');
    await objects.write(id, null, labelled());
    const seen = await objects.look(id, labelled(), labelled({ team: 'a' }));
    await api.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { theirs: 'x' } } },
      { fieldManager: team.manager },
    );
    await failure('conflict', objects.write(id, labelled(), labelled({ team: 'a' }), seen));
  });

  it('sees a foreign edit of our own fields', async () => {
    const id = namespaceId('shop');
    await objects.write(id, null, labelled({ team: 'a' }));
    await api.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'b' } } },
      { fieldManager: team.manager, force: true },
    );
    expect((await objects.look(id, labelled(), labelled({ team: 'a' }))).at).to.equal('before');
    expect((await objects.look(id, null, labelled({ team: 'a' }))).at).to.equal('elsewhere');
  });

  it('deletes only the very object it saw', async () => {
    const account = { ...at, apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'default', name: 'x' };
    await objects.write(account, null, labelled());
    const seen = await objects.look(account, labelled(), null);
    await api.delete(account);
    await objects.write(account, null, labelled());
    await failure('conflict', objects.write(account, labelled(), null, seen));
    expect(await objects.now(account)).to.deep.equal(labelled());
  });

  it('does not delete what was changed after the last look', async () => {
    const id = namespaceId('shop');
    await objects.write(id, null, labelled());
    const seen = await objects.look(id, labelled(), null);
    await api.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'in-use': 'true' } } },
      { fieldManager: team.manager },
    );
    await failure('conflict', objects.write(id, labelled(), null, seen));
    expect((await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }))?.metadata.deletionTimestamp).to.equal(undefined);
  });

  it('reads many objects with few requests', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `ns-${index}`);
    await Promise.all(names.map((name) => objects.write(namespaceId(name), null, labelled())));
    const before = remote.running.faults.add({ system: 'kubernetes', operation: '*namespaces*', nth: 1_000_000, effect: 'cut-before' });
    const looks = await kubernetesObject.look(
      remote.clients,
      names.map((name) => ({ kind: kubernetesObject.kind, id: namespaceId(name), before: null, after: labelled() })),
    );
    expect(looks.every((look) => look.at === 'after')).to.equal(true);
    expect(before.matched).to.be.lessThan(5);
  });

  it('knows whose an object is by its label, else by the cluster', async () => {
    expect(await objects.owner(namespaceId('absent'))).to.deep.equal({ kind: 'run', run: RUN });
    await objects.write(namespaceId('shop'), null, { metadata: { labels: { 'eks-dr/run': 'drill-2' } } });
    expect(await objects.owner(namespaceId('shop'))).to.deep.equal({ kind: 'run', run: 'drill-2' });
    const production = { ...namespaceId('absent'), cluster: 'shop-prod' };
    expect(await objects.owner(production)).to.deep.include({ kind: 'other' });
  });

  it('finds nothing where the cluster is gone', async () => {
    expect(await objects.now({ ...namespaceId('shop'), cluster: 'gone' })).to.equal(null);
  });

  it('refuses to carry what is in a secret', () => {
    const id = { ...at, apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: 'x' };
    expect(() => kubernetesObject.resource(id, { type: 'Opaque', data: { password: 'aHVudGVyMg==' } })).to.throw(/kubernetes.secret/);
  });
});

describe('the driver of Kubernetes secrets', () => {
  let remote: Remote;
  let secrets: Driving;
  let api: Kubernetes;
  const id = { ...at, namespace: 'default', name: 'newrelic-license' };

  beforeEach(async () => {
    remote = await startWithCluster({ 'env:KEY': 'the licence key', 'env:OTHER': 'another key' });
    secrets = driving(kubernetesSecret, remote.clients);
    api = await remote.clients.kubernetes(at);
  });

  afterEach(() => remote.stop());

  async function wanted(ref = 'env:KEY', run = RUN) {
    return { type: 'Opaque', labels: { 'eks-dr/run': run }, data: { licenseKey: await remote.clients.secrets.field(ref) } };
  }

  async function live(): Promise<string> {
    const found = await api.get({ apiVersion: 'v1', kind: 'Secret', namespace: id.namespace, name: id.name });
    return Buffer.from(String((found?.data as Record<string, string> | undefined)?.licenseKey), 'base64').toString();
  }

  it('writes the value from its source, never shows it, and deletes', async () => {
    const after = await wanted();
    await secrets.write(id, null, after);
    expect(await live()).to.equal('the licence key');
    const seen = await secrets.look(id, null, after);
    expect(seen.at).to.equal('after');
    expect(JSON.stringify([after, seen.now, seen.observed]))
      .not.to.contain('licence key')
      .and.not.to.contain(Buffer.from('the licence key').toString('base64'));
    await secrets.write(id, after, null);
    expect(await secrets.now(id)).to.equal(null);
  });

  it('replaces the value of its own secret', async () => {
    const before = await wanted();
    await secrets.write(id, null, before);
    await secrets.write(id, before, await wanted('env:OTHER'));
    expect(await live()).to.equal('another key');
  });

  it('sees that somebody changed the value', async () => {
    await secrets.write(id, null, await wanted('env:OTHER'));
    expect((await secrets.look(id, null, await wanted())).at).to.equal('elsewhere');
  });

  it('never takes over a secret that is not of this run', async () => {
    await api.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: id.name, namespace: id.namespace },
      type: 'Opaque',
      data: { licenseKey: 'eA==' },
    });
    const error = await failure('conflict', secrets.write(id, await secrets.now(id), await wanted()));
    expect(error.message).to.contain('not made by EKS-DR');
    expect(await live()).to.equal('x');
    expect(await secrets.owner(id)).to.deep.include({ kind: 'other' });
  });

  it('leaves the secret of another run alone', async () => {
    await secrets.write(id, null, await wanted('env:OTHER', 'drill-2'));
    const error = await failure('conflict', secrets.write(id, await secrets.now(id), await wanted()));
    expect(error.message).to.contain('drill-2');
  });

  it('says so when the value is not at hand', async () => {
    const after = { ...(await wanted()), data: { licenseKey: { ref: 'env:UNSET', mac: 'x' } } };
    await failure('environment-missing', secrets.write(id, null, after));
  });

  it('reads one secret in many namespaces with one request', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      names.map((name) => api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' })),
    );
    const after = await wanted();
    await Promise.all(names.map((namespace) => secrets.write({ ...id, namespace }, null, after)));
    const count = remote.running.faults.add({ system: 'kubernetes', operation: '*secrets*', nth: 1_000_000, effect: 'cut-before' });
    const looks = await kubernetesSecret.look(
      remote.clients,
      names.map((namespace) => ({ kind: kubernetesSecret.kind, id: { ...id, namespace }, before: null, after })),
    );
    expect(looks.map((look) => look.at)).to.deep.equal(names.map(() => 'after'));
    expect(count.matched).to.equal(1);
  });
});
