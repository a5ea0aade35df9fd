import { expect } from 'chai';
import { EksDrError } from '../../../steps/kit/errors.ts';
import type { Json } from '../../../steps/kit/json.ts';
import { argocdApplication } from '../../../steps/resources/argocd-application.ts';
import { argocdAutomatedSync } from '../../../steps/resources/argocd-automated-sync.ts';
import { argocdCluster } from '../../../steps/resources/argocd-cluster.ts';
import { argocdProject } from '../../../steps/resources/argocd-project.ts';
import { argocdProjectDestination } from '../../../steps/resources/argocd-project-destination.ts';
import { gitlabBranch } from '../../../steps/resources/gitlab-branch.ts';
import { gitlabFile } from '../../../steps/resources/gitlab-file.ts';
import { gitlabMerge } from '../../../steps/resources/gitlab-merge.ts';
import { gitlabMergeRequest } from '../../../steps/resources/gitlab-merge-request.ts';
import { type Delivery, startDelivery } from '../delivery.ts';
import { driving } from '../driving.ts';

const PROJECT = 'platform/argocd-apps';
const BRANCH = 'eks-dr/drill-1';
const own = { kind: 'run', run: 'drill-1' };

async function codeOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (thrown) {
    if (thrown instanceof EksDrError) return thrown.code;
    throw thrown;
  }
  return 'none';
}

async function expectGone(isGone: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await isGone()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect.fail('it is still there');
}

