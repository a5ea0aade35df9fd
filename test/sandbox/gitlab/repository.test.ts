import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { type GitLabSandbox, PROJECT, refusalOf, startGitLab } from './gitlab-sandbox.ts';

const README = 'README.md';

describe('the sandbox GitLab: repository', function () {
  this.timeout(20_000);
  let sandbox: GitLabSandbox;
  before(async () => {
    sandbox = await startGitLab();
  });
  after(() => sandbox.running.stop());

  const file = (path: string, ref = 'main') => sandbox.bot.RepositoryFiles.show(PROJECT, path, ref);
  const textOf = async (path: string, ref = 'main') => Buffer.from((await file(path, ref)).content, 'base64').toString('utf8');

  it('gives a file with its hash and the last commit that changed it', async () => {
    const found = await file(README);
    const text = Buffer.from(found.content, 'base64');
    expect(found.content_sha256).to.equal(createHash('sha256').update(text).digest('hex'));
    expect(found.size).to.equal(text.length);
    expect(found.last_commit_id).to.equal(found.commit_id);
    const older = await file('charts/service/Chart.yaml');
    expect(older.last_commit_id).to.not.equal(older.commit_id);
    expect((await sandbox.bot.Commits.show(PROJECT, older.last_commit_id)).title).to.equal('Add the chart and the manifests');
  });

  it('names blobs as Git does', async () => {
    const found = await file(README);
    const text = Buffer.from(found.content, 'base64');
    expect(found.blob_id).to.equal(createHash('sha1').update(`blob ${text.length}\0`).update(text).digest('hex'));
  });

  it('gives a blob by its id and the merge base of two refs', async () => {
    const found = await file(README);
    const blob = (await sandbox.bot.Repositories.showBlob(PROJECT, found.blob_id)) as unknown as { content: string };
    expect(blob.content).to.equal(found.content);
    expect((await refusalOf(sandbox.bot.Repositories.showBlob(PROJECT, '0'.repeat(40)))).status).to.equal(404);
    const base = await sandbox.bot.Repositories.mergeBase(PROJECT, ['main', found.commit_id]);
    expect(base.id).to.equal(found.commit_id);
  });

  it('says 404 for what is missing and for what a token may not see', async () => {
    expect(await refusalOf(file('nowhere.yaml'))).to.deep.equal({ status: 404, message: '404 File Not Found' });
    expect(await refusalOf(file(README, 'no-branch'))).to.deep.equal({ status: 404, message: '404 Commit Not Found' });
    expect(await refusalOf(sandbox.bot.Projects.show('platform/secret'))).to.deep.equal({ status: 404, message: '404 Project Not Found' });
  });

  it('refuses an unknown token with 401', async () => {
    const response = await fetch(`${sandbox.host}/api/v4/user`, { headers: { 'PRIVATE-TOKEN': 'glpat-wrong' } });
    expect(response.status).to.equal(401);
    expect(await response.json()).to.deep.equal({ message: '401 Unauthorized' });
  });

  it('takes a bearer token and tells the rate limit', async () => {
    const response = await fetch(`${sandbox.host}/api/v4/user`, { headers: { authorization: 'Bearer glpat-sandbox' } });
    expect(await response.json()).to.include({ username: 'eks-dr-bot' });
    expect(Number(response.headers.get('ratelimit-remaining'))).to.be.below(2000);
  });

  it('answers an operation that it does not have with 501 and an unknown parameter with 400', async () => {
    const headers = { 'PRIVATE-TOKEN': 'glpat-sandbox' };
    expect((await fetch(`${sandbox.host}/api/v4/projects/1/pipelines`, { headers })).status).to.equal(501);
    expect((await fetch(`${sandbox.host}/api/v4/user?colour=red`, { headers })).status).to.equal(400);
  });

  it('lists trees by page and by key, recursively', async () => {
    const all = await sandbox.bot.Repositories.allRepositoryTrees(PROJECT, { recursive: true, perPage: 3 });
    const paths = all.map((entry) => entry.path);
    expect(new Set(paths).size).to.equal(paths.length);
    expect(paths).to.include.members(['clusters', 'clusters/shop-prod/README.md', 'charts/service/Chart.yaml']);
    const keyset = await sandbox.bot.Repositories.allRepositoryTrees(PROJECT, { recursive: true, perPage: 4, pagination: 'keyset' });
    expect(keyset.map((entry) => entry.path)).to.have.members(paths);
  });

  it('documents its pages in headers', async () => {
    const address = `${sandbox.host}/api/v4/projects/${encodeURIComponent(PROJECT)}/repository/tree?recursive=true&per_page=2&page=2`;
    const { headers } = await fetch(address, { headers: { 'PRIVATE-TOKEN': 'glpat-sandbox' } });
    expect(headers.get('x-page')).to.equal('2');
    expect(headers.get('x-next-page')).to.equal('3');
    expect(headers.get('x-prev-page')).to.equal('1');
    expect(Number(headers.get('x-total'))).to.be.above(4);
    expect(headers.get('link')).to.match(/page=3.*rel="next"/);
  });

  it('creates branches once', async () => {
    const created = await sandbox.bot.Branches.create(PROJECT, 'feature/one', 'main');
    expect(created.name).to.equal('feature/one');
    expect(created.protected).to.equal(false);
    expect(await refusalOf(sandbox.bot.Branches.create(PROJECT, 'feature/one', 'main'))).to.deep.equal({
      status: 400,
      message: 'Branch already exists',
    });
    expect((await refusalOf(sandbox.bot.Branches.create(PROJECT, 'other', 'nothing'))).message).to.equal(
      "Failed to create branch 'other': invalid reference name 'nothing'",
    );
    await sandbox.bot.Branches.remove(PROJECT, 'feature/one');
    expect((await refusalOf(sandbox.bot.Branches.show(PROJECT, 'feature/one'))).status).to.equal(404);
  });

  it('lets a developer commit to a new branch but not to the protected one', async () => {
    const actions = [{ action: 'create' as const, filePath: 'recovery/one/app.yaml', content: 'kind: App\n' }];
    const refused = await refusalOf(sandbox.bot.Commits.create(PROJECT, 'main', 'no', actions));
    expect(refused).to.deep.equal({ status: 403, message: '403 Forbidden - You are not allowed to push into this branch' });
    const commit = await sandbox.bot.Commits.create(PROJECT, 'eks-dr/one', 'Add', actions, { startBranch: 'main' });
    expect(commit.parent_ids).to.have.length(1);
    expect(await textOf('recovery/one/app.yaml', 'eks-dr/one')).to.equal('kind: App\n');
    expect((await refusalOf(file('recovery/one/app.yaml'))).status).to.equal(404);
  });

  it('makes several actions one commit, all or nothing', async () => {
    const before = await sandbox.bot.Branches.show(PROJECT, 'eks-dr/one');
    const refused = await refusalOf(
      sandbox.bot.Commits.create(PROJECT, 'eks-dr/one', 'Half', [
        { action: 'create', filePath: 'recovery/one/new.yaml', content: 'a' },
        { action: 'create', filePath: 'recovery/one/app.yaml', content: 'b' },
      ]),
    );
    expect(refused).to.deep.equal({ status: 400, message: 'A file with this name already exists' });
    expect((await sandbox.bot.Branches.show(PROJECT, 'eks-dr/one')).commit.id).to.equal(before.commit.id);
    await sandbox.bot.Commits.create(PROJECT, 'eks-dr/one', 'Whole', [
      { action: 'update', filePath: 'recovery/one/app.yaml', content: Buffer.from('kind: Other\n').toString('base64'), encoding: 'base64' },
      { action: 'move', filePath: 'recovery/one/moved.yaml', previousPath: 'charts/service/values-batch.yaml' },
      { action: 'delete', filePath: 'README.md' },
    ]);
    expect(await textOf('recovery/one/app.yaml', 'eks-dr/one')).to.equal('kind: Other\n');
    expect((await refusalOf(file('README.md', 'eks-dr/one'))).status).to.equal(404);
    expect(await textOf('recovery/one/moved.yaml', 'eks-dr/one')).to.contain('background');
  });

  it('guards an update by the last commit of the file', async () => {
    const known = await file('recovery/one/app.yaml', 'eks-dr/one');
    const update = (content: string, lastCommitId: string) =>
      sandbox.bot.Commits.create(PROJECT, 'eks-dr/one', 'Update', [
        { action: 'update', filePath: 'recovery/one/app.yaml', content, lastCommitId },
      ]);
    await update('1', known.last_commit_id);
    const refused = await refusalOf(update('2', known.last_commit_id));
    expect(refused).to.deep.equal({ status: 400, message: 'The file has changed since you started editing it: recovery/one/app.yaml' });
    const single = sandbox.bot.RepositoryFiles.edit(PROJECT, 'recovery/one/app.yaml', 'eks-dr/one', '3', 'Edit', {
      lastCommitId: known.last_commit_id,
    });
    expect(await refusalOf(single)).to.deep.equal({
      status: 400,
      message: 'You are attempting to update a file that has changed since you started editing it.',
    });
  });

  it('refuses to start a branch that exists from somewhere else', async () => {
    const refused = await refusalOf(
      sandbox.bot.Commits.create(PROJECT, 'eks-dr/one', 'Again', [{ action: 'create', filePath: 'x', content: '' }], {
        startBranch: 'main',
      }),
    );
    expect(refused.status).to.equal(400);
    expect(refused.message).to.match(/^A branch called 'eks-dr\/one' already exists/);
  });

  it('compares branches from their merge base', async () => {
    const result = await sandbox.bot.Repositories.compare(PROJECT, 'main', 'eks-dr/one');
    expect(result.diffs?.map((diff) => diff.new_path)).to.include.members([
      'README.md',
      'recovery/one/app.yaml',
      'recovery/one/moved.yaml',
    ]);
    expect(result.commits).to.have.length(3);
    const [first] = result.commits ?? [];
    const diff = await sandbox.bot.Commits.showDiff(PROJECT, first?.id ?? '');
    expect(diff[0]).to.include({ new_path: 'recovery/one/app.yaml', new_file: true });
    expect(diff[0]?.diff).to.contain('+kind: App');
  });
});
