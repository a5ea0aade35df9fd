import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { commitFiles } from '../../../sandbox/gitlab/repository.ts';
import { type GitLabSandbox, PROJECT, startGitLab } from './gitlab-sandbox.ts';

const author = { name: 'Platform', email: 'platform@example.com' };

describe('the sandbox GitLab: archives', function () {
  this.timeout(20_000);
  let sandbox: GitLabSandbox;
  beforeEach(async () => {
    sandbox = await startGitLab({ scale: 1 });
  });
  afterEach(() => sandbox.running.stop());

  const download = async (end: string): Promise<Response> =>
    fetch(`${sandbox.host}/api/v4/projects/${encodeURIComponent(PROJECT)}/repository/archive${end}`, {
      headers: { 'PRIVATE-TOKEN': 'glpat-sandbox' },
    });
  const tar = (bytes: Buffer, ...args: string[]): string =>
    execFileSync('tar', ['-z', ...args, '-f', '-'], { input: bytes }).toString('utf8');

  function commit(files: Readonly<Record<string, string>>): string {
    const { gitlab } = sandbox.running.sandbox.world;
    const project = gitlab.projects[PROJECT];
    if (project === undefined) throw new Error('no project');
    return commitFiles(project, { branch: 'main', message: 'Change', author, at: Date.now(), files });
  }

  it('packs what tar unpacks, long paths included', async () => {
    const long = `clusters/${'long-folder/'.repeat(20)}file.yaml`;
    const sha = commit({ [long]: 'long: true\n' });
    const response = await download('.tar.gz?path=clusters');
    const top = `argocd-apps-main-${sha}-clusters`;
    expect(response.headers.get('content-disposition')).to.equal(`attachment; filename="${top}.tar.gz"`);
    const bytes = Buffer.from(await response.arrayBuffer());
    const names = tar(bytes, '-t').split('\n');
    expect(names).to.include.members([`${top}/`, `${top}/clusters/shop-prod/README.md`, `${top}/${long}`]);
    expect(names.filter((name) => name !== '' && !name.startsWith(`${top}/`))).to.deep.equal([]);
    expect(tar(bytes, '-x', '-O', `${top}/${long}`)).to.equal('long: true\n');
  });

  it('leaves out what is ignored at exports, and fills in the commit where that is asked for', async () => {
    const sha = commit({
      'clusters/.gitattributes': 'secret export-ignore\n*.local export-ignore\nkept.local -export-ignore\n/a/version.txt export-subst\n',
      'clusters/a/version.txt': '$Format:%H$\n',
      'clusters/a/secret/file.txt': 'x',
      'clusters/a/mine.local': 'x',
      'clusters/a/kept.local': 'x',
    });
    const bytes = Buffer.from(await (await download('?path=clusters/a')).arrayBuffer());
    const top = `argocd-apps-main-${sha}-clusters-a`;
    const files = tar(bytes, '-t')
      .split('\n')
      .filter((name) => name.includes('.'));
    expect(files).to.have.members([`${top}/clusters/a/kept.local`, `${top}/clusters/a/version.txt`]);
    expect(tar(bytes, '-x', '-O', `${top}/clusters/a/version.txt`)).to.equal(`${sha}\n`);
  });

  it('refuses the sixth archive of a minute, and what it cannot pack', async () => {
    expect((await download('.zip')).status).to.equal(501);
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await download('?path=clusters')).status));
    expect(statuses.toSorted()).to.deep.equal([200, 200, 200, 200, 429]);
  });
});
