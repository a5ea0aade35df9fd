import type { SandboxResponse } from '../system.ts';
import { type Call, DEVELOPER, flag, list, nextId, present, projectOf, text } from './call.ts';
import { renderDiff } from './diff.ts';
import { ancestors, findCommit, mergeBase } from './history.ts';
import { renderMergeRequest } from './merge-request-json.ts';
import { differences } from './objects.ts';
import { offsetPage } from './pages.ts';
import { renderCommit } from './render.ts';
import { badRequest, json, notFound, refuse } from './reply.ts';
import type { GitLabProject, MergeRequest } from './state.ts';

/** GET merge requests of a project, newest first. */
export function listMergeRequests(call: Call): SandboxResponse {
  const project = projectOf(call);
  const wanted = filterOf(call);
  const order = call.query.get('order_by') === 'updated_at' ? 'updatedAt' : 'createdAt';
  const sign = call.query.get('sort') === 'asc' ? 1 : -1;
  const found = Object.values(project.mergeRequests)
    .filter(wanted)
    .sort((a, b) => sign * (a[order] - b[order] || a.iid - b.iid));
  return offsetPage(call, found, (request) => renderMergeRequest(call, project, request));
}

export function getMergeRequest(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  return json(200, renderMergeRequest(call, project, request));
}

/** POST: opens a merge request; a second open one for the same branches is a 409. */
export function createMergeRequest(call: Call): SandboxResponse {
  const project = projectOf(call, DEVELOPER);
  const [title, sourceBranch, targetBranch] = [present(call, 'title'), present(call, 'source_branch'), present(call, 'target_branch')];
  if (title.trim() === '') badRequest({ title: ["can't be blank"] });
  const head = project.branches[sourceBranch];
  if (sourceBranch === targetBranch) refuse(422, { message: ["You can't use same project/branch for source and target"] });
  if (head === undefined) return badRequest({ source_branch: ['does not exist'] });
  if (project.branches[targetBranch] === undefined) badRequest({ target_branch: ['does not exist'] });
  refuseDuplicate(project, sourceBranch, targetBranch);
  const now = call.sandbox.clock.now();
  const iid = Object.keys(project.mergeRequests).length + 1;
  const request: MergeRequest = {
    id: nextId(call.state),
    iid,
    title,
    description: text(call, 'description') ?? '',
    state: 'opened',
    author: call.user.username,
    sourceBranch,
    targetBranch,
    labels: list(call.body.labels).sort(),
    assignees: userNames(call, 'assignee_ids', 'assignee_id') ?? [],
    reviewers: userNames(call, 'reviewer_ids') ?? [],
    squash: flag(call, 'squash') ?? false,
    removeSourceBranch: flag(call, 'remove_source_branch') ?? false,
    headSha: head,
    headAt: now,
    approvals: [],
    approvalsRequired: project.approvalsRequired,
    notes: [],
    createdAt: now,
    updatedAt: now,
    mergedAt: null,
    mergedBy: null,
    closedAt: null,
    closedBy: null,
    mergeCommitSha: null,
    squashCommitSha: null,
    mergedBaseSha: null,
  };
  project.mergeRequests[String(iid)] = request;
  return json(201, renderMergeRequest(call, project, request));
}

// In GitLab's order, in which its refusal of an empty update lists them.
const UPDATABLE = [
  'assignee_id',
  'assignee_ids',
  'reviewer_ids',
  'description',
  'labels',
  'add_labels',
  'remove_labels',
  'milestone_id',
  'remove_source_branch',
  'allow_collaboration',
  'allow_maintainer_to_push',
  'squash',
  'target_branch',
  'title',
  'state_event',
  'discussion_locked',
  'merge_after',
];

/** PUT: changes fields; `state_event` closes or reopens. */
export function updateMergeRequest(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call, DEVELOPER);
  if (Object.keys(call.body).length === 0)
    refuse(400, { error: `${UPDATABLE.join(', ')} are missing, at least one parameter must be provided` });
  for (const name of ['title', 'target_branch']) if (text(call, name)?.trim() === '') refuse(400, { error: `${name} is empty` });
  const event = text(call, 'state_event');
  if (event !== undefined) changeState(call, project, request, event);
  const title = text(call, 'title');
  const labels = new Set(call.body.labels === undefined ? request.labels : list(call.body.labels));
  for (const label of list(call.body.add_labels)) labels.add(label);
  for (const label of list(call.body.remove_labels)) labels.delete(label);
  const target = text(call, 'target_branch');
  if (target !== undefined && project.branches[target] === undefined) badRequest({ target_branch: ['does not exist'] });
  Object.assign(request, {
    title: title ?? request.title,
    description: text(call, 'description') ?? request.description,
    targetBranch: target ?? request.targetBranch,
    labels: [...labels].sort(),
    assignees: userNames(call, 'assignee_ids', 'assignee_id') ?? request.assignees,
    reviewers: userNames(call, 'reviewer_ids') ?? request.reviewers,
    squash: flag(call, 'squash') ?? request.squash,
    removeSourceBranch: flag(call, 'remove_source_branch') ?? request.removeSourceBranch,
    updatedAt: call.sandbox.clock.now(),
  });
  return json(200, renderMergeRequest(call, project, request));
}

