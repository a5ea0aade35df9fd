import { type RestRoute, type RestRoutes, restRoutes } from '../rest-routes.ts';
import type { SandboxResponse } from '../system.ts';
import * as approvals from './approvals.ts';
import { ARCHIVE_SUFFIXES, getArchive } from './archive.ts';
import * as branches from './branches.ts';
import type { Call } from './call.ts';
import * as commits from './commits.ts';
import * as files from './files.ts';
import { mergeMergeRequest } from './merge.ts';
import * as mergeRequests from './merge-requests.ts';
import * as notes from './notes.ts';
import { PAGE_PARAMETERS } from './pages.ts';
import { getTree } from './tree.ts';
import * as users from './users.ts';

type Handler = (call: Call) => SandboxResponse | Promise<SandboxResponse>;
type Route = RestRoute<Handler>;

export const API = '/api/v4';
const project = `${API}/projects/{id}`;
const repository = `${project}/repository`;
const requests = `${project}/merge_requests`;
const request = `${requests}/{iid}`;

const fileBody = [
  'branch',
  'start_branch',
  'commit_message',
  'content',
  'encoding',
  'author_name',
  'author_email',
  'last_commit_id',
  'execute_filemode',
];
const requestBody = [
  'title',
  'description',
  'target_branch',
  'labels',
  'assignee_id',
  'assignee_ids',
  'reviewer_ids',
  'squash',
  'remove_source_branch',
  'allow_collaboration',
];
const requestQuery = [
  'state',
  'source_branch',
  'target_branch',
  'labels',
  'author_username',
  'search',
  'iids[]',
  'scope',
  'order_by',
  'sort',
  'view',
  'with_merge_status_recheck',
];

function get(pattern: string, run: Handler, query: readonly string[] = []): Route {
  return { method: 'GET', pattern, run, query: [...PAGE_PARAMETERS, ...query] };
}

/** A write takes its parameters in its query as well as in its body. */
function write(method: 'POST' | 'PUT' | 'DELETE', pattern: string, run: Handler, body: readonly string[] = []): Route {
  return { method, pattern, run, body, query: body.flatMap((name) => [name, `${name}[]`]) };
}

