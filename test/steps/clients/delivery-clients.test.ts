import { expect } from 'chai';
import { connectArgoCd } from '../../../steps/clients/argocd.ts';
import { gitBlobId } from '../../../steps/clients/git-blob.ts';
import { EksDrError } from '../../../steps/kit/errors.ts';
import { type Delivery, startDelivery } from '../delivery.ts';

async function errorOf(action: () => Promise<unknown> | unknown): Promise<EksDrError> {
  try {
    await action();
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

describe('the clients of Argo CD and GitLab', () => {
  let delivery: Delivery;

  beforeEach(async () => {
    delivery = await startDelivery();
  });
  afterEach(() => delivery.stop());

  it('name the variable of a missing token', async () => {
    const { estate, clients } = delivery;
    const error = await errorOf(() => connectArgoCd({ estate, environment: {}, clock: clients.clock, signal: clients.signal }));
    expect(error.code).to.equal('credentials-missing');
    expect(error.target).to.equal('ARGOCD_AUTH_TOKEN');
  });

  it('call an unknown token a matter of permission, and never show it', async () => {
    const gitlab = await delivery.gitlabAs('glpat-wrong-token');
    const error = await errorOf(() => gitlab.me());
    expect(error.code).to.equal('permission-denied');
    expect(JSON.stringify(error.toRecord())).not.to.include('glpat-wrong-token');
    const { estate, clients, running } = delivery;
    const argocd = connectArgoCd({
      estate,
      environment: { ...running.environment, ARGOCD_AUTH_TOKEN: 'wrong-token' },
      clock: clients.clock,
      signal: clients.signal,
    });
    const refused = await errorOf(() => argocd.listClusters());
    expect(refused.code).to.equal('permission-denied');
    expect(refused.remedy).to.include('ARGOCD_AUTH_TOKEN');
  });

  it('try a read again that was cut, but not for ever', async () => {
    delivery.running.faults.add({ system: 'argocd', operation: 'GET /api/v1/clusters*', effect: 'cut-before' });
    expect(await delivery.argocd.listClusters()).not.to.deep.equal([]);
    delivery.running.faults.add({ system: 'argocd', operation: 'GET /api/v1/clusters*', times: 'always', effect: { status: 503 } });
    expect((await errorOf(() => delivery.argocd.listClusters())).code).to.equal('remote-unavailable');
  });

  it('take the deletion of what is not there, which Argo CD refuses, for done, and a forbidden one for refused', async () => {
    const { argocd, running } = delivery;
    await argocd.deleteApplication('nowhere', { cascade: true });
    await argocd.deleteCluster('nowhere');
    await argocd.deleteProject('nowhere');
    running.faults.add({ system: 'argocd', operation: 'DELETE *', times: 'always', effect: { status: 403, message: 'permission denied' } });
    const [application] = await argocd.listApplications();
    const name = application?.metadata.name ?? '';
    expect((await errorOf(() => argocd.deleteApplication(name, { cascade: true }))).code).to.equal('permission-denied');
  });

  it('try a read of GitLab again that failed, was cut or never answered, and no change', async () => {
    const { faults } = delivery.running;
    const branch = 'GET /api/v4/projects/{id}/repository/branches/{branch}';
    faults.add({ system: 'gitlab', operation: branch, nth: 1, effect: 'cut-before' });
    faults.add({ system: 'gitlab', operation: branch, nth: 2, effect: { status: 500 } });
    expect((await delivery.gitlab.branch('platform/argocd-apps', 'main'))?.name).to.equal('main');
    faults.clear();
    const rule = faults.add({ system: 'gitlab', operation: 'POST *', times: 'always', effect: { status: 500 } });
    const error = await errorOf(() => delivery.gitlab.createBranch('platform/argocd-apps', 'new', 'main'));
    expect(error.code).to.equal('remote-unavailable');
    expect(rule.applied).to.equal(1);
  });

  it('take nothing for done that a page or other JSON answers', async () => {
    const { faults } = delivery.running;
    const page = { body: '<html>Sign in</html>', contentType: 'text/html' };
    const json = { body: '{"twas":"brillig"}', contentType: 'application/json' };
    faults.add({ system: 'gitlab', operation: 'DELETE *', effect: page });
    expect((await errorOf(() => delivery.gitlab.deleteBranch('platform/argocd-apps', 'old'))).code).to.equal('remote-answer-invalid');
    faults.add({ system: 'argocd', operation: '*', times: 'always', effect: json });
    expect((await errorOf(() => delivery.argocd.listClusters())).message).to.include('items is missing');
    expect((await errorOf(() => delivery.argocd.createProject({}))).message).to.include('metadata is missing');
    faults.clear();
    faults.add({ system: 'gitlab', operation: '*', times: 'always', effect: { ...json, body: '{"twas' } });
    expect((await errorOf(() => delivery.gitlab.me())).code).to.equal('remote-answer-invalid');
  });

  it('say when a login page stands where an API was expected', async () => {
    const page = { body: '<html>Sign in</html>', contentType: 'text/html' };
    delivery.running.faults.add({ system: 'argocd', operation: 'GET /api/v1/projects*', times: 'always', effect: page });
    delivery.running.faults.add({ system: 'gitlab', operation: 'GET /api/v4/user', times: 'always', effect: page });
    expect((await errorOf(() => delivery.argocd.listProjects())).code).to.equal('remote-answer-invalid');
    const error = await errorOf(() => delivery.gitlab.me());
    expect(error.code).to.equal('remote-answer-invalid');
    expect(error.message).to.include('login page');
  });

  it('name the field of an answer that is not as documented', async () => {
    delivery.running.faults.add({
      system: 'argocd',
      operation: 'GET /api/v1/clusters*',
      effect: { body: '{"items":[{"name":"a"}]}', contentType: 'application/json' },
    });
    expect((await errorOf(() => delivery.argocd.listClusters())).message).to.include('items.0.server');
  });

  it('know a content by its id, as Git does', async () => {
    const [entry] = ((await delivery.gitlab.tree('platform/argocd-apps', 'main', 'clusters/shop-prod')) ?? []).filter(
      ({ type }) => type === 'blob',
    );
    expect(gitBlobId(await delivery.gitlab.blob('platform/argocd-apps', entry?.id ?? ''))).to.equal(entry?.id);
    expect(gitBlobId('')).to.equal('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  });
});
