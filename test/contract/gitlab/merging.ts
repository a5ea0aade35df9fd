import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { GitLab } from './gitlab.ts';
import { approvedRequest, checked, DOCS, given, message, openedRequest, refused, SOURCE } from './things.ts';

const MERGE = `${DOCS}/merge_requests/#merge-a-merge-request`;
const APPROVALS = `${DOCS}/merge_request_approvals/`;
const STALE = '0'.repeat(40);

export const merging: readonly Assertion<GitLab>[] = [
  {
    title: 'merges what is approved with a merge commit, and tells who merged it',
    concern: 'writes',
    source: MERGE,
    async holds(gitlab) {
      const { at, sha, branch } = await approvedRequest(gitlab);
      const merged = await given(gitlab.ask('PUT', `${at}/merge`, { body: { sha, should_remove_source_branch: true } }));
      expect(merged).to.include({ state: 'merged', sha });
      expect((merged.merge_user as { username: string }).username).to.equal('developer');
      const commit = await given(gitlab.ask('GET', `${gitlab.project}/repository/commits/${merged.merge_commit_sha}`));
      expect(commit.parent_ids).to.have.length(2).and.to.include(sha);
      expect((await gitlab.ask('GET', `${gitlab.project}/repository/branches/${branch}`)).status).to.equal(404);
    },
  },
  {
    title: 'squashes the commits into one where asked',
    concern: 'writes',
    source: MERGE,
    async holds(gitlab) {
      const { at } = await approvedRequest(gitlab);
      const merged = await given(gitlab.ask('PUT', `${at}/merge`, { body: { squash: true, squash_commit_message: 'As one' } }));
      const squashed = await given(gitlab.ask('GET', `${gitlab.project}/repository/commits/${merged.squash_commit_sha}`));
      expect(squashed.message).to.equal('As one');
    },
  },
  {
    title: 'refuses to merge another commit than the reviewed one with 409',
    concern: 'conflicts',
    source: MERGE,
    async holds(gitlab) {
      const { at, sha } = await approvedRequest(gitlab);
      const words = `SHA does not match HEAD of source branch: ${sha}`;
      await refused(gitlab.ask('PUT', `${at}/merge`, { body: { sha: STALE } }), 409, message(words));
      expect(await given(gitlab.ask('GET', at))).to.include({ state: 'opened' });
    },
  },
  {
    title: 'looks at the reviewed commit before it looks whether the request can be merged',
    concern: 'conflicts',
    source: `${SOURCE}/lib/api/merge_requests.rb`,
    async holds(gitlab) {
      const { at, sha } = await openedRequest(gitlab);
      const words = `SHA does not match HEAD of source branch: ${sha}`;
      await refused(gitlab.ask('PUT', `${at}/merge`, { body: { sha: STALE } }), 409, message(words));
    },
  },
  {
    title: 'refuses to merge with 405 what is not approved, a draft, closed, or merged already',
    concern: 'conflicts',
    source: MERGE,
    async holds(gitlab) {
      const merge = (at: string) => refused(gitlab.ask('PUT', `${at}/merge`), 405, message('405 Method Not Allowed'));
      const update = (at: string, body: object) => given(gitlab.ask('PUT', at, { body }));
      await merge((await openedRequest(gitlab)).at);
      const draft = await approvedRequest(gitlab);
      await update(draft.at, { title: 'Draft: no' });
      await merge(draft.at);
      const closed = await approvedRequest(gitlab);
      await update(closed.at, { state_event: 'close' });
      await merge(closed.at);
      const merged = await approvedRequest(gitlab);
      await given(gitlab.ask('PUT', `${merged.at}/merge`));
      await merge(merged.at);
    },
  },
  {
    title: 'sees that two requests change the same file, and refuses to merge the second with 405',
    concern: 'conflicts',
    source: 'https://gitlab.com/gitlab-org/gitlab/-/issues/364102',
    async holds(gitlab) {
      const path = unique('same');
      const open = async (content: string): Promise<string> => {
        const branch = unique('branch');
        const actions = [{ action: 'create', file_path: path, content }];
        const body = { branch, start_branch: 'main', commit_message: 'Add', actions };
        await given(gitlab.ask('POST', `${gitlab.project}/repository/commits`, { body }), 201);
        const request = { source_branch: branch, target_branch: 'main', title: content };
        const { iid } = await given(gitlab.ask('POST', `${gitlab.project}/merge_requests`, { body: request }), 201);
        const at = `${gitlab.project}/merge_requests/${iid}`;
        await given(gitlab.ask('POST', `${at}/approve`, { as: 'maintainer' }), 201);
        await checked(gitlab, at);
        return at;
      };
      const [one, two] = [await open('one'), await open('two')];
      await given(gitlab.ask('PUT', `${one}/merge`));
      expect(await checked(gitlab, two)).to.include({ detailed_merge_status: 'conflict', has_conflicts: true });
      await refused(gitlab.ask('PUT', `${two}/merge`), 405, message('405 Method Not Allowed'));
    },
  },
  {
    title: 'refuses a merge with 401 to who may not merge into the target',
    concern: 'authentication',
    source: MERGE,
    async holds(gitlab) {
      const target = unique('target');
      await given(gitlab.ask('POST', `${gitlab.project}/repository/branches`, { body: { branch: target, ref: 'main' } }), 201);
      await given(gitlab.ask('POST', `${gitlab.project}/protected_branches`, { as: 'maintainer', body: { name: target } }), 201);
      const { at } = await approvedRequest(gitlab);
      await given(gitlab.ask('PUT', at, { body: { target_branch: target } }));
      await refused(gitlab.ask('PUT', `${at}/merge`), 401, message('401 Unauthorized'));
    },
  },
  {
    title: 'counts approvals, and takes them back when the branch moves',
    concern: 'writes',
    source: `${APPROVALS}#approve-merge-request`,
    async holds(gitlab) {
      const { at, branch } = await openedRequest(gitlab);
      const approvals = () => given(gitlab.ask('GET', `${at}/approvals`));
      expect(await approvals()).to.include({ approvals_required: 1, approvals_left: 1, approved: false });
      const approved = await given(gitlab.ask('POST', `${at}/approve`, { as: 'maintainer' }), 201);
      expect(approved).to.include({ approvals_left: 0, approved: true, user_has_approved: true });
      const actions = [{ action: 'create', file_path: unique('more'), content: '' }];
      await given(gitlab.ask('POST', `${gitlab.project}/repository/commits`, { body: { branch, commit_message: 'More', actions } }), 201);
      expect(await approvals()).to.include({ approvals_left: 1, approved: false });
    },
  },
  {
    title: 'refuses the approval of the author, and a second one, with 401',
    concern: 'authentication',
    source: `${SOURCE}/lib/api/merge_request_approvals.rb`,
    async holds(gitlab) {
      const { at } = await openedRequest(gitlab);
      const approve = (as: 'developer' | 'maintainer') => gitlab.ask('POST', `${at}/approve`, { as });
      await refused(approve('developer'), 401, message('401 Unauthorized'));
      await given(approve('maintainer'), 201);
      await refused(approve('maintainer'), 401, message('401 Unauthorized'));
    },
  },
  {
    title: 'refuses to approve another commit than the reviewed one with 409',
    concern: 'conflicts',
    source: `${APPROVALS}#approve-merge-request`,
    async holds(gitlab) {
      const { at, sha } = await openedRequest(gitlab);
      const words = `SHA does not match HEAD of source branch: ${sha}`;
      await refused(gitlab.ask('POST', `${at}/approve`, { as: 'maintainer', body: { sha: STALE } }), 409, message(words));
      await given(gitlab.ask('POST', `${at}/approve`, { as: 'maintainer', body: { sha } }), 201);
    },
  },
  {
    title: 'takes an approval back once, and answers 404 where there is none',
    concern: 'not found',
    source: `${SOURCE}/lib/api/merge_request_approvals.rb`,
    async holds(gitlab) {
      const { at } = await approvedRequest(gitlab);
      const back = () => gitlab.ask('POST', `${at}/unapprove`, { as: 'maintainer' });
      expect(await given(back(), 201)).to.include({ approvals_left: 1 });
      expect((await back()).status).to.equal(404);
    },
  },
];
