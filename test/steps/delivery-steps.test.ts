import { expect } from 'chai';
import type { GitLabState } from '../../sandbox/gitlab/state.ts';
import { awaitServices } from '../../steps/await-services.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { estateWith, runWith } from './context.ts';
import { changesIn, type Delivery, startDelivery } from './delivery.ts';

const PROJECT = 'platform/argocd-apps';
const BRANCH = 'eks-dr/drill-1';
const FOLDER = 'recovery/shop-drill-1';

async function refusal(action: Promise<unknown>): Promise<EksDrError> {
  try {
    await action;
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}

interface Needs {
  connected: Delivery['connected'];
  created: Delivery['connected'];
  inventory: unknown;
  registered?: unknown;
  opened?: { iid: number; sha: string; services: { name: string }[] };
}

async function opened(delivery: Delivery): Promise<Needs> {
  const needs: Needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
  needs.registered = await delivery.finish(registerArgocd, needs);
  await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs));
  needs.opened = await delivery.finish(openMergeRequest, needs);
  return needs;
}

describe('from registration to healthy services and back, in a drill', function () {
  this.timeout(120_000);
  let delivery: Delivery;
  let needs: Needs;
  let reviewer: GitLabState['autoApprover'];

  before(async () => {
    delivery = await startDelivery({ estate: { services: { ...estateWith().services, limitMinutes: 4 } } });
    // Nobody approves before the merge is seen to wait for it.
    const { gitlab } = delivery.running.sandbox.world;
    reviewer = gitlab.autoApprover;
    gitlab.autoApprover = null;
    needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    delivery.makeNamespaces('checkout', 'invoice', 'order', 'profile');
  });
  after(() => delivery.stop());

  it('registers the cluster with AppProjects of the drill’s own, and then has nothing left to do', async () => {
    const plan = await delivery.plan(registerArgocd, needs);
    expect(changesIn(plan).map(({ kind, id, before }) => [kind, id.name, before])).to.deep.equal([
      ['argocd.cluster', 'shop-drill-1', null],
      ['argocd.project', 'catalog-drill-1', null],
      ['argocd.project', 'payments-drill-1', null],
      ['argocd.project', 'logistics-drill-1', null],
      ['argocd.project', 'platform-drill-1', null],
    ]);
    await delivery.apply(registerArgocd, plan);
    needs.registered = await delivery.finish(registerArgocd, needs);
    expect(needs.registered).to.deep.include({ name: 'shop-drill-1', server: delivery.connected.endpoint });
    expect(changesIn(await delivery.plan(registerArgocd, needs))).to.deep.equal([]);
  });

  it('opens a merge request whose plan shows every file in full', async () => {
    const plan = await delivery.plan(openMergeRequest, needs);
    const files = changesIn(plan).filter(({ kind }) => kind === 'gitlab.file');
    expect(files.map(({ id }) => id.path)).to.include.members([`${FOLDER}/catalog/cart-api.yaml`, `${FOLDER}/README.md`]);
    await delivery.apply(openMergeRequest, plan);
    needs.opened = await delivery.finish(openMergeRequest, needs);
    const request = await delivery.gitlab.mergeRequest(PROJECT, needs.opened?.iid ?? 0);
    expect(request.sha).to.equal(needs.opened?.sha);
    expect(request.description).to.include('### 6 services').and.to.include('`cart-api-shop-drill-1`');
    expect(request.reviewers.map(({ username }) => username)).to.deep.equal(['reviewer']);
    expect(changesIn(await delivery.plan(openMergeRequest, needs))).to.deep.equal([]);
  });

  it('merges after the review and deploys through a root application that is synced to the merge', async () => {
    const says = (text: string) => delivery.lines.some((line) => line.includes(text));
    const applying = delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs));
    const ended = applying.then(
      () => true,
      () => true,
    );
    while (!says('waits for approval') && !(await Promise.race([ended, delivery.clients.clock.sleep(1)])));
    delivery.running.sandbox.world.gitlab.autoApprover = reviewer;
    await applying;
    const { rootApplications, applications } = await delivery.finish<{ rootApplications: string[]; applications: string[] }>(
      mergeDeploy,
      needs,
    );
    expect(rootApplications).to.deep.equal(['shop-drill-1-root']);
    expect(applications).to.have.length(6);
    expect(says('waits for approval (1 more by "All Members": reviewer)')).to.equal(true);
    expect(await delivery.gitlab.branch(PROJECT, BRANCH)).to.equal(null);
    expect(changesIn(await delivery.plan(mergeDeploy, needs))).to.deep.equal([]);
  });

  it('has no new merge request to open once everything is merged', async () => {
    expect(await delivery.plan(openMergeRequest, needs)).to.deep.equal([]);
    expect(await delivery.finish(openMergeRequest, needs)).to.deep.include({ sha: needs.opened?.sha });
  });

  it('waits for all services until what is left has failed for good, and names the failed ones by cause', async () => {
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
    const error = await refusal(delivery.finish(awaitServices, needs));
    expect(error.code).to.equal('unhealthy');
    expect(error.message)
      .to.include('critical: 1 of 2 healthy')
      .and.to.include('namespaces "cart" not found')
      .and.to.match(/: cart-api\.$/);
    expect(error.target).to.equal('cart-api');
    expect(error.remedy).to.include('run merge-deploy again');
  });

  it('accepts a waived service', async () => {
    const run = runWith({ waivers: [{ service: 'cart-api', reason: 'not tonight', by: 'duty' }] });
    const { services, healthy } = await delivery.finish<{ healthy: number; services: { name: string; status: string }[] }>(
      awaitServices,
      needs,
      { run },
    );
    expect(healthy).to.equal(5);
    expect(services.filter(({ status }) => status === 'waived').map(({ name }) => name)).to.deep.equal(['cart-api']);
  });

  it('syncs a service again, on a rerun, whose sync had failed', async () => {
    delivery.makeNamespaces('cart');
    const plan = await delivery.plan(mergeDeploy, needs);
    expect(changesIn(plan).map(({ kind, id }) => [kind, id.application])).to.deep.equal([['argocd.sync', 'cart-api-shop-drill-1']]);
    await delivery.apply(mergeDeploy, plan);
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
    expect(await delivery.finish(awaitServices, needs)).to.deep.include({ total: 6, healthy: 6 });
  });

  it('goes back: applications first, then the folder by a reviewed merge request of its own', async () => {
    const before = await delivery.gitlab.tree(PROJECT, 'main', 'clusters');
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs, { undo: true }));
    const names = (await delivery.argocd.listApplications()).map(({ metadata }) => metadata.name);
    expect(names.filter((name) => name.endsWith('shop-drill-1'))).to.deep.equal([]);
    expect(await delivery.gitlab.tree(PROJECT, 'main', FOLDER)).to.equal(null);
    expect(await delivery.gitlab.tree(PROJECT, 'main', 'clusters')).to.deep.equal(before);
    expect(await delivery.plan(mergeDeploy, needs, { undo: true })).to.deep.equal([]);
    expect(await delivery.plan(openMergeRequest, needs, { undo: true })).to.deep.equal([]);
  });
});

