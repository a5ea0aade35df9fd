import { expect } from 'chai';
import { PRIMARY_SERVER } from '../../../sandbox/worlds/names.ts';
import { type ArgoCdSandbox, addCluster, clusterBody, startArgoCd, until } from './argocd-sandbox.ts';

const REFUSED = { error: 'permission denied', code: 7, message: 'permission denied' };

describe('the sandbox Argo CD: clusters and projects', function () {
  this.timeout(20_000);
  let sandbox: ArgoCdSandbox;
  before(async () => {
    sandbox = await startArgoCd();
    addCluster(sandbox, 'shop-one', { admins: ['argocd-management'] });
    addCluster(sandbox, 'shop-closed', { admins: ['platform-admin'] });
  });
  after(() => sandbox.running.stop());

  it('lists the cluster that it runs on and the primary, by server and by name', async () => {
    const { body } = await sandbox.call('GET', '/api/v1/clusters');
    expect(body.items.map((item: { name: string }) => item.name)).to.deep.equal(['in-cluster', 'shop-prod']);
    const byServer = await sandbox.call('GET', `/api/v1/clusters/${encodeURIComponent(PRIMARY_SERVER)}`);
    const byName = await sandbox.call('GET', '/api/v1/clusters/shop-prod?id.type=name');
    // Argo CD asks the cluster again and again: the time of the last attempt is another by the second call.
    const timeless = (found: object): unknown =>
      JSON.parse(JSON.stringify(found, (key, value) => (key === 'attemptedAt' ? 'at some time' : value)));
    expect(timeless(byServer.body)).to.deep.equal(timeless(byName.body));
    expect(byName.body.connectionState.status).to.equal('Successful');
  });

  it('finds the primary unreachable while fault rules keep its API server from answering', async () => {
    const primary = () => sandbox.call('GET', '/api/v1/clusters/shop-prod?id.type=name');
    const status = (wanted: string) => until(primary, ({ body }) => body.connectionState.status === wanted);
    const { faults } = sandbox.running;
    faults.add({ system: 'kubernetes', operation: '*', region: 'eu-west-1', times: 'always', effect: 'cut-before' });
    expect((await status('Failed')).body.connectionState.message).to.contain('context deadline exceeded');
    faults.clear();
    await status('Successful');
  });

  it('says permission denied for a cluster that is not there', async () => {
    expect(await sandbox.call('GET', '/api/v1/clusters/nowhere?id.type=name')).to.deep.equal({ status: 403, body: REFUSED });
  });

  it('asks for a token, and for JSON with every change', async () => {
    const { argocd } = sandbox.running.addresses;
    const nobody = await fetch(`${argocd}/api/v1/clusters`);
    expect(nobody.status).to.equal(401);
    expect(await nobody.json()).to.include({ code: 16 });
    const untyped = await fetch(`${argocd}/api/v1/clusters/shop-prod`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer sandbox-argocd-token' },
    });
    expect(untyped.status).to.equal(415);
  });

  it('registers a cluster that lets its role in, and never gives back how', async () => {
    const created = await sandbox.call('POST', '/api/v1/clusters', clusterBody(sandbox, 'shop-one'));
    expect(created.status).to.equal(200);
    expect(created.body.config).to.deep.equal({ tlsClientConfig: { insecure: false } });
    expect(created.body.labels).to.deep.equal({ run: 'shop-one' });
    expect(created.body.connectionState.status).to.equal('Successful');
    // Nothing targets it, so the controller does not watch it.
    const later = await until(
      () => sandbox.call('GET', '/api/v1/clusters/shop-one?id.type=name'),
      ({ body }) => body.connectionState.status === 'Unknown',
    );
    expect(later.body.connectionState.message).to.match(/not being monitored/);
  });

  it('takes the same cluster again, and another one under its address only with upsert', async () => {
    const body = clusterBody(sandbox, 'shop-one');
    expect((await sandbox.call('POST', '/api/v1/clusters', body)).status).to.equal(200);
    const other = { ...body, labels: { run: 'other' } };
    expect((await sandbox.call('POST', '/api/v1/clusters', other)).body.code).to.equal(3);
    expect((await sandbox.call('POST', '/api/v1/clusters?upsert=true', other)).body.labels).to.deep.equal({ run: 'other' });
  });

  it('refuses a cluster without an access entry for its role', async () => {
    const { status, body } = await sandbox.call('POST', '/api/v1/clusters', clusterBody(sandbox, 'shop-closed'));
    expect(status).to.equal(401);
    expect(body.message).to.match(
      /error getting server version: failed to get server version: the server has asked for the client to provide credentials/,
    );
  });

  it('updates and deletes by name', async () => {
    const updated = await sandbox.call('PUT', '/api/v1/clusters/shop-one?id.type=name', {
      ...clusterBody(sandbox, 'shop-one'),
      annotations: { a: 'b' },
    });
    expect(updated.body.annotations).to.deep.equal({ a: 'b' });
    expect((await sandbox.call('DELETE', '/api/v1/clusters/shop-one?id.type=name')).status).to.equal(200);
    expect((await sandbox.call('GET', '/api/v1/clusters/shop-one?id.type=name')).status).to.equal(403);
  });

  it('changes a project only from its newest version', async () => {
    const { body: project } = await sandbox.call('GET', '/api/v1/projects/payments');
    const wider = {
      ...project,
      spec: { ...project.spec, destinations: [...project.spec.destinations, { name: 'shop-one', namespace: '*' }] },
    };
    const updated = await sandbox.call('PUT', '/api/v1/projects/payments', { project: wider });
    expect(updated.body.spec.destinations).to.have.length(2);
    const stale = await sandbox.call('PUT', '/api/v1/projects/payments', { project: wider });
    expect(stale.status).to.equal(409);
    expect(stale.body.code).to.equal(10);
    expect(stale.body.message).to.match(/the object has been modified/);
    const { resourceVersion: _version, ...metadata } = updated.body.metadata;
    expect((await sandbox.call('PUT', '/api/v1/projects/payments', { project: { ...updated.body, metadata } })).body.message).to.match(
      /must be specified for an update/,
    );
  });

  it('refuses a change that would make applications invalid, and the deletion of a project in use', async () => {
    const { body: project } = await sandbox.call('GET', '/api/v1/projects/catalog');
    const narrowed = { ...project, spec: { ...project.spec, destinations: [] } };
    expect((await sandbox.call('PUT', '/api/v1/projects/catalog', { project: narrowed })).body.message).to.match(
      /applications destination became invalid/,
    );
    const deleted = await sandbox.call('DELETE', '/api/v1/projects/catalog');
    expect(deleted).to.deep.include({ status: 400 });
    expect(deleted.body.message).to.match(/^project is referenced by \d+ applications$/);
  });

  it('creates projects, equal ones again, and deletes them', async () => {
    const project = { metadata: { name: 'payments-drill' }, spec: { sourceRepos: ['*'], destinations: [{ name: 'x', namespace: '*' }] } };
    expect((await sandbox.call('POST', '/api/v1/projects', { project })).status).to.equal(200);
    expect((await sandbox.call('POST', '/api/v1/projects', { project })).status).to.equal(200);
    const other = { ...project, spec: { ...project.spec, description: 'other' } };
    expect((await sandbox.call('POST', '/api/v1/projects', { project: other })).status).to.equal(400);
    expect((await sandbox.call('DELETE', '/api/v1/projects/payments-drill')).status).to.equal(200);
    expect((await sandbox.call('GET', '/api/v1/projects/payments-drill')).body.code).to.equal(5);
  });

  it('answers who asks, what they may do, and its version', async () => {
    expect((await sandbox.call('GET', '/api/v1/session/userinfo')).body).to.include({ loggedIn: true, username: 'eks-dr' });
    expect((await sandbox.call('GET', '/api/v1/account/can-i/clusters/create/*')).body).to.deep.equal({ value: 'yes' });
    expect((await sandbox.call('GET', '/api/version')).body.Version).to.match(/^v3\.5/);
    expect((await sandbox.call('GET', '/api/v1/settings')).status).to.equal(200);
  });

  it('lists its repositories with what came of trying to reach them, and without credentials', async () => {
    const listed = async () => (await sandbox.call('GET', '/api/v1/repositories')).body.items ?? [];
    const [known] = await listed();
    expect(known).to.have.all.keys('repo', 'type', 'name', 'connectionState');
    expect(known.connectionState).to.include({ status: 'Successful' });
    const record = { repo: 'https://gitlab.example.com/gone.git', type: 'git', name: '', project: '', gitlabProject: 'gone/gone' } as const;
    sandbox.running.sandbox.world.argocd.repositories[record.repo] = record;
    const gone = (await listed()).find(({ repo }: { repo: string }) => repo === record.repo);
    expect(gone.connectionState).to.include({ status: 'Failed' });
  });
});