export function listMergeRequestDiffs(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  return offsetPage(call, diffOf(project, request), (one) => renderDiff(project, one));
}

/** GET changes: the merge request with all its diffs in one answer (deprecated in favour of `diffs`). */
export function getMergeRequestChanges(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  const changes = diffOf(project, request).map((one) => renderDiff(project, one));
  return json(200, { ...renderMergeRequest(call, project, request), changes, overflow: false });
}

export function listMergeRequestCommits(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  const base = baseOf(project, request);
  const past = new Set([...ancestors(project, base ?? '')].map((one) => one.sha));
  const commits = [...ancestors(project, request.headSha)].filter((one) => !past.has(one.sha));
  return offsetPage(call, commits, (commit) => renderCommit(project, commit));
}

export function mergeRequestOf(call: Call, level?: Parameters<typeof projectOf>[1]): { project: GitLabProject; request: MergeRequest } {
  const project = projectOf(call, level);
  const request = project.mergeRequests[call.parameters.iid ?? ''];
  return request === undefined ? refuse(404, { message: '404 Not found' }) : { project, request };
}

export function baseOf(project: GitLabProject, request: MergeRequest): string | null {
  if (request.mergedBaseSha !== null) return request.mergedBaseSha;
  const target = findCommit(project, request.targetBranch);
  return target === null ? null : (mergeBase(project, request.headSha, target.sha)?.sha ?? null);
}

function diffOf(project: GitLabProject, request: MergeRequest): ReturnType<typeof differences> {
  const base = project.commits[baseOf(project, request) ?? ''];
  const head = project.commits[request.headSha];
  return differences(project, base?.tree ?? null, head?.tree ?? null);
}

function changeState(call: Call, project: GitLabProject, request: MergeRequest, event: string): void {
  const now = call.sandbox.clock.now();
  if (event === 'close') {
    if (request.state === 'opened') Object.assign(request, { state: 'closed', closedAt: now, closedBy: call.user.username });
    return;
  }
  if (event !== 'reopen') refuse(400, { error: 'state_event does not have a valid value' });
  if (request.state !== 'closed') return;
  refuseDuplicate(project, request.sourceBranch, request.targetBranch);
  const head = project.branches[request.sourceBranch];
  if (head === undefined) badRequest({ source_branch: ['does not exist'] });
  Object.assign(request, { state: 'opened', closedAt: null, closedBy: null, headSha: head, headAt: now });
}

function refuseDuplicate(project: GitLabProject, source: string, target: string): void {
  const open = Object.values(project.mergeRequests).find(
    (one) => one.state === 'opened' && one.sourceBranch === source && one.targetBranch === target,
  );
  if (open !== undefined) refuse(409, { message: [`Another open merge request already exists for this source branch: !${open.iid}`] });
}

function filterOf(call: Call): (request: MergeRequest) => boolean {
  const { query } = call;
  const state = query.get('state') ?? 'all';
  if (!['all', 'opened', 'closed', 'locked', 'merged'].includes(state)) refuse(400, { error: 'state does not have a valid value' });
  const labels = list(query.get('labels'));
  const search = (query.get('search') ?? '').toLowerCase();
  const iids = query.getAll('iids[]');
  const equals = (name: string, value: string): boolean => !query.has(name) || query.get(name) === value;
  return (request) =>
    (state === 'all' || request.state === state) &&
    equals('source_branch', request.sourceBranch) &&
    equals('target_branch', request.targetBranch) &&
    equals('author_username', request.author) &&
    labels.every((label) => request.labels.includes(label)) &&
    (iids.length === 0 || iids.includes(String(request.iid))) &&
    `${request.title}\n${request.description}`.toLowerCase().includes(search);
}

function userNames(call: Call, ...fields: readonly string[]): string[] | undefined {
  const field = fields.find((name) => call.body[name] !== undefined && call.body[name] !== null);
  if (field === undefined) return undefined;
  const ids = list(call.body[field]).filter((id) => id !== '0');
  return ids.map((id) => Object.values(call.state.users).find((user) => String(user.id) === id)?.username ?? notFound('User'));
}