describe('a rerun of merge-deploy', function () {
  this.timeout(60_000);
  let delivery: Delivery;
  let needs: Needs;

  const synced = async (services: 'all' | string[]): Promise<unknown[]> =>
    changesIn(await delivery.plan(mergeDeploy, needs, { run: runWith({ services }) })).map(({ kind, id }) => `${kind} ${id.application}`);

  before(async () => {
    delivery = await startDelivery({ estate: { services: { ...estateWith().services, limitMinutes: 8 } } });
    delivery.makeNamespaces('checkout', 'invoice', 'profile');
    await delivery.apply(registerArgocd, await delivery.plan(registerArgocd, { connected: delivery.connected }));
    needs = await opened(delivery);
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs));
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
  });
  after(() => delivery.stop());

  it('syncs every service whose sync had failed, and touches no other', async () => {
    expect(await synced('all')).to.have.members(
      ['cart-api', 'order-worker', 'order-export'].map((name) => `argocd.sync ${name}-shop-drill-1`),
    );
  });

  it('syncs of a run for chosen services these alone', async () => {
    expect(await synced(['order-worker', 'checkout-api'])).to.deep.equal(['argocd.sync order-worker-shop-drill-1']);
    expect(await synced(['checkout-api'])).to.deep.equal([]);
  });

  it('leaves what is healthy where it was', async () => {
    const finished = async (): Promise<unknown[]> =>
      (await delivery.argocd.listApplications())
        .filter(({ metadata, status }) => metadata.name.endsWith('shop-drill-1') && status?.operationState?.phase === 'Succeeded')
        .map(({ metadata, status }) => [metadata.name, status?.operationState?.finishedAt]);
    const before = await finished();
    delivery.makeNamespaces('cart', 'order');
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs));
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
    expect(await delivery.finish(awaitServices, needs)).to.deep.include({ total: 6, healthy: 6 });
    expect(await finished()).to.include.deep.members(before);
    expect(await synced('all')).to.deep.equal([]);
  });
});

