import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { GitLab } from './gitlab.ts';
import { branchWithFile, DOCS, error, given, listed, message, refused, SOURCE } from './things.ts';

const at = ({ project }: GitLab, name = ''): string => `${project}/repository/branches${name === '' ? '' : `/${encodeURIComponent(name)}`}`;

export const branches: readonly Assertion<GitLab>[] = [
  {
    title: 'creates a branch from a branch or a commit, with its parameters in the body or in the query',
    concern: 'writes',
    source: `${DOCS}/branches/#create-repository-branch`,
    async holds(gitlab) {
      const main = await given(gitlab.ask('GET', at(gitlab, 'main')));
      const [first, second] = [unique('feature/one'), unique('feature/two')];
      const made = await given(gitlab.ask('POST', at(gitlab), { body: { branch: first, ref: 'main' } }), 201);
      expect(made).to.deep.include({ name: first, commit: main.commit, default: false, protected: false, can_push: true });
      const { id } = made.commit as { id: string };
      const query = new URLSearchParams({ branch: second, ref: id });
      expect(await given(gitlab.ask('POST', `${at(gitlab)}?${query}`), 201)).to.deep.include({ name: second, commit: main.commit });
    },
  },
  {
    title: 'says that an unprotected branch grants developers nothing, though they may push to it',
    concern: 'reads',
    source: `${DOCS}/branches/#create-repository-branch`,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const found = await given(gitlab.ask('GET', at(gitlab, branch)));
      expect(found).to.include({
        merged: false,
        protected: false,
        developers_can_push: false,
        developers_can_merge: false,
        can_push: true,
      });
    },
  },
  {
    title: 'tells of a protected branch what developers may do',
    concern: 'reads',
    source: `${DOCS}/branches/#get-single-repository-branch`,
    async holds(gitlab) {
      const found = await given(gitlab.ask('GET', at(gitlab, 'main')));
      expect(found).to.include({ protected: true, default: true, developers_can_push: false, developers_can_merge: true, can_push: false });
      expect(await given(gitlab.ask('GET', at(gitlab, 'main'), { as: 'maintainer' }))).to.include({ can_push: true });
    },
  },
  {
    title: 'refuses a branch that exists with 400',
    concern: 'conflicts',
    source: `${SOURCE}/app/services/branches/validate_new_service.rb`,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      await refused(gitlab.ask('POST', at(gitlab), { body: { branch, ref: 'main' } }), 400, message('Branch already exists'));
    },
  },
  {
    title: 'refuses a branch from a ref that does not exist with 400',
    concern: 'validation',
    source: `${SOURCE}/app/services/branches/create_service.rb`,
    holds: (gitlab) =>
      refused(
        gitlab.ask('POST', at(gitlab), { body: { branch: 'from-nowhere', ref: 'nowhere' } }),
        400,
        message("Failed to create branch 'from-nowhere': invalid reference name 'nowhere'"),
      ),
  },
  {
    title: 'refuses a name that Git would not take with 400',
    concern: 'validation',
    source: `${SOURCE}/app/services/branches/validate_new_service.rb`,
    async holds(gitlab) {
      for (const branch of ['two words', 'dots..dots', '-dash', 'end.lock'])
        await refused(gitlab.ask('POST', at(gitlab), { body: { branch, ref: 'main' } }), 400, message('Branch name is invalid'));
    },
  },
  {
    title: 'names every parameter of a new branch that is missing or empty',
    concern: 'validation',
    source: `${SOURCE}/lib/api/branches.rb`,
    async holds(gitlab) {
      const words = 'branch is missing, branch is empty, ref is missing, ref is empty';
      await refused(gitlab.ask('POST', at(gitlab), { body: {} }), 400, error(words));
      await refused(gitlab.ask('POST', at(gitlab), { body: { branch: 'x', ref: '' } }), 400, error('ref is empty'));
    },
  },
  {
    title: 'answers 404 Branch Not Found for a branch that does not exist',
    concern: 'not found',
    source: `${DOCS}/rest/troubleshooting/#status-codes`,
    async holds(gitlab) {
      await refused(gitlab.ask('GET', at(gitlab, 'nowhere')), 404, message('404 Branch Not Found'));
      await refused(gitlab.ask('DELETE', at(gitlab, 'nowhere')), 404, message('404 Branch Not Found'));
    },
  },
  {
    title: 'deletes a branch with 204 and nothing else',
    concern: 'writes',
    source: `${DOCS}/rest/troubleshooting/#status-codes`,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      await refused(gitlab.ask('DELETE', at(gitlab, branch)), 204, null);
      expect((await gitlab.ask('GET', at(gitlab, branch))).status).to.equal(404);
    },
  },
  {
    title: 'keeps the default branch, whoever asks for its deletion',
    concern: 'validation',
    source: `${SOURCE}/lib/gitlab/checks/branch_check.rb`,
    holds: (gitlab) =>
      refused(
        gitlab.ask('DELETE', at(gitlab, 'main'), { as: 'maintainer' }),
        400,
        message('The default branch of a project cannot be deleted.'),
      ),
  },
  {
    title: 'lets maintainers delete a protected branch, and developers not',
    concern: 'authentication',
    source: 'https://docs.gitlab.com/user/project/repository/branches/protected/#delete-protected-branches',
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      await given(gitlab.ask('POST', `${gitlab.project}/protected_branches`, { as: 'maintainer', body: { name: branch } }), 201);
      const developer = await gitlab.ask('DELETE', at(gitlab, branch));
      expect(developer.status).to.equal(400);
      expect((developer.body as { message: string }).message).to.match(/^You are not allowed to delete protected branches/);
      expect((await gitlab.ask('DELETE', at(gitlab, branch), { as: 'maintainer' })).status).to.equal(204);
    },
  },
  {
    title: 'protects a branch for maintainers unless access levels say otherwise, once, and takes it back',
    concern: 'writes',
    source: `${DOCS}/protected_branches/#protect-repository-branches`,
    async holds(gitlab) {
      const { branch } = await branchWithFile(gitlab);
      const protection = `${gitlab.project}/protected_branches`;
      const protect = () => gitlab.ask('POST', protection, { as: 'maintainer', body: { name: branch, merge_access_level: 30 } });
      const made = await given(protect(), 201);
      expect((made.push_access_levels as { access_level: number }[])[0]?.access_level).to.equal(40);
      expect((made.merge_access_levels as { access_level: number }[])[0]?.access_level).to.equal(30);
      await refused(protect(), 409, message(`Protected branch '${branch}' already exists`));
      await refused(gitlab.ask('DELETE', `${protection}/${branch}`, { as: 'maintainer' }), 204, null);
      expect(await given(gitlab.ask('GET', at(gitlab, branch)))).to.include({ protected: false });
    },
  },
  {
    title: 'searches branches by a part of the name, its beginning or its end',
    concern: 'reads',
    source: `${DOCS}/branches/#list-repository-branches`,
    async holds(gitlab) {
      const middle = unique('middle');
      for (const branch of [`a-${middle}-z`, `${middle}-z`, `a-${middle}`])
        await given(gitlab.ask('POST', at(gitlab), { body: { branch, ref: 'main' } }), 201);
      const found = async (search: string) =>
        (await listed(gitlab.ask('GET', `${at(gitlab)}?search=${encodeURIComponent(search)}`))).map(({ name }) => name);
      expect(await found(middle)).to.deep.equal([`a-${middle}`, `a-${middle}-z`, `${middle}-z`]);
      expect(await found(`^${middle}`)).to.deep.equal([`${middle}-z`]);
      expect(await found(`${middle}$`)).to.deep.equal([`a-${middle}`]);
    },
  },
];
