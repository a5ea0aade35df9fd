import { expect } from 'chai';
import type { FaultEffect } from '../../../sandbox/faults.ts';
import { commitFiles } from '../../../sandbox/gitlab/repository.ts';
import type { GitLab } from '../../../steps/clients/gitlab.ts';
import { textsAt } from '../../../steps/resources/gitlab-texts.ts';
import { failure } from '../../failure.ts';
import { type GitLabSandbox, PROJECT } from '../../sandbox/gitlab/gitlab-sandbox.ts';
import { startOwnGitLab } from './own-gitlab.ts';

const ARCHIVE = 'GET /api/v4/projects/{id}/repository/archive.tar.gz';
const BLOB = 'GET /api/v4/projects/{id}/repository/blobs/{sha}';
const author = { name: 'Platform', email: 'platform@example.com' };
const FOLDER = 'many';
const FILES = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`${FOLDER}/${index}.yaml`, `number: ${index} # ü\n`]));

describe('the texts of a folder in GitLab', function () {
  this.timeout(30_000);
  let sandbox: GitLabSandbox;
  let gitlab: GitLab;

  beforeEach(async () => {
    ({ sandbox, gitlab } = await startOwnGitLab());
  });
  afterEach(() => sandbox.running.stop());

  const asked = (operation: string): number => sandbox.running.requests.counts().find((one) => one.operation === operation)?.count ?? 0;

  /** Commits the files and reads them all back. */
  async function texts(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const project = sandbox.running.sandbox.world.gitlab.projects[PROJECT];
    if (project === undefined) throw new Error('no project');
    const commit = commitFiles(project, { branch: 'main', message: 'Many', author, at: Date.now(), files });
    const tree = (await gitlab.tree(PROJECT, commit, FOLDER)) ?? [];
    const wanted = tree.filter(({ path }) => path.endsWith('.yaml'));
    return Object.fromEntries(await textsAt(gitlab, { project: PROJECT, commit, folder: FOLDER }, wanted));
  }

  it('come in one archive', async () => {
    expect(await texts(FILES)).to.deep.equal(FILES);
    expect([asked(ARCHIVE), asked(BLOB)]).to.deep.equal([1, 0]);
  });

  it('are what Git has, whatever the repository makes of its archives', async () => {
    const odd = { [`${FOLDER}/left-out.yaml`]: 'left: out\n', [`${FOLDER}/filled-in.yaml`]: 'commit: $Format:%H$\n' };
    const attributes = 'left-out.yaml export-ignore\nfilled-in.yaml export-subst\n';
    expect(await texts({ ...FILES, ...odd, [`${FOLDER}/.gitattributes`]: attributes })).to.deep.equal({ ...FILES, ...odd });
    expect([asked(ARCHIVE), asked(BLOB)]).to.deep.equal([1, 2]);
  });

  it('come one by one where there are few, and not at all where they are known', async () => {
    const few = Object.fromEntries(Object.entries(FILES).slice(0, 3));
    expect(await texts(few)).to.deep.equal(few);
    expect(await texts(few)).to.deep.equal(few);
    expect([asked(ARCHIVE), asked(BLOB)]).to.deep.equal([0, 3]);
  });

  const effects: readonly (readonly [string, FaultEffect])[] = [
    ['is refused', { status: 403 }],
    ['is throttled', 'throttle'],
    ['is unknown to this GitLab', { status: 404 }],
    ['is a page of a proxy', { body: '<html>Sign in</html>' }],
    ['ends too early', { body: '' }],
    ['breaks off', 'cut-before'],
  ];
  for (const [what, effect] of effects) {
    it(`come one by one where the archive ${what}, which is asked for once`, async () => {
      sandbox.running.faults.add({ system: 'gitlab', operation: ARCHIVE, times: 'always', effect });
      expect(await texts(FILES)).to.deep.equal(FILES);
      expect([asked(ARCHIVE), asked(BLOB)]).to.deep.equal([1, 12]);
    });
  }

  it('are not looked for in an archive that is too large', async () => {
    await texts({ [`${FOLDER}/large.bin`]: 'x'.repeat(65 * 2 ** 20) });
    const error = await failure('remote-refused', gitlab.archive(PROJECT, 'main', FOLDER));
    expect(error.message).to.equal('The archive of main is larger than 64 MiB.');
  });

  it('say whose fault it is where GitLab is away altogether', async () => {
    const read = texts(FILES);
    sandbox.running.faults.add({ system: 'gitlab', operation: '*', nth: 2, times: 'always', effect: { status: 503 } });
    await failure('remote-unavailable', read);
  });
});
