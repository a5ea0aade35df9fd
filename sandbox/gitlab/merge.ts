import type { SandboxResponse } from '../system.ts';
import { allows, type Call, flag, REPORTER, text } from './call.ts';
import { addCommit, mergeTrees } from './history.ts';
import { renderMergeRequest } from './merge-request-json.ts';
import { baseOf, mergeRequestOf } from './merge-requests.ts';
import { headMoved, mergeStatus } from './merge-status.ts';
import { json, refuse } from './reply.ts';
import type { Commit, GitLabProject, MergeRequest } from './state.ts';

/**
 * PUT merge. 401 without the right to merge, 409 when `sha` is not the head, 405 for whatever else keeps it from being merged now (closed,
 * a draft, unapproved, not checked yet, conflicts), 422 when merging itself fails.
 */
export function mergeMergeRequest(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call, REPORTER);
  const { sourceBranch, targetBranch } = request;
  if (!allows(project, call.user, targetBranch, 'merge')) refuse(401, { message: '401 Unauthorized' });
  const sha = text(call, 'sha');
  if (sha !== undefined && sha !== request.headSha)
    refuse(409, { message: `SHA does not match HEAD of source branch: ${request.headSha}` });
  if (mergeStatus(project, request, call.sandbox.clock.now()) !== 'mergeable') refuse(405, { message: '405 Method Not Allowed' });
  if (flag(call, 'squash') !== undefined) request.squash = flag(call, 'squash') ?? false;
  merge(call, project, request);
  if (flag(call, 'should_remove_source_branch') ?? request.removeSourceBranch) delete project.branches[sourceBranch];
  return json(200, renderMergeRequest(call, project, request));
}

function merge(call: Call, project: GitLabProject, request: MergeRequest): void {
  const now = call.sandbox.clock.now();
  const target = project.branches[request.targetBranch];
  const tree = target === undefined ? null : mergeTrees(project, target, request.headSha);
  if (target === undefined || tree === null) refuse(422, { message: 'Branch cannot be merged' });
  const base = baseOf(project, request);
  const author = { name: call.user.name, email: call.user.email };
  const squashed = request.squash ? squash(call, project, request, base, now) : null;
  const message =
    text(call, 'merge_commit_message') ??
    `Merge branch '${request.sourceBranch}' into '${request.targetBranch}'\n\n${request.title}\n\nSee merge request ${project.path}!${request.iid}`;
  const commit = addCommit(project, { tree, parents: [target, squashed?.sha ?? request.headSha], message, author, at: now });
  project.branches[request.targetBranch] = commit.sha;
  headMoved(call.sandbox, project, request.targetBranch);
  Object.assign(request, {
    state: 'merged',
    mergedAt: now,
    updatedAt: now,
    mergedBy: call.user.username,
    mergeCommitSha: commit.sha,
    squashCommitSha: squashed?.sha ?? null,
    mergedBaseSha: base,
  });
}

function squash(call: Call, project: GitLabProject, request: MergeRequest, base: string | null, now: number): Commit | null {
  const head = project.commits[request.headSha];
  if (head === undefined || base === null) return null;
  return addCommit(project, {
    tree: head.tree,
    parents: [base],
    message: text(call, 'squash_commit_message') ?? request.title,
    author: { name: call.user.name, email: call.user.email },
    at: now,
  });
}