describe('what stops the delivery', function () {
  this.timeout(60_000);
  let delivery: Delivery;

  beforeEach(async () => {
    delivery = await startDelivery();
  });
  afterEach(() => delivery.stop());

  it('keeps a person’s commit on the branch, and does not merge a head that nobody reviewed', async () => {
    const needs = await opened(delivery);
    const plan = await delivery.plan(mergeDeploy, needs);
    const reviewer = await delivery.gitlabAs('glpat-reviewer');
    await reviewer.commit(PROJECT, BRANCH, 'One more thing', [{ action: 'create', path: `${FOLDER}/note.txt`, content: 'mine\n' }]);
    const error = await refusal(delivery.apply(mergeDeploy, plan));
    expect(error.message).to.include('run open-merge-request again');
    expect((await refusal(delivery.plan(mergeDeploy, needs))).code).to.equal('drift');
    expect((await delivery.gitlab.tree(PROJECT, BRANCH, FOLDER))?.map(({ path }) => path)).to.include(`${FOLDER}/note.txt`);
    expect((await delivery.gitlab.mergeRequest(PROJECT, needs.opened?.iid ?? 0)).state).to.equal('opened');
  });

  it('calls a file that a person changed on the branch drift', async () => {
    const needs: Needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    const plan = await delivery.plan(openMergeRequest, needs);
    await delivery.apply(openMergeRequest, plan);
    const path = `${FOLDER}/README.md`;
    const file = await delivery.gitlab.file(PROJECT, BRANCH, path);
    const reviewer = await delivery.gitlabAs('glpat-reviewer');
    await reviewer.commit(PROJECT, BRANCH, 'Better words', [
      { action: 'update', path, content: 'mine\n', lastCommitId: file?.lastCommitId ?? '' },
    ]);
    expect((await refusal(delivery.apply(openMergeRequest, plan))).code).to.equal('drift');
  });

  it('ends when the merge request is closed', async () => {
    const needs = await opened(delivery);
    const plan = await delivery.plan(mergeDeploy, needs);
    await delivery.gitlab.editMergeRequest(PROJECT, needs.opened?.iid ?? 0, { stateEvent: 'close' });
    expect((await refusal(delivery.apply(mergeDeploy, plan))).message).to.include('was closed');
  });

  it('closes an open merge request and removes its branch when undone', async () => {
    const needs = await opened(delivery);
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs, { undo: true }));
    expect((await delivery.gitlab.mergeRequest(PROJECT, needs.opened?.iid ?? 0)).state).to.equal('closed');
    expect(await delivery.gitlab.branch(PROJECT, BRANCH)).to.equal(null);
    expect(await delivery.plan(openMergeRequest, needs, { undo: true })).to.deep.equal([]);
  });

  it('deploys nothing in a drill whose estate lets no service run, yet has a folder to show', async () => {
    const estate = estateWith();
    const none = { ...estate, drill: { ...estate.drill, services: 'none' as const } };
    const needs: Needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    const plan = await delivery.plan(openMergeRequest, needs, { estate: none });
    const paths = changesIn(plan)
      .filter(({ kind }) => kind === 'gitlab.file')
      .map(({ id }) => id.path);
    expect(paths).to.deep.equal([`${FOLDER}/README.md`]);
  });

  it('commits once although GitLab’s answer is lost', async () => {
    const needs: Needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    const plan = await delivery.plan(openMergeRequest, needs);
    const fault = delivery.running.faults.add({
      system: 'gitlab',
      operation: 'POST /api/v4/projects/*/repository/commits',
      effect: 'cut-after',
    });
    await delivery.apply(openMergeRequest, plan);
    expect(fault.applied).to.equal(1);
    const { iid } = (await delivery.gitlab.mergeRequests(PROJECT, BRANCH, 'main'))[0] ?? { iid: 0 };
    expect(await delivery.gitlab.requestCommits(PROJECT, iid)).to.have.length(1);
  });

  it('opens one entry for each namespace of the primary in a recovery, and leaves the rest of the AppProject alone', async () => {
    const run = runWith({ mode: 'recover' });
    const needs = { connected: delivery.connected };
    const before = (await delivery.argocd.listProjects()).find(({ metadata }) => metadata.name === 'payments');
    const plan = await delivery.plan(registerArgocd, needs, { run });
    expect(
      changesIn(plan)
        .filter(({ kind }) => kind === 'argocd.project-destination')
        .map(({ id }) => `${id.project} ${id.namespace}`),
    ).to.deep.equal(['catalog *', 'payments *', 'logistics *', 'platform *']);
    await delivery.apply(registerArgocd, plan, { run });
    const after = (await delivery.argocd.listProjects()).find(({ metadata }) => metadata.name === 'payments');
    const added = { server: delivery.connected.endpoint, name: 'shop-drill-1', namespace: '*' };
    expect(after?.spec).to.deep.equal({ ...before?.spec, destinations: [...(before?.spec.destinations ?? []), added] });
    expect(changesIn(await delivery.plan(registerArgocd, needs, { run }))).to.deep.equal([]);
  });

  it('refuses to take over a registration of the same address', async () => {
    const { endpoint, ca, cluster, region } = delivery.connected;
    const config = {
      tlsClientConfig: { caData: ca },
      execProviderConfig: {
        command: 'argocd-k8s-auth',
        args: ['aws', '--cluster-name', cluster, '--role-arn', delivery.estate.argocd.roleArn],
        env: { AWS_REGION: region },
        apiVersion: 'client.authentication.k8s.io/v1beta1',
      },
    };
    await delivery.argocd.createCluster({ name: 'somebody-elses', server: endpoint, labels: {}, annotations: {}, config });
    const error = await refusal(delivery.plan(registerArgocd, { connected: delivery.connected }));
    expect(error.code).to.equal('conflict');
    expect(error.message).to.include('somebody-elses');
  });
});
