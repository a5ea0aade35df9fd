import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { unpackTar } from 'modern-tar';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { GitLab } from './gitlab.ts';
import { branchWithFile, DOCS, message, refused, SOURCE } from './things.ts';

const ARCHIVE = `${DOCS}/repositories/#get-file-archive`;
const archiveAt = ({ project }: GitLab, query: string, suffix = '.tar.gz'): string => `${project}/repository/archive${suffix}?${query}`;

/** What an archive holds: file by path, with the top folder that all of them share taken off. */
async function unpacked(gitlab: GitLab, path: string): Promise<{ top: string; files: Record<string, string> }> {
  const { status, bytes } = await gitlab.download(path);
  expect(status).to.equal(200);
  const entries = (await unpackTar(gunzipSync(bytes))).filter(({ header }) => header.type === 'file');
  const top = entries[0]?.header.name.split('/')[0] ?? '';
  const files = entries.map(({ header, data }) => [header.name.slice(top.length + 1), Buffer.from(data ?? []).toString('utf8')]);
  return { top, files: Object.fromEntries(files) };
}

export const archives: readonly Assertion<GitLab>[] = [
  {
    title: 'packs the files of a commit below one folder, named by project, ref and commit',
    concern: 'reads',
    source: ARCHIVE,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab, 'grüße\n');
      const { top, files } = await unpacked(gitlab, archiveAt(gitlab, `sha=${branch}`));
      expect(top).to.equal(`app-${branch}-${sha}`);
      expect(files).to.include({ [path]: 'grüße\n', 'README.md': '# App\n\nMore.\n', 'docs/deep/c.md': 'c\n' });
    },
  },
  {
    title: 'packs one folder alone, whose files keep their paths from the root',
    concern: 'reads',
    source: ARCHIVE,
    async holds(gitlab) {
      const { sha } = await branchWithFile(gitlab);
      const { top, files } = await unpacked(gitlab, archiveAt(gitlab, `sha=${sha}&path=docs/deep`, ''));
      expect(top).to.equal(`app-${sha}-${sha}-docs-deep`);
      expect(files).to.deep.equal({ 'docs/deep/c.md': 'c\n' });
    },
  },
  {
    title: 'says 404 for a ref that does not exist, and nothing at all about a path that does not',
    concern: 'not found',
    source: `${SOURCE}/lib/api/repositories.rb`,
    async holds(gitlab) {
      await refused(gitlab.ask('GET', archiveAt(gitlab, 'sha=nowhere')), 404, message('404 File Not Found'));
      const { status, bytes } = await gitlab.download(archiveAt(gitlab, 'sha=main&path=nowhere'));
      expect({ status, bytes: bytes.length }).to.deep.equal({ status: 200, bytes: 0 });
    },
  },
  {
    title: 'gives one user five archives of a project in a minute',
    concern: 'limits',
    source: `${SOURCE}/lib/gitlab/application_rate_limiter.rb`,
    async holds(gitlab) {
      const { body } = await eventually(
        () => {
          gitlab.exhaustArchives();
          return gitlab.ask('GET', archiveAt(gitlab, 'sha=main'), { as: 'colleague' });
        },
        // The minute may end in between.
        ({ status }) => status === 429,
      );
      expect(body).to.deep.equal(message({ error: 'This archive has been requested too many times. Try again later.' }));
    },
  },
];
