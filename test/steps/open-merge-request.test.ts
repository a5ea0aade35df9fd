import { expect } from 'chai';
import type { FaultEffect } from '../../sandbox/faults.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { gitlabBranch } from '../../steps/resources/gitlab-branch.ts';
import { gitlabFile } from '../../steps/resources/gitlab-file.ts';
import { estateWith } from './context.ts';
import { changesIn, type Delivery, startDelivery } from './delivery.ts';

const PROJECT = 'platform/argocd-apps';
const BRANCH = 'eks-dr/drill-1';
const FOLDER = 'recovery/shop-drill-1';

interface Needs {
  connected: Delivery['connected'];
  created: Delivery['connected'];
  inventory: unknown;
  registered?: unknown;
  opened?: { iid: number; sha: string };
}

const needsOf = async (delivery: Delivery): Promise<Needs> => ({
  connected: delivery.connected,
  created: delivery.connected,
  inventory: await delivery.inventory(),
});

/** An estate of which every rendered application differs. */
function otherEstate() {
  const estate = estateWith();
  return { ...estate, drill: { ...estate.drill, helmParameters: { ...estate.drill.helmParameters, 'global.changed': 'yes' } } };
}

/** Plan, apply and finish. */
async function run(delivery: Delivery, needs: Needs, options: { estate?: ReturnType<typeof otherEstate> } = {}): Promise<void> {
  await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs, options));
  needs.opened = await delivery.finish(openMergeRequest, needs, options);
}

function callsToGitLab({ running }: Delivery): number {
  const counts = running.requests.counts().filter(({ system }) => system === 'gitlab');
  return counts.reduce((sum, { count }) => sum + count, 0);
}

describe('the merge request for 150 services', function () {
  this.timeout(120_000);
  let delivery: Delivery;
  let needs: Needs;
  beforeEach(async () => {
    delivery = await startDelivery({ services: 'all' });
    needs = await needsOf(delivery);
    delivery.running.requests.clear();
  });
  afterEach(() => delivery.stop());

  it('is opened in less than 30 calls to GitLab, and in no more where a hundred of its files are written again', async () => {
    await run(delivery, needs);
    expect(callsToGitLab(delivery)).to.be.below(30);
    const { iid = 0 } = needs.opened ?? {};
    expect((await delivery.gitlab.mergeRequest(PROJECT, iid)).description).to.include('### 150 services');

    delivery.running.requests.clear();
    const plan = await delivery.plan(openMergeRequest, needs, { estate: otherEstate() });
    expect(changesIn(plan).filter(({ kind, before }) => kind === 'gitlab.file' && before !== null)).to.have.length.of.at.least(100);
    await delivery.apply(openMergeRequest, plan);
    await delivery.finish(openMergeRequest, needs);
    expect(callsToGitLab(delivery)).to.be.below(30);
  });

  const effects: readonly (readonly [string, FaultEffect])[] = [
    ['is answered 502', { body: '<html>502 Bad Gateway</html>', status: 502, contentType: 'text/html', handled: true }],
    ['is never answered, since the connection is cut', 'cut-after'],
  ];
  for (const [what, effect] of effects) {
    it(`is opened once, of one commit for each hundred files, where every change is served but ${what}`, async () => {
      const plan = await delivery.plan(openMergeRequest, needs);
      const fault = delivery.running.faults.add({ system: 'gitlab', operation: '*', mutating: true, times: 'always', effect });
      await delivery.apply(openMergeRequest, plan);
      expect(fault.applied).to.be.above(3);
      const { iid } = await delivery.finish<{ iid: number }>(openMergeRequest, needs);
      expect(await delivery.gitlab.mergeRequests(PROJECT, BRANCH, 'main')).to.have.length(1);
      const commits = await delivery.gitlab.requestCommits(PROJECT, iid);
      const files = await Promise.all(commits.map(({ id }) => delivery.gitlab.commitPaths(PROJECT, id)));
      const planned = changesIn(plan).filter(({ kind }) => kind === 'gitlab.file');
      expect(files.map(({ length }) => length).toReversed()).to.deep.equal([100, planned.length - 100]);
      expect(files.flat()).to.have.members(planned.map(({ id }) => id.path));
    });
  }
});

describe('the files of a recovery', function () {
  this.timeout(120_000);
  let delivery: Delivery;
  beforeEach(async () => {
    delivery = await startDelivery();
  });
  afterEach(() => delivery.stop());

  /** Plans and writes these files on the branch of the run: how many files each commit has, the first one first, and by how many calls. */
  async function write(contents: readonly string[]): Promise<{ lengths: number[]; calls: number }> {
    const { gitlab } = delivery;
    const from = (await gitlab.branch(PROJECT, 'main'))?.commit.id ?? '';
    const branch = gitlabBranch.resource({ project: PROJECT, branch: BRANCH, target: 'main' }, { from });
    const files = contents.map((content, index) =>
      gitlabFile.resource({ project: PROJECT, branch: BRANCH, base: from, path: `${FOLDER}/${index % 50}/${index}.yaml` }, { content }),
    );
    const step = { ...openMergeRequest, describe: async () => [branch, files] };
    delivery.running.requests.clear();
    await delivery.apply(step, await delivery.plan(step, {}));
    const calls = callsToGitLab(delivery);
    expect(await delivery.plan(step, {})).to.deep.equal([]);
    const commits = await gitlab.commitsBetween(PROJECT, from, BRANCH);
    const paths = await Promise.all(commits.map(({ id }) => gitlab.commitPaths(PROJECT, id)));
    return { lengths: paths.map(({ length }) => length).toReversed(), calls };
  }

  it('go into as many commits of a hundred as 2,500 take, and are listed once', async () => {
    const contents = Array.from({ length: 2_500 }, (_, index) => `number: ${index}\n`);
    const { lengths, calls } = await write(contents);
    expect(lengths).to.deep.equal(Array.from({ length: 25 }, () => 100));
    // A commit each, and one listing of them all by pages of a hundred.
    expect(calls).to.be.below(65);
  });

  it('go into commits of their own where they are large', async () => {
    const large = `# ${'x'.repeat(2_000_000)}\n`;
    expect((await write([large, 'a: 1\n', large, large, 'b: 1\n'])).lengths).to.deep.equal([3, 2]);
  });
});

