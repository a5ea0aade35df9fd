import { expect } from 'chai';
import { addCommit } from '../../../sandbox/gitlab/history.ts';
import { commitFiles } from '../../../sandbox/gitlab/repository.ts';
import type { GitLabProject } from '../../../sandbox/gitlab/state.ts';
import type { GitLab } from '../../../steps/clients/gitlab.ts';
import { readOnce } from '../../../steps/clients/read-once.ts';
import { standingFiles } from '../../../steps/resources/gitlab-standing.ts';
import { blobsAt } from '../../../steps/resources/gitlab-tree.ts';
import { failure } from '../../failure.ts';
import { type GitLabSandbox, PROJECT } from '../../sandbox/gitlab/gitlab-sandbox.ts';
import { startOwnGitLab } from './own-gitlab.ts';

const FILE = 'GET /api/v4/projects/{id}/repository/files/{path}';
const author = { name: 'Platform', email: 'platform@example.com' };
const BRANCH = 'eks-dr/drill-1';
const paths = Array.from({ length: 9 }, (_, index) => `recovery/${index}.yaml`);

describe('what was read of GitLab', function () {
  this.timeout(20_000);
  let sandbox: GitLabSandbox;
  let gitlab: GitLab;
  let project: GitLabProject;
  let base: string;

  beforeEach(async () => {
    ({ sandbox, gitlab } = await startOwnGitLab());
    project = sandbox.running.sandbox.world.gitlab.projects[PROJECT] as GitLabProject;
    base = project.branches.main ?? '';
    project.branches[BRANCH] = base;
    commit(BRANCH, Object.fromEntries(paths.map((path) => [path, 'first\n'])));
    commit(BRANCH, Object.fromEntries(paths.slice(3, 6).map((path) => [path, 'second\n'])));
  });
  afterEach(() => sandbox.running.stop());

  const asked = (operation: string): number => sandbox.running.requests.counts().find((one) => one.operation === operation)?.count ?? 0;
  const commit = (branch: string, files: Readonly<Record<string, string | null>>): string =>
    commitFiles(project, { branch, message: 'Change', author, at: Date.now(), files });

  /** What is told of all files, and what GitLab says of each. */
  async function standing() {
    const head = project.branches[BRANCH] ?? '';
    const blobs = await blobsAt(gitlab, PROJECT, head, 'recovery');
    const seen = new Map([...blobs].map(([path, blobId]) => [path, { head, blobId }]));
    const told = await standingFiles(gitlab, { project: PROJECT, branch: BRANCH, base }, seen);
    const before = asked(FILE);
    const said = await Promise.all([...blobs.keys()].map(async (path) => [path, await gitlab.file(PROJECT, BRANCH, path)] as const));
    return { told: Object.fromEntries(told), said: Object.fromEntries(said), before };
  }

  it('tells the last commit of many files without asking for each', async () => {
    const { told, said, before } = await standing();
    expect(told).to.deep.equal(said);
    expect(before).to.equal(0);
  });

  it('does not tell it where branches were merged into the branch: then each file is asked for', async () => {
    const mine = project.branches[BRANCH] ?? '';
    project.branches.other = base;
    const theirs = commit('other', { 'elsewhere.yaml': 'a: 1\n' });
    const tree = project.commits[mine]?.tree ?? '';
    project.branches[BRANCH] = addCommit(project, { tree, parents: [mine, theirs], message: 'Merge', author, at: Date.now() }).sha;
    const { told, said, before } = await standing();
    expect(told).to.deep.equal(said);
    expect(before).to.equal(paths.length);
  });

  it('is asked for once in a plan, but for what failed', async () => {
    const planning = readOnce(gitlab);
    sandbox.running.faults.add({ system: 'gitlab', operation: '*', effect: { status: 403 } });
    await failure('permission-denied', planning.branch(PROJECT, BRANCH));
    const [one, two] = [await planning.branch(PROJECT, BRANCH), await planning.branch(PROJECT, BRANCH)];
    commit(BRANCH, { 'recovery/new.yaml': 'a: 1\n' });
    expect((await planning.branch(PROJECT, BRANCH))?.commit.id)
      .to.equal(one?.commit.id)
      .and.to.equal(two?.commit.id);
    expect((await gitlab.branch(PROJECT, BRANCH))?.commit.id).to.not.equal(one?.commit.id);
    expect(asked('GET /api/v4/projects/{id}/repository/branches/{branch}')).to.equal(3);
  });
});
