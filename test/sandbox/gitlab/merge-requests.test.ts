import { expect } from 'chai';
import { type GitLabSandbox, PROJECT, refusalOf, startGitLab, until } from './gitlab-sandbox.ts';

describe('the sandbox GitLab: merge requests', function () {
  this.timeout(20_000);
  let sandbox: GitLabSandbox;
  let counter = 0;
  before(async () => {
    sandbox = await startGitLab();
  });
  after(() => sandbox.running.stop());

  const show = (iid: number) => sandbox.bot.MergeRequests.show(PROJECT, iid);
  const settled = (iid: number) =>
    until(
      () => show(iid),
      (request) => !['preparing', 'unchecked', 'checking'].includes(String(request.detailed_merge_status)),
    );
  const isOpenedFrom = async (branch: string, filePath: string, content: string) => {
    await sandbox.bot.Commits.create(PROJECT, branch, `Write ${filePath}`, [{ action: 'create', filePath, content }], {
      startBranch: 'main',
    });
    return sandbox.bot.MergeRequests.create(PROJECT, branch, 'main', `Recover ${branch}`, { labels: 'eks-dr' });
  };
  const open = () => {
    counter += 1;
    return isOpenedFrom(`eks-dr/run-${counter}`, `recovery/run-${counter}/app.yaml`, 'kind: App\n');
  };

  it('goes from preparing over checking to not_approved', async () => {
    const created = await open();
    expect(created.detailed_merge_status).to.equal('preparing');
    expect(created.state).to.equal('opened');
    const now = await settled(created.iid);
    expect(now.detailed_merge_status).to.equal('not_approved');
    expect(now.has_conflicts).to.equal(false);
    expect(now.diff_refs.head_sha).to.equal(now.sha);
  });

  it('refuses a second open one for the same branch with 409', async () => {
    const created = await open();
    const refused = await refusalOf(sandbox.bot.MergeRequests.create(PROJECT, created.source_branch, 'main', 'Again'));
    expect(refused).to.deep.equal({
      status: 409,
      message: JSON.stringify([`Another open merge request already exists for this source branch: !${created.iid}`]),
    });
    const found = await sandbox.bot.MergeRequests.all({ projectId: PROJECT, sourceBranch: created.source_branch, state: 'opened' });
    expect(found.map((request) => request.iid)).to.deep.equal([created.iid]);
  });

  it('refuses to merge without an approval, and the approval of the author', async () => {
    const { iid } = await open();
    await settled(iid);
    expect(await refusalOf(sandbox.bot.MergeRequests.merge(PROJECT, iid))).to.deep.equal({
      status: 405,
      message: '405 Method Not Allowed',
    });
    expect((await refusalOf(sandbox.bot.MergeRequestApprovals.approve(PROJECT, iid))).status).to.equal(401);
    const approvals = await sandbox.bot.MergeRequestApprovals.showConfiguration(PROJECT, { mergerequestIId: iid });
    expect(approvals).to.include({ approvals_required: 1, approvals_left: 1, approved: false });
  });

  it('merges what is approved, at the reviewed commit only', async () => {
    const { iid, sha, source_branch: branch } = await open();
    await settled(iid);
    await sandbox.reviewer.MergeRequestApprovals.approve(PROJECT, iid, { sha });
    expect((await settled(iid)).detailed_merge_status).to.equal('mergeable');
    const stale = await refusalOf(sandbox.bot.MergeRequests.merge(PROJECT, iid, { sha: '0'.repeat(40) }));
    expect(stale.status).to.equal(409);
    expect(stale.message).to.match(/^SHA does not match HEAD of source branch/);
    const merged = await sandbox.bot.MergeRequests.merge(PROJECT, iid, { sha, shouldRemoveSourceBranch: true });
    expect(merged.state).to.equal('merged');
    const main = await sandbox.bot.Branches.show(PROJECT, 'main');
    expect(main.commit.id).to.equal(merged.merge_commit_sha);
    expect(main.commit.parent_ids).to.include(sha);
    expect((await refusalOf(sandbox.bot.Branches.show(PROJECT, branch))).status).to.equal(404);
    expect((await show(iid)).detailed_merge_status).to.equal('not_open');
    expect((await refusalOf(sandbox.bot.MergeRequests.merge(PROJECT, iid))).status).to.equal(405);
  });

  it('takes approvals back when the branch moves', async () => {
    const { iid, sha, source_branch: branch } = await open();
    await settled(iid);
    await sandbox.reviewer.MergeRequestApprovals.approve(PROJECT, iid);
    await sandbox.bot.Commits.create(PROJECT, branch, 'More', [{ action: 'create', filePath: `${branch}.txt`, content: 'x' }]);
    const moved = await show(iid);
    expect(moved.sha).to.not.equal(sha);
    expect((await settled(iid)).detailed_merge_status).to.equal('not_approved');
  });

  it('sees conflicts and refuses to merge them', async () => {
    const first = await isOpenedFrom('eks-dr/a', 'recovery/same.yaml', 'a\n');
    const second = await isOpenedFrom('eks-dr/b', 'recovery/same.yaml', 'b\n');
    await settled(first.iid);
    await settled(second.iid);
    await sandbox.reviewer.MergeRequestApprovals.approve(PROJECT, first.iid);
    await sandbox.reviewer.MergeRequestApprovals.approve(PROJECT, second.iid);
    await sandbox.bot.MergeRequests.merge(PROJECT, first.iid);
    const now = await show(second.iid);
    expect(now).to.include({ detailed_merge_status: 'conflict', has_conflicts: true });
    expect(await refusalOf(sandbox.bot.MergeRequests.merge(PROJECT, second.iid))).to.deep.equal({
      status: 405,
      message: '405 Method Not Allowed',
    });
  });

  it('squashes when asked', async () => {
    const { iid } = await open();
    await settled(iid);
    await sandbox.reviewer.MergeRequestApprovals.approve(PROJECT, iid);
    const merged = await sandbox.bot.MergeRequests.merge(PROJECT, iid, { squash: true });
    const commit = await sandbox.bot.Commits.show(PROJECT, String(merged.merge_commit_sha));
    expect(commit.parent_ids).to.include(merged.squash_commit_sha);
  });

  it('closes and reopens, and shows its files and commits', async () => {
    const { iid } = await open();
    expect((await sandbox.bot.MergeRequests.edit(PROJECT, iid, { stateEvent: 'close' })).state).to.equal('closed');
    expect((await sandbox.bot.MergeRequests.edit(PROJECT, iid, { stateEvent: 'reopen' })).state).to.equal('opened');
    const diffs = await sandbox.bot.MergeRequests.allDiffs(PROJECT, iid);
    expect(diffs.map((diff) => diff.new_path)).to.deep.equal([`recovery/run-${counter}/app.yaml`]);
    expect(await sandbox.bot.MergeRequests.allCommits(PROJECT, iid)).to.have.length(1);
  });

  it('keeps notes', async () => {
    const { iid } = await open();
    const note = await sandbox.bot.MergeRequestNotes.create(PROJECT, iid, 'Drill of today');
    expect((await sandbox.bot.MergeRequestNotes.all(PROJECT, iid)).map((one) => one.body)).to.deep.equal(['Drill of today']);
    expect((await refusalOf(sandbox.reviewer.MergeRequestNotes.edit(PROJECT, iid, note.id, { body: 'x' }))).status).to.equal(403);
  });

  it('has a reviewer who approves unasked where the world says so', async () => {
    const alone = await startGitLab({ approveAfter: 20 });
    try {
      await alone.bot.Commits.create(PROJECT, 'eks-dr/x', 'Add', [{ action: 'create', filePath: 'x', content: '' }], {
        startBranch: 'main',
      });
      const { iid } = await alone.bot.MergeRequests.create(PROJECT, 'eks-dr/x', 'main', 'X');
      await until(
        () => alone.bot.MergeRequests.show(PROJECT, iid),
        (request) => request.detailed_merge_status === 'mergeable',
      );
      const approvals = await alone.bot.MergeRequestApprovals.showConfiguration(PROJECT, { mergerequestIId: iid });
      expect(approvals.approved_by?.map(({ user }) => user.username)).to.deep.equal(['reviewer']);
    } finally {
      await alone.running.stop();
    }
  });
});