describe('what people commit to the branch of a recovery', function () {
  this.timeout(120_000);
  const [CHANGED, DELETED, ADDED] = ['catalog/cart-api.yaml', 'README.md', 'note.md'].map((name) => `${FOLDER}/${name}`) as [
    string,
    string,
    string,
  ];
  let delivery: Delivery;
  let needs: Needs;
  let byHand: string;

  beforeEach(async () => {
    delivery = await startDelivery();
    needs = await needsOf(delivery);
    await run(delivery, needs);
    const { gitlab } = delivery;
    const last = async (path: string) => (await gitlab.file(PROJECT, BRANCH, path))?.lastCommitId ?? '';
    byHand = `# by hand\n${(await contents(BRANCH))[CHANGED]}`;
    const reviewer = await delivery.gitlabAs('glpat-reviewer');
    await reviewer.commit(PROJECT, BRANCH, 'By hand', [
      { action: 'update', path: CHANGED, content: byHand, lastCommitId: await last(CHANGED) },
      { action: 'delete', path: DELETED, lastCommitId: await last(DELETED) },
      { action: 'create', path: ADDED, content: 'Mine.\n' },
    ]);
  });
  afterEach(() => delivery.stop());

  async function contents(ref: string): Promise<Record<string, string>> {
    const tree = (await delivery.gitlab.tree(PROJECT, ref, FOLDER)) ?? [];
    const files = tree.filter(({ type }) => type === 'blob');
    return Object.fromEntries(await Promise.all(files.map(async ({ id, path }) => [path, await delivery.gitlab.blob(PROJECT, id)])));
  }

  it('stays as it is when everything else is written again, and is named in the log and in the request', async () => {
    const before = await contents(BRANCH);
    await run(delivery, needs, { estate: otherEstate() });
    const after = await contents(BRANCH);
    expect(after)
      .to.include({ [CHANGED]: byHand, [ADDED]: 'Mine.\n' })
      .and.not.to.have.property(DELETED);
    const others = Object.keys(after).filter((path) => ![CHANGED, ADDED].includes(path));
    expect(others.filter((path) => after[path] !== before[path])).to.have.length.above(0);
    const left = `${DELETED} (deleted), ${CHANGED} (changed), ${ADDED} (added)`;
    expect(delivery.lines).to.include(`left on ${BRANCH} as people have them: ${left}`);
    const { description, sha } = await delivery.gitlab.mergeRequest(PROJECT, needs.opened?.iid ?? 0);
    expect(description)
      .to.include(`- \`${CHANGED}\` (changed)`)
      .and.to.include(`- \`${DELETED}\` (deleted)`)
      .and.to.include(`- \`${ADDED}\` (added)`);
    expect(sha).to.equal(needs.opened?.sha);
    expect(changesIn(await delivery.plan(openMergeRequest, needs, { estate: otherEstate() }))).to.deep.equal([]);
  });

  it('is merged with the rest, and left alone by a rerun after that', async () => {
    await run(delivery, needs);
    const reviewed = await contents(BRANCH);
    needs.registered = await delivery.finish(registerArgocd, needs);
    const merging = changesIn(await delivery.plan(mergeDeploy, needs));
    expect(merging.find(({ kind }) => kind === 'gitlab.merge')?.id.head).to.equal(needs.opened?.sha);
    expect((await delivery.gitlab.branch(PROJECT, BRANCH))?.commit.message).to.equal('By hand');
    await delivery.apply(registerArgocd, await delivery.plan(registerArgocd, needs));
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs));
    expect(await contents('main')).to.deep.equal(reviewed);
    expect(await delivery.plan(openMergeRequest, needs)).to.deep.equal([]);
    const again = changesIn(await delivery.plan(openMergeRequest, needs, { estate: otherEstate() }));
    const paths = again.filter(({ kind }) => kind === 'gitlab.file').map(({ id }) => id.path);
    expect(paths).to.have.length.above(0);
    for (const path of [CHANGED, DELETED, ADDED]) expect(paths).to.not.include(path);
  });

  it('outside of the folder of the run is named too', async () => {
    const reviewer = await delivery.gitlabAs('glpat-reviewer');
    await reviewer.commit(PROJECT, BRANCH, 'Elsewhere', [{ action: 'create', path: 'elsewhere.yaml', content: 'a: 1\n' }]);
    await run(delivery, needs);
    const { description } = await delivery.gitlab.mergeRequest(PROJECT, needs.opened?.iid ?? 0);
    expect(description).to.include('- `elsewhere.yaml` (outside of the folder)');
  });
});