/** Everything the sandbox's GitLab answers. */
export const routes: RestRoutes<Handler> = restRoutes<Handler>([
  get(`${API}/version`, users.getVersion),
  get(`${API}/user`, users.getCurrentUser),
  get(`${API}/users`, users.listUsers, ['username', 'search', 'active']),
  get(`${API}/users/{user}`, users.getUser),
  get(`${API}/personal_access_tokens/self`, users.getOwnToken),
  get(`${API}/projects`, users.listProjects, ['search', 'membership', 'simple', 'order_by', 'sort', 'search_namespaces']),
  get(project, users.getProject, ['statistics', 'license', 'with_custom_attributes']),
  get(`${project}/members`, users.listMembers, ['query']),
  get(`${project}/members/all`, users.listMembers, ['query']),
  get(`${project}/members/{user}`, users.getMember),
  get(`${project}/members/all/{user}`, users.getMember),

  get(`${repository}/branches`, branches.listBranches, ['search', 'regex']),
  get(`${repository}/branches/{branch}`, branches.getBranch),
  write('POST', `${repository}/branches`, branches.createBranch, ['branch', 'ref']),
  write('DELETE', `${repository}/branches/{branch}`, branches.deleteBranch),
  get(`${project}/protected_branches`, branches.listProtectedBranches, ['search']),
  get(`${project}/protected_branches/{name}`, branches.getProtectedBranch),
  write('POST', `${project}/protected_branches`, branches.protectBranch, ['name', 'push_access_level', 'merge_access_level']),
  write('DELETE', `${project}/protected_branches/{name}`, branches.unprotectBranch),

  get(`${repository}/files/{path}`, files.getFile, ['ref']),
  { method: 'HEAD', pattern: `${repository}/files/{path}`, run: files.headFile, query: ['ref'] },
  get(`${repository}/files/{path}/raw`, files.getRawFile, ['ref', 'lfs']),
  write('POST', `${repository}/files/{path}`, files.createFile, fileBody),
  write('PUT', `${repository}/files/{path}`, files.updateFile, fileBody),
  write('DELETE', `${repository}/files/{path}`, files.deleteFile, fileBody),

  get(`${repository}/blobs/{sha}`, files.getBlob),
  get(`${repository}/blobs/{sha}/raw`, files.getRawBlob),
  ...Object.keys(ARCHIVE_SUFFIXES).map(
    (suffix): Route => ({
      method: 'GET',
      pattern: `${repository}/archive${suffix}`,
      run: getArchive(suffix),
      query: ['sha', 'path', 'include_lfs_blobs', 'exclude_paths'],
    }),
  ),
  get(`${repository}/tree`, getTree, ['path', 'ref', 'recursive', 'pagination', 'page_token']),
  get(`${repository}/commits`, commits.listCommits, ['ref_name', 'path', 'first_parent', 'with_stats', 'all']),
  get(`${repository}/commits/{sha}`, commits.getCommit, ['stats']),
  get(`${repository}/commits/{sha}/diff`, commits.getCommitDiff, ['unidiff']),
  get(`${repository}/compare`, commits.compare, ['from', 'to', 'straight', 'from_project_id', 'unidiff']),
  get(`${repository}/merge_base`, commits.getMergeBase, ['refs[]']),
  write('POST', `${repository}/commits`, commits.createCommit, [
    'branch',
    'commit_message',
    'start_branch',
    'start_sha',
    'start_project',
    'actions',
    'author_email',
    'author_name',
    'stats',
    'force',
  ]),

  get(requests, mergeRequests.listMergeRequests, requestQuery),
  write('POST', requests, mergeRequests.createMergeRequest, [
    ...requestBody,
    'source_branch',
    'target_project_id',
    'approvals_before_merge',
  ]),
  get(request, mergeRequests.getMergeRequest, ['include_rebase_in_progress', 'include_diverged_commits_count', 'render_html']),
  write('PUT', request, mergeRequests.updateMergeRequest, [
    ...requestBody,
    'state_event',
    'add_labels',
    'remove_labels',
    'discussion_locked',
  ]),
  write('PUT', `${request}/merge`, mergeMergeRequest, [
    'sha',
    'squash',
    'squash_commit_message',
    'merge_commit_message',
    'should_remove_source_branch',
    'merge_when_pipeline_succeeds',
    'auto_merge',
  ]),
  get(`${request}/diffs`, mergeRequests.listMergeRequestDiffs, ['unidiff']),
  get(`${request}/changes`, mergeRequests.getMergeRequestChanges, ['access_raw_diffs', 'unidiff']),
  get(`${request}/commits`, mergeRequests.listMergeRequestCommits),
  write('POST', `${request}/approve`, approvals.approve, ['sha', 'approval_password']),
  write('POST', `${request}/unapprove`, approvals.unapprove),
  get(`${request}/approvals`, approvals.getApprovals),
  get(`${request}/approval_state`, approvals.getApprovalState),
  get(`${request}/approval_rules`, approvals.listMergeRequestApprovalRules),
  get(`${project}/approvals`, approvals.getProjectApprovals),
  write('POST', `${project}/approvals`, approvals.updateProjectApprovals, ['merge_requests_author_approval', 'reset_approvals_on_push']),
  get(`${project}/approval_rules`, approvals.listApprovalRules),
  get(`${request}/notes`, notes.listNotes, ['sort', 'order_by']),
  write('POST', `${request}/notes`, notes.createNote, ['body', 'created_at', 'internal']),
  get(`${request}/notes/{note}`, notes.getNote),
  write('PUT', `${request}/notes/{note}`, notes.updateNote, ['body']),
  write('DELETE', `${request}/notes/{note}`, notes.deleteNote),
]);
