import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { GitLab } from './gitlab.ts';
import { branchWithFile, DOCS, error, given, message, refused, SOURCE } from './things.ts';

const FILES = `${DOCS}/repository_files/`;
const fileAt = ({ project }: GitLab, path: string): string => `${project}/repository/files/${encodeURIComponent(path)}`;
const readAt = (gitlab: GitLab, path: string, ref: string): string => `${fileAt(gitlab, path)}?ref=${encodeURIComponent(ref)}`;

export const files: readonly Assertion<GitLab>[] = [
  {
    title: 'gives a file in Base64 with its hashes and the last commit that changed it',
    concern: 'reads',
    source: `${FILES}#get-file-from-repository`,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab, 'grüße\n');
      const bytes = Buffer.from('grüße\n');
      const hash = (kind: string, ...parts: (string | Buffer)[]) =>
        parts.reduce((sum, part) => sum.update(part), createHash(kind)).digest('hex');
      expect(await given(gitlab.ask('GET', readAt(gitlab, path, branch)))).to.deep.equal({
        file_name: path,
        file_path: path,
        size: bytes.length,
        encoding: 'base64',
        content: bytes.toString('base64'),
        content_sha256: hash('sha256', bytes),
        ref: branch,
        blob_id: hash('sha1', `blob ${bytes.length}\0`, bytes),
        commit_id: sha,
        last_commit_id: sha,
        execute_filemode: false,
      });
    },
  },
  {
    title: 'tells the same in headers, and nothing else to HEAD',
    concern: 'reads',
    source: `${FILES}#get-file-metadata-only`,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab);
      const { headers } = await gitlab.ask('GET', readAt(gitlab, path, branch));
      const head = await gitlab.ask('HEAD', readAt(gitlab, path, branch));
      expect(head).to.include({ status: 200, body: null });
      for (const name of ['blob-id', 'commit-id', 'content-sha256', 'encoding', 'file-name', 'file-path', 'last-commit-id', 'ref', 'size'])
        expect(head.headers.get(`x-gitlab-${name}`), name)
          .to.equal(headers.get(`x-gitlab-${name}`))
          .and.to.be.a('string');
      expect(head.headers.get('x-gitlab-last-commit-id')).to.equal(sha);
    },
  },
  {
    title: 'gives a file as it is, of the default branch unless told otherwise',
    concern: 'reads',
    source: `${FILES}#get-raw-file-from-repository`,
    async holds(gitlab) {
      const { headers, body } = await gitlab.ask('GET', `${fileAt(gitlab, 'README.md')}/raw`);
      expect(body).to.equal('# App\n\nMore.\n');
      expect(headers.get('content-type')).to.match(/^text\/plain/);
    },
  },
  {
    title: 'wants the ref of a file: missing, and so empty',
    concern: 'validation',
    source: `${SOURCE}/lib/api/files.rb`,
    async holds(gitlab) {
      await refused(gitlab.ask('GET', fileAt(gitlab, 'README.md')), 400, error('ref is missing, ref is empty'));
      await refused(gitlab.ask('GET', readAt(gitlab, 'README.md', '')), 400, error('ref is empty'));
    },
  },
  {
    title: 'tells a file that does not exist from a ref that does not exist',
    concern: 'not found',
    source: `${SOURCE}/lib/api/files.rb`,
    async holds(gitlab) {
      await refused(gitlab.ask('GET', readAt(gitlab, 'nowhere.md', 'main')), 404, message('404 File Not Found'));
      await refused(gitlab.ask('GET', readAt(gitlab, 'README.md', 'nowhere')), 404, message('404 Commit Not Found'));
      expect((await gitlab.ask('GET', readAt(gitlab, 'docs', 'main'))).status, 'a folder is no file').to.equal(404);
    },
  },
  {
    title: 'creates a file with 201, updates it with 200, deletes it with 204, a commit each',
    concern: 'writes',
    source: `${FILES}#create-new-file-in-repository`,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const path = `deep/${unique('file')}.yaml`;
      const write = (method: string, more: object) =>
        gitlab.ask(method, fileAt(gitlab, path), { body: { branch, commit_message: method, ...more } });
      await refused(write('POST', { content: 'a\n' }), 201, { file_path: path, branch });
      await refused(write('PUT', { content: Buffer.from('b\n').toString('base64'), encoding: 'base64' }), 200, { file_path: path, branch });
      expect(await given(gitlab.ask('GET', readAt(gitlab, path, branch)))).to.include({ content: Buffer.from('b\n').toString('base64') });
      await refused(write('DELETE', {}), 204, null);
      expect((await gitlab.ask('GET', readAt(gitlab, path, branch))).status).to.equal(404);
    },
  },
  {
    title: 'creates the branch of a file where start_branch is given',
    concern: 'writes',
    source: `${FILES}#create-new-file-in-repository`,
    async holds(gitlab) {
      const branch = unique('branch');
      const body = { branch, start_branch: 'main', commit_message: 'Add', content: '' };
      await refused(gitlab.ask('POST', fileAt(gitlab, 'new.txt'), { body }), 201, { file_path: 'new.txt', branch });
    },
  },
  {
    title: 'refuses to create a file that exists with 400',
    concern: 'conflicts',
    source: FILES,
    async holds(gitlab) {
      const { branch, path } = await branchWithFile(gitlab);
      const body = { branch, commit_message: 'Again', content: 'x' };
      await refused(gitlab.ask('POST', fileAt(gitlab, path), { body }), 400, message('A file with this name already exists'));
    },
  },
  {
    title: 'refuses to update or delete a file that does not exist with 400',
    concern: 'not found',
    source: FILES,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const body = { branch, commit_message: 'Change', content: 'x' };
      await refused(gitlab.ask('PUT', fileAt(gitlab, 'nowhere'), { body }), 400, message("A file with this name doesn't exist"));
      expect((await gitlab.ask('DELETE', fileAt(gitlab, 'nowhere'), { body: { branch, commit_message: 'x' } })).status).to.equal(400);
    },
  },
  {
    title: 'refuses an update on another last_commit_id than the file has with 400',
    concern: 'conflicts',
    source: `${FILES}#update-existing-file-in-repository`,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab);
      const update = () =>
        gitlab.ask('PUT', fileAt(gitlab, path), {
          body: { branch, commit_message: 'Change', content: `${unique('')}\n`, last_commit_id: sha },
        });
      await given(update());
      await refused(update(), 400, message('You are attempting to update a file that has changed since you started editing it.'));
    },
  },
  {
    title: 'names every parameter of a new file that is missing, and takes two encodings',
    concern: 'validation',
    source: `${FILES}#create-new-file-in-repository`,
    async holds(gitlab) {
      const post = (body: object) => gitlab.ask('POST', fileAt(gitlab, unique('file')), { body });
      const words = 'branch is missing, branch is empty, commit_message is missing, commit_message is empty';
      await refused(post({ content: '' }), 400, error(words));
      await refused(post({ branch: 'main', commit_message: 'x' }), 400, error('content is missing'));
      const body = { branch: 'main', commit_message: 'x', content: '', encoding: 'rot13' };
      await refused(post(body), 400, error('encoding does not have a valid value'));
    },
  },
  {
    title: 'refuses a file on a branch that the caller may not push to with 400',
    concern: 'authentication',
    source: `${SOURCE}/app/services/commits/create_service.rb`,
    holds: (gitlab) =>
      refused(
        gitlab.ask('POST', fileAt(gitlab, unique('file')), { body: { branch: 'main', commit_message: 'x', content: '' } }),
        400,
        message('You are not allowed to push into this branch'),
      ),
  },
  {
    title: 'gives a blob by its id, as JSON and as it is, and 404 for another id',
    concern: 'reads',
    source: `${DOCS}/repositories/#get-a-blob-from-repository`,
    async holds(gitlab) {
      const { branch, path } = await branchWithFile(gitlab, 'a blob\n');
      const { blob_id: sha } = await given(gitlab.ask('GET', readAt(gitlab, path, branch)));
      const blobs = `${gitlab.project}/repository/blobs`;
      const content = Buffer.from('a blob\n').toString('base64');
      expect(await given(gitlab.ask('GET', `${blobs}/${sha}`))).to.deep.equal({ size: 7, encoding: 'base64', content, sha });
      expect((await gitlab.ask('GET', `${blobs}/${sha}/raw`)).body).to.equal('a blob\n');
      await refused(gitlab.ask('GET', `${blobs}/${'0'.repeat(40)}`), 404, message('404 Blob Not Found'));
    },
  },
];
