import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { GitLab } from './gitlab.ts';
import { branchWithFile, DOCS, error, given, listed, message, refused, SOURCE } from './things.ts';

const CREATE = `${DOCS}/commits/#create-a-commit-with-multiple-files-and-actions`;
const SERVICE = `${SOURCE}/app/services/commits/create_service.rb`;
const NOWHERE = '0'.repeat(40);

const post = ({ ask, project }: GitLab, body: object) => ask('POST', `${project}/repository/commits`, { body });
const change = (gitlab: GitLab, branch: string, actions: readonly object[], more: object = {}) =>
  post(gitlab, { branch, commit_message: 'Change', actions, ...more });
const create = (path = unique('file')) => ({ action: 'create', file_path: path, content: 'x' });

export const commits: readonly Assertion<GitLab>[] = [
  {
    title: 'makes one commit of several actions, and tells it with its parent and statistics',
    concern: 'writes',
    source: CREATE,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab, 'old\n');
      const moved = unique('moved');
      const made = await given(
        change(gitlab, branch, [
          create('fresh.txt'),
          { action: 'update', file_path: 'README.md', content: '# New\n' },
          { action: 'delete', file_path: 'docs/a.md' },
          { action: 'move', file_path: moved, previous_path: path },
        ]),
        201,
      );
      expect(made).to.deep.include({ parent_ids: [sha], title: 'Change', message: 'Change', author_name: 'developer' });
      expect(made.stats).to.have.all.keys('additions', 'deletions', 'total');
      const diff = await listed(gitlab.ask('GET', `${gitlab.project}/repository/commits/${made.id}/diff`));
      expect(diff.map(({ new_path: to }) => to)).to.include.members(['fresh.txt', 'README.md', 'docs/a.md', moved]);
    },
  },
  {
    title: 'makes all of a commit or nothing',
    concern: 'writes',
    source: CREATE,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab);
      await refused(change(gitlab, branch, [create(), create(path)]), 400, message('A file with this name already exists'));
      const { commit } = await given(gitlab.ask('GET', `${gitlab.project}/repository/branches/${branch}`));
      expect((commit as { id: string }).id).to.equal(sha);
    },
  },
  {
    title: 'starts a branch from a branch or a commit, not from both',
    concern: 'validation',
    source: CREATE,
    async holds(gitlab) {
      const { sha } = await branchWithFile(gitlab);
      const made = await given(change(gitlab, unique('branch'), [create()], { start_sha: sha }), 201);
      expect(made.parent_ids).to.deep.equal([sha]);
      const both = change(gitlab, unique('branch'), [create()], { start_sha: sha, start_branch: 'main' });
      await refused(both, 400, error('start_branch, start_sha are mutually exclusive'));
    },
  },
  {
    title: 'refuses to start a branch that exists with 400, unless by force',
    concern: 'conflicts',
    source: CREATE,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const again = (more: object) => change(gitlab, branch, [create()], { start_branch: 'main', ...more });
      const words = `A branch called '${branch}' already exists. Switch to that branch in order to make changes`;
      await refused(again({}), 400, message(words));
      const main = await given(gitlab.ask('GET', `${gitlab.project}/repository/branches/main`));
      const forced = await given(again({ force: true }), 201);
      expect(forced.parent_ids).to.deep.equal([(main.commit as { id: string }).id]);
    },
  },
  {
    title: 'refuses to start from what does not exist with 400',
    concern: 'not found',
    source: SERVICE,
    async holds(gitlab) {
      const nowhere = message('You can only create or edit files when you are on a branch');
      await refused(change(gitlab, unique('branch'), [create()]), 400, nowhere);
      await refused(change(gitlab, unique('branch'), [create()], { start_branch: 'nowhere' }), 400, nowhere);
      const sha = change(gitlab, unique('branch'), [create()], { start_sha: NOWHERE });
      await refused(sha, 400, message(`Cannot find start_sha '${NOWHERE}'`));
      const invalid = change(gitlab, unique('branch'), [create()], { start_sha: 'main' });
      await refused(invalid, 400, message("Invalid start_sha 'main'"));
    },
  },
  {
    title: 'refuses to start a branch under a name that Git would not take with 400',
    concern: 'validation',
    source: SERVICE,
    holds: (gitlab) =>
      refused(
        change(gitlab, 'two words', [create()], { start_branch: 'main' }),
        400,
        message("Something went wrong when we tried to create 'two words' for you: Branch name is invalid"),
      ),
  },
  {
    title: 'refuses an action on another last_commit_id than its file has with 400, and makes none of the others',
    concern: 'conflicts',
    source: CREATE,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab);
      const update = { action: 'update', file_path: path, content: 'changed\n', last_commit_id: sha };
      await given(change(gitlab, branch, [update]), 201);
      const other = create();
      const words = `The file has changed since you started editing it: ${path}`;
      await refused(change(gitlab, branch, [other, update]), 400, message(words));
      await refused(change(gitlab, branch, [{ action: 'delete', file_path: path, last_commit_id: sha }]), 400, message(words));
      const file = `${gitlab.project}/repository/files/${other.file_path}?ref=${branch}`;
      expect((await gitlab.ask('GET', file)).status).to.equal(404);
    },
  },
  {
    title: 'refuses a commit to a branch that the caller may not push to with 403',
    concern: 'authentication',
    source: `${SOURCE}/lib/api/commits.rb`,
    holds: (gitlab) =>
      refused(change(gitlab, 'main', [create()]), 403, message('403 Forbidden - You are not allowed to push into this branch')),
  },
  {
    title: 'names the action of a commit that is wrong, and how',
    concern: 'validation',
    source: CREATE,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const wrong = (action: object, words: string) =>
        refused(change(gitlab, branch, [create(), action]), 400, error(`actions[1]${words}`));
      await wrong({ action: 'burn', file_path: 'x' }, '[action] does not have a valid value');
      await wrong({ action: 'create', content: 'x' }, '[file_path] is missing');
      await wrong({ action: 'move', file_path: 'x' }, '[previous_path] is missing');
      await wrong({ action: 'update', file_path: 'README.md' }, '[content] is missing');
      await wrong({ ...create(), encoding: 'rot13' }, '[encoding] does not have a valid value');
    },
  },
  {
    title: 'gives a commit by its id, a branch or the beginning of its id, and 404 for others',
    concern: 'reads',
    source: `${DOCS}/commits/#get-a-single-commit`,
    async holds(gitlab) {
      const { branch, sha } = await branchWithFile(gitlab);
      const at = (ref: string) => gitlab.ask('GET', `${gitlab.project}/repository/commits/${ref}`);
      expect(await given(at(sha))).to.include({ id: sha, short_id: sha.slice(0, 8) });
      for (const ref of [branch, sha.slice(0, 12)]) expect((await given(at(ref))).id).to.equal(sha);
      await refused(at(NOWHERE), 404, message('404 Commit Not Found'));
    },
  },
  {
    title: 'lists commits newest first, of one branch and one path where asked',
    concern: 'reads',
    source: `${DOCS}/commits/#list-repository-commits`,
    async holds(gitlab) {
      const { branch, path, sha } = await branchWithFile(gitlab);
      const titles = async (query: string) =>
        (await listed(gitlab.ask('GET', `${gitlab.project}/repository/commits?${query}`))).map(({ title }) => title);
      expect((await titles(`ref_name=${branch}`))[0]).to.equal('Add');
      expect(await titles(`ref_name=${branch}&path=${path}`)).to.deep.equal(['Add']);
      expect(await titles(`ref_name=${sha}&path=README.md`)).to.deep.equal(['Say more', 'Begin']);
      expect(await titles(`ref_name=main..${branch}`), 'a revision range').to.deep.equal(['Add']);
      expect(await titles(`ref_name=${branch}..main`)).to.deep.equal([]);
    },
  },
  {
    title: 'compares from the merge base, and straight where asked',
    concern: 'reads',
    source: `${DOCS}/repositories/#compare-branches-tags-or-commits`,
    async holds(gitlab) {
      const [one, two] = [await branchWithFile(gitlab), await branchWithFile(gitlab)];
      const paths = async (more: string) => {
        const found = await given(gitlab.ask('GET', `${gitlab.project}/repository/compare?from=${one.branch}&to=${two.branch}${more}`));
        expect(found).to.include({ compare_timeout: false, compare_same_ref: false }).and.to.have.property('web_url');
        return (found.diffs as { new_path: string }[]).map(({ new_path: path }) => path);
      };
      expect(await paths('')).to.deep.equal([two.path]);
      expect(await paths('&straight=true')).to.have.members([one.path, two.path]);
      await refused(gitlab.ask('GET', `${gitlab.project}/repository/compare?from=main&to=nowhere`), 404, message('404 Ref Not Found'));
    },
  },
  {
    title: 'gives the merge base of two refs, and 400 for one, or for what does not exist',
    concern: 'reads',
    source: `${SOURCE}/lib/api/repositories.rb`,
    async holds(gitlab) {
      const [one, two] = [await branchWithFile(gitlab), await branchWithFile(gitlab)];
      const base = (...refs: string[]) =>
        gitlab.ask('GET', `${gitlab.project}/repository/merge_base?${refs.map((ref) => `refs[]=${encodeURIComponent(ref)}`).join('&')}`);
      const { parent_ids: parents } = await given(gitlab.ask('GET', `${gitlab.project}/repository/commits/${one.sha}`));
      expect((await given(base(one.branch, one.sha))).id).to.equal(one.sha);
      expect((await given(base(one.branch, two.sha))).id).to.equal((parents as string[])[0]);
      await refused(base('main'), 400, message('Provide at least 2 refs'));
      await refused(base('main', 'nowhere'), 400, message('Could not find ref: nowhere'));
    },
  },
];