describe('the drivers of Argo CD and GitLab', () => {
  let delivery: Delivery;
  let head: string;

  beforeEach(async () => {
    delivery = await startDelivery();
    head = (await delivery.gitlab.branch(PROJECT, 'main'))?.commit.id ?? '';
  });
  afterEach(() => delivery.stop());

  function clusterState(): Json {
    const { endpoint, ca, cluster, region } = delivery.connected;
    return { server: endpoint, ca, authentication: { cluster, region, roleArn: delivery.estate.argocd.roleArn }, run: 'drill-1' };
  }

  it('register a cluster, see that it is ours, and remove it', async () => {
    const clusters = driving(argocdCluster, delivery.clients);
    const id = { name: 'shop-drill-1' };
    expect(await clusters.owner(id)).to.deep.equal({ kind: 'nobody' });
    await clusters.write(id, null, clusterState());
    expect(await clusters.now(id)).to.deep.equal(clusterState());
    expect(await clusters.difference(id, clusterState())).to.equal(null);
    expect(await clusters.owner(id)).to.deep.equal(own);
    expect((await clusters.owner({ name: 'shop-prod' })).kind).to.equal('other');
    await clusters.write(id, clusterState(), null);
    expect(await clusters.now(id)).to.equal(null);
  });

  it('see when somebody edits the registration, though Argo CD hides its arguments', async () => {
    const clusters = driving(argocdCluster, delivery.clients);
    const id = { name: 'shop-drill-1' };
    await clusters.write(id, null, clusterState());
    const { endpoint, ca } = delivery.connected;
    await delivery.argocd.updateCluster({
      name: 'shop-drill-1',
      server: endpoint,
      labels: {},
      annotations: {},
      config: {
        tlsClientConfig: { caData: ca },
        awsAuthConfig: { clusterName: 'shop-drill-1', roleARN: delivery.estate.argocd.roleArn },
      },
    });
    expect((await clusters.look(id, null, clusterState())).at).to.equal('elsewhere');
  });

  it('register a cluster anew when its address is another one, so that no two are called the same', async () => {
    const clusters = driving(argocdCluster, delivery.clients);
    const id = { name: 'shop-drill-1' };
    const server = 'https://shop-drill-1.example.com';
    delivery.running.sandbox.world.argocd.addresses[server] = { region: 'eu-central-1', cluster: 'shop-drill-1' };
    const moved = { ...(clusterState() as object), server };
    await clusters.write(id, null, clusterState());
    await clusters.write(id, clusterState(), moved);
    expect(await clusters.now(id)).to.deep.equal(moved);
    expect((await delivery.argocd.listClusters()).filter(({ name }) => name === id.name)).to.have.length(1);
  });

  it('give a registration back without the label of a run that it did not have', async () => {
    const clusters = driving(argocdCluster, delivery.clients);
    const id = { name: 'shop-drill-1' };
    const unmarked = { ...(clusterState() as object), run: null };
    await clusters.write(id, null, unmarked);
    await clusters.write(id, unmarked, clusterState());
    await clusters.write(id, clusterState(), unmarked);
    expect(await clusters.now(id)).to.deep.equal(unmarked);
  });

  it('take an access entry that still spreads for something that may yet come', async () => {
    const { world } = delivery.running.sandbox;
    const cluster = world.eks.clusters['eu-central-1/shop-drill-1'];
    if (cluster === undefined) throw new Error('no cluster');
    cluster.effective = {};
    expect(await codeOf(driving(argocdCluster, delivery.clients).write({ name: 'shop-drill-1' }, null, clusterState()))).to.equal(
      'remote-unavailable',
    );
  });

  it('say why Argo CD cannot use a role without access', async () => {
    const state = {
      ...(clusterState() as object),
      authentication: { cluster: 'shop-drill-1', region: 'eu-central-1', roleArn: 'arn:aws:iam::111122223333:role/unknown' },
    };
    expect(await codeOf(driving(argocdCluster, delivery.clients).write({ name: 'shop-drill-1' }, null, state))).to.be.oneOf([
      'remote-unavailable',
      'remote-refused',
    ]);
  });

  it('make an AppProject, and refuse to write over a newer one', async () => {
    const projects = driving(argocdProject, delivery.clients);
    const id = { name: 'payments-drill-1' };
    const state = { run: 'drill-1', spec: { sourceRepos: ['*'], destinations: [{ server: 'https://a.example.com', namespace: '*' }] } };
    await projects.write(id, null, state);
    expect(await projects.difference(id, state)).to.equal(null);
    expect(await projects.owner(id)).to.deep.equal(own);
    const seen = await projects.look(id, state, null);
    const newer = { ...state, spec: { ...state.spec, description: 'by hand' } };
    await projects.write(id, state, newer);
    expect((await projects.look(id, state, null)).at).to.equal('elsewhere');
    expect(await codeOf(projects.write(id, state, { ...state, spec: { ...state.spec, description: 'late' } }, seen))).to.equal('conflict');
    await projects.write(id, newer, null);
    expect(await projects.now(id)).to.equal(null);
  });

  it('add and take back one destination of an AppProject, whatever else is in it', async () => {
    const destinations = driving(argocdProjectDestination, delivery.clients);
    const id = { project: 'catalog', cluster: 'shop-drill-1', namespace: '*' };
    const before = (await delivery.argocd.listProjects()).find(({ metadata }) => metadata.name === 'catalog')?.spec;
    expect((await destinations.owner(id)).kind).to.equal('other');
    await destinations.write(id, null, { server: 'https://a.example.com' });
    expect(await destinations.difference(id, { server: 'https://a.example.com' })).to.equal(null);
    expect((await destinations.owner(id)).kind).to.equal('other');
    await destinations.write(id, { server: 'https://a.example.com' }, null);
    expect((await delivery.argocd.listProjects()).find(({ metadata }) => metadata.name === 'catalog')?.spec).to.deep.equal(before);
    expect(await codeOf(destinations.now({ ...id, project: 'unknown' }))).to.equal('conflict');
  });

  it('make, hold and delete an application, without disturbing its automated sync', async () => {
    const applications = driving(argocdApplication, delivery.clients);
    const automated = driving(argocdAutomatedSync, delivery.clients);
    const id = { name: 'shop-drill-1-root' };
    const state = {
      run: 'drill-1',
      spec: {
        project: 'default',
        source: {
          repoURL: delivery.estate.argocd.repoUrl,
          targetRevision: 'main',
          path: 'clusters/shop-staging',
          directory: { recurse: true },
        },
        destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
      },
    };
    expect(await codeOf(automated.write({ application: id.name }, null, { prune: true, selfHeal: true }))).to.equal('conflict');
    await applications.write(id, null, state);
    expect(await applications.difference(id, state)).to.equal(null);
    expect(await applications.owner(id)).to.deep.equal(own);
    expect((await applications.owner({ name: 'cart-api' })).kind).to.equal('other');
    await automated.write({ application: id.name }, null, { prune: true, selfHeal: false });
    expect(await automated.now({ application: id.name })).to.deep.equal({ prune: true, selfHeal: false });
    const other = { ...state, spec: { ...state.spec, source: { ...state.spec.source, path: 'clusters/shop-prod' } } };
    await applications.write(id, state, other);
    expect((await applications.look(id, state, null)).at).to.equal('elsewhere');
    expect(await automated.now({ application: id.name })).to.deep.equal({ prune: true, selfHeal: false });
    await automated.write({ application: id.name }, { prune: true, selfHeal: false }, null);
    expect(await automated.now({ application: id.name })).to.equal(null);
    expect(await applications.difference(id, other)).to.equal(null);
  });

  it('end the sync of an application that they delete, as Argo CD waits for it', async () => {
    const applications = driving(argocdApplication, delivery.clients);
    const id = { name: 'stuck' };
    const { repoUrl } = delivery.estate.argocd;
    const source = { repoURL: repoUrl, targetRevision: 'main', path: 'charts/service' };
    const state = { run: 'drill-1', spec: { project: 'default', source, destination: { name: 'shop-prod', namespace: 'nowhere' } } };
    await applications.write(id, null, state);
    const retryStrategy = { limit: -1, backoff: { duration: '5s', factor: 1 } };
    const headers = { authorization: 'Bearer sandbox-argocd-token', 'content-type': 'application/json' };
    const body = JSON.stringify({ retryStrategy });
    expect((await fetch(`${delivery.argocd.url}/api/v1/applications/stuck/sync`, { method: 'POST', headers, body })).status).to.equal(200);
    await applications.write(id, state, null);
    await expectGone(async () => (await applications.now(id)) === null);
  });

  it('branch off, and know the branch by where it began', async () => {
    const branches = driving(gitlabBranch, delivery.clients);
    const id = { project: PROJECT, branch: BRANCH, target: 'main' };
    await branches.write(id, null, { from: head });
    await delivery.gitlab.commit(PROJECT, BRANCH, 'A commit', [
      { action: 'create', path: 'recovery/shop-drill-1/a.yaml', content: 'a: 1\n' },
    ]);
    expect(await branches.now(id)).to.deep.equal({ from: head });
    expect(await branches.difference(id, { from: head })).to.equal(null);
    expect(await branches.owner(id)).to.deep.equal(own);
    expect((await branches.owner({ ...id, branch: 'main' })).kind).to.equal('other');
    expect(await codeOf(branches.write(id, null, { from: head }))).to.equal('conflict');
    await branches.write(id, { from: head }, null);
    expect(await branches.now(id)).to.equal(null);
  });

  it('write files with a trailer, byte for byte, and never over a change they have not seen', async () => {
    await delivery.gitlab.createBranch(PROJECT, BRANCH, head);
    const files = driving(gitlabFile, delivery.clients);
    const id = { project: PROJECT, branch: BRANCH, base: head, path: 'recovery/shop-drill-1/a.yaml' };
    const content = 'é: "ü"\r\n# \u{1f642}\r\n';
    await files.write(id, null, { content });
    expect(await files.now(id)).to.deep.equal({ content });
    expect(await files.difference(id, { content })).to.equal(null);
    expect((await delivery.gitlab.branch(PROJECT, BRANCH))?.commit.message).to.include('EKS-DR-Run: drill-1');
    const seen = await files.look(id, { content }, { content: 'b: 2\n' });
    await files.write(id, { content }, { content: 'c: 3\n' });
    expect((await files.look(id, { content }, { content: 'b: 2\n' })).at).to.equal('elsewhere');
    expect(await codeOf(files.write(id, { content }, { content: 'b: 2\n' }, seen))).to.equal('conflict');
    expect(await codeOf(files.write(id, null, { content: 'again\n' }, seen))).to.equal('conflict');
    await files.write(id, { content: 'c: 3\n' }, null);
    expect(await files.now(id)).to.equal(null);
  });

  it('call only files in a folder of the run, on a branch of the run, the run’s own', async () => {
    const files = driving(gitlabFile, delivery.clients);
    const id = { project: PROJECT, branch: BRANCH, base: head, path: 'recovery/shop-drill-1/web.yaml' };
    expect(await files.owner(id)).to.deep.equal(own);
    expect((await files.owner({ ...id, branch: 'main' })).kind).to.equal('other');
    expect((await files.owner({ ...id, path: 'clusters/shop-prod/web.yaml' })).kind).to.equal('other');
    expect((await files.owner({ ...id, path: 'recovery/shop-drill-12/web.yaml' })).kind).to.equal('other');
    expect((await files.owner({ ...id, path: 'recovery/shop-drill-1-b/web.yaml' })).kind).to.equal('other');
  });

  it('see a file as its branch will begin, while the branch is yet to be made', async () => {
    const files = driving(gitlabFile, delivery.clients);
    const now = await files.now({ project: PROJECT, branch: `${BRANCH}.undo`, base: head, path: 'README.md' });
    expect(now).to.have.property('content').that.includes('# Argo CD applications');
  });

  it('open one merge request, find it again, and close it', async () => {
    const requests = driving(gitlabMergeRequest, delivery.clients);
    const id = { project: PROJECT, source: BRANCH, target: 'main' };
    await delivery.gitlab.createBranch(PROJECT, BRANCH, head);
    await delivery.gitlab.commit(PROJECT, BRANCH, 'A commit', [
      { action: 'create', path: 'recovery/shop-drill-1/a.yaml', content: 'a: 1\n' },
    ]);
    const state = { status: 'opened', title: 'Drill', description: 'Words.\n', reviewers: ['reviewer'] };
    await requests.write(id, null, state);
    expect(await requests.difference(id, state)).to.equal(null);
    expect(await requests.owner(id)).to.deep.equal(own);
    const edited = { ...state, title: 'Drill again' };
    await requests.write(id, { ...state, description: 'Words.' }, edited);
    expect((await requests.look(id, null, { ...state, description: 'Words.' })).at).to.equal('elsewhere');
    expect(await delivery.gitlab.mergeRequests(PROJECT, BRANCH, 'main')).to.have.length(1);
    expect(await codeOf(requests.write(id, null, { ...state, reviewers: ['nobody-knows'] }))).to.equal('conflict');
    await requests.write(id, edited, null);
    expect(await requests.now(id)).to.equal(null);
  });

  it('do not merge what is not approved, nor another head, nor take a merge back', async () => {
    const merges = driving(gitlabMerge, delivery.clients);
    await delivery.gitlab.createBranch(PROJECT, BRANCH, head);
    const { id: sha } = await delivery.gitlab.commit(PROJECT, BRANCH, 'A commit', [
      { action: 'create', path: 'recovery/shop-drill-1/a.yaml', content: 'a: 1\n' },
    ]);
    await delivery.gitlab.createMergeRequest(PROJECT, BRANCH, 'main', { title: 'Drill', description: '', reviewerIds: [] });
    const id = { project: PROJECT, source: BRANCH, target: 'main', head: sha };
    expect(await merges.now(id)).to.equal(null);
    expect(await codeOf(merges.write(id, null, { status: 'merged', head: sha }))).to.equal('conflict');
    expect(await merges.now({ ...id, head })).to.deep.equal({ status: 'opened', head: sha });
    expect(await codeOf(merges.write(id, { status: 'merged', head: sha }, null))).to.equal('conflict');
    expect(await merges.now({ ...id, head: 'own-commits' })).to.deep.equal({ status: 'opened', head: sha });
  });
});
