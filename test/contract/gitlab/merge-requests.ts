import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { GitLab } from './gitlab.ts';
import { branchWithFile, checked, DOCS, error, given, listed, message, openedRequest, refused, SOURCE } from './things.ts';

const CREATE = `${DOCS}/merge_requests/#create-mr`;

export const mergeRequests: readonly Assertion<GitLab>[] = [
  {
    title: 'opens a merge request with what was asked for, and a status that is still worked out',
    concern: 'writes',
    source: CREATE,
    async holds(gitlab) {
      const { branch, sha } = await branchWithFile(gitlab);
      const body = {
        source_branch: branch,
        target_branch: 'main',
        title: 'Draft: Try',
        description: 'Why',
        labels: 'b,a',
        reviewer_ids: [gitlab.ids.maintainer],
        remove_source_branch: true,
      };
      const made = await given(gitlab.ask('POST', `${gitlab.project}/merge_requests`, { body }), 201);
      expect(made).to.deep.include({ title: 'Draft: Try', description: 'Why', state: 'opened', draft: true, sha, labels: ['a', 'b'] });
      expect(made).to.include({ force_remove_source_branch: true, source_branch: branch, target_branch: 'main', has_conflicts: false });
      expect((made.reviewers as { username: string }[]).map(({ username }) => username)).to.deep.equal(['maintainer']);
      expect(made.detailed_merge_status).to.be.oneOf(['preparing', 'unchecked', 'checking']);
    },
  },
  {
    title: 'works out why a merge request cannot be merged, some time after it was opened',
    concern: 'consistency',
    source: `${DOCS}/merge_requests/#merge-status`,
    async holds(gitlab) {
      const { at } = await openedRequest(gitlab);
      expect(await checked(gitlab, at)).to.include({ detailed_merge_status: 'not_approved', merge_status: 'can_be_merged' });
      await given(gitlab.ask('PUT', at, { body: { title: 'Draft: Not yet' } }));
      expect(await checked(gitlab, at)).to.include({ detailed_merge_status: 'draft_status' });
    },
  },
  {
    title: 'refuses a second open merge request of the same branches with 409',
    concern: 'conflicts',
    source: `${SOURCE}/app/models/merge_request.rb`,
    async holds(gitlab) {
      const { branch, iid } = await openedRequest(gitlab);
      const body = { source_branch: branch, target_branch: 'main', title: 'Again' };
      const words = [`Another open merge request already exists for this source branch: !${iid}`];
      await refused(gitlab.ask('POST', `${gitlab.project}/merge_requests`, { body }), 409, message(words));
    },
  },
  {
    title: 'refuses a merge request of a branch into itself with 422',
    concern: 'validation',
    source: `${SOURCE}/app/models/merge_request.rb`,
    holds: ({ ask, project }) =>
      refused(
        ask('POST', `${project}/merge_requests`, { body: { source_branch: 'main', target_branch: 'main', title: 'x' } }),
        422,
        message(["You can't use same project/branch for source and target"]),
      ),
  },
  {
    title: 'wants title, source_branch and target_branch of a new merge request',
    concern: 'validation',
    source: CREATE,
    async holds({ ask, project }) {
      const whole: Record<string, string> = { title: 'x', source_branch: 'a', target_branch: 'main' };
      for (const name of Object.keys(whole)) {
        const { [name]: _left, ...body } = whole;
        await refused(ask('POST', `${project}/merge_requests`, { body }), 400, error(`${name} is missing`));
      }
    },
  },
  {
    title: 'answers 404 Not found for an iid that does not exist',
    concern: 'not found',
    source: `${DOCS}/rest/troubleshooting/#status-codes`,
    async holds({ ask, project }) {
      await refused(ask('GET', `${project}/merge_requests/999999`), 404, message('404 Not found'));
      await refused(ask('PUT', `${project}/merge_requests/999999/merge`), 404, message('404 Not found'));
    },
  },
  {
    title: 'is numbered within its project, and found by that number, not by its id',
    concern: 'reads',
    source: `${DOCS}/rest/#id-vs-iid`,
    async holds(gitlab) {
      const { at, iid } = await openedRequest(gitlab);
      const { id } = await given(gitlab.ask('GET', at));
      expect(id).to.not.equal(iid);
      await refused(gitlab.ask('GET', `${gitlab.project}/merge_requests/${id}`), 404, message('404 Not found'));
    },
  },
  {
    title: 'lists merge requests by branches, state and iids, newest first',
    concern: 'reads',
    source: `${DOCS}/merge_requests/#list-project-merge-requests`,
    async holds(gitlab) {
      const [one, two] = [await openedRequest(gitlab), await openedRequest(gitlab)];
      const found = async (query: string) =>
        (await listed(gitlab.ask('GET', `${gitlab.project}/merge_requests?${query}`))).map(({ iid }) => iid);
      expect(await found(`source_branch=${one.branch}&target_branch=main&state=opened`)).to.deep.equal([one.iid]);
      expect(await found(`source_branch=${one.branch}&state=merged`)).to.deep.equal([]);
      expect(await found(`iids[]=${one.iid}&iids[]=${two.iid}`)).to.deep.equal([two.iid, one.iid]);
      const invalid = gitlab.ask('GET', `${gitlab.project}/merge_requests?state=open`);
      await refused(invalid, 400, error('state does not have a valid value'));
    },
  },
  {
    title: 'closes, reopens and renames a merge request',
    concern: 'writes',
    source: `${DOCS}/merge_requests/#update-mr`,
    async holds(gitlab) {
      const { at } = await openedRequest(gitlab);
      const update = (body: object) => given(gitlab.ask('PUT', at, { body }));
      expect(await update({ state_event: 'close' })).to.include({ state: 'closed', detailed_merge_status: 'not_open' });
      expect(await update({ state_event: 'reopen' })).to.include({ state: 'opened', closed_at: null });
      expect(await update({ title: 'Renamed' })).to.include({ title: 'Renamed' });
    },
  },
  {
    title: 'refuses an update of nothing, a blank title and an unknown event with 400',
    concern: 'validation',
    source: `${SOURCE}/lib/api/merge_requests.rb`,
    async holds(gitlab) {
      const { at } = await openedRequest(gitlab);
      const { status, body } = await gitlab.ask('PUT', at, { body: {} });
      expect(status).to.equal(400);
      expect((body as { error: string }).error).to.match(/ are missing, at least one parameter must be provided$/);
      await refused(gitlab.ask('PUT', at, { body: { title: '' } }), 400, error('title is empty'));
      await refused(gitlab.ask('PUT', at, { body: { state_event: 'burn' } }), 400, error('state_event does not have a valid value'));
    },
  },
  {
    title: 'shows the files and the commits of a merge request',
    concern: 'reads',
    source: `${DOCS}/merge_requests/#list-merge-request-diffs`,
    async holds(gitlab) {
      const { at, path, sha } = await openedRequest(gitlab);
      const [diff, ...others] = await listed(gitlab.ask('GET', `${at}/diffs`));
      expect(others).to.deep.equal([]);
      expect(diff).to.include({ new_path: path, new_file: true, deleted_file: false, renamed_file: false });
      expect((await listed(gitlab.ask('GET', `${at}/commits`))).map(({ id }) => id)).to.deep.equal([sha]);
    },
  },
  {
    title: 'keeps notes, which only their authors change',
    concern: 'writes',
    source: `${DOCS}/notes/#merge-requests`,
    async holds(gitlab) {
      const { at } = await openedRequest(gitlab);
      const text = unique('note');
      const note = await given(gitlab.ask('POST', `${at}/notes`, { body: { body: text } }), 201);
      expect(note).to.include({ body: text, system: false, noteable_type: 'MergeRequest' });
      expect((await listed(gitlab.ask('GET', `${at}/notes`))).map(({ body }) => body)).to.deep.equal([text]);
      expect(await given(gitlab.ask('PUT', `${at}/notes/${note.id}`, { body: { body: 'Else' } }))).to.include({ body: 'Else' });
      expect((await gitlab.ask('PUT', `${at}/notes/${note.id}`, { as: 'colleague', body: { body: 'x' } })).status).to.equal(403);
      await refused(gitlab.ask('DELETE', `${at}/notes/${note.id}`), 204, null);
      expect((await gitlab.ask('GET', `${at}/notes/${note.id}`)).status).to.equal(404);
      await refused(gitlab.ask('POST', `${at}/notes`, { body: {} }), 400, error('body is missing'));
    },
  },
];
