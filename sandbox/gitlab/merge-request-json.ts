import type { Call } from './call.ts';
import { mergeBase } from './history.ts';
import { hasConflicts, isDraft, mergeStatus, plainMergeStatus } from './merge-status.ts';
import { renderUser, userNamed, WEB } from './render.ts';
import { time } from './reply.ts';
import type { GitLabProject, MergeRequest } from './state.ts';

const optional = (at: number | null): string | null => (at === null ? null : time(at));

/** A merge request as the API gives it. */
export function renderMergeRequest(call: Call, project: GitLabProject, request: MergeRequest): Record<string, unknown> {
  const users = (names: readonly string[]): unknown[] => names.map((name) => userNamed(call.state, name));
  const now = call.sandbox.clock.now();
  const mergedBy = request.mergedBy === null ? null : userNamed(call.state, request.mergedBy);
  const access = project.members[call.user.username] ?? 0;
  return {
    id: request.id,
    iid: request.iid,
    project_id: project.id,
    title: request.title,
    description: request.description,
    state: request.state,
    created_at: time(request.createdAt),
    updated_at: time(request.updatedAt),
    merged_by: mergedBy,
    merge_user: mergedBy,
    merged_at: optional(request.mergedAt),
    closed_by: request.closedBy === null ? null : userNamed(call.state, request.closedBy),
    closed_at: optional(request.closedAt),
    prepared_at: now - request.createdAt < 2_000 ? null : time(request.createdAt + 2_000),
    target_branch: request.targetBranch,
    source_branch: request.sourceBranch,
    source_project_id: project.id,
    target_project_id: project.id,
    user_notes_count: request.notes.filter((note) => !note.system).length,
    author: userNamed(call.state, request.author) ?? renderUser(call.user),
    assignees: users(request.assignees),
    assignee: users(request.assignees)[0] ?? null,
    reviewers: users(request.reviewers),
    labels: request.labels,
    draft: isDraft(request),
    work_in_progress: isDraft(request),
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: plainMergeStatus(project, request, now),
    detailed_merge_status: mergeStatus(project, request, now),
    has_conflicts: hasConflicts(project, request),
    blocking_discussions_resolved: true,
    sha: request.headSha,
    merge_commit_sha: request.mergeCommitSha,
    squash_commit_sha: request.squashCommitSha,
    squash: request.squash,
    squash_on_merge: request.squash,
    should_remove_source_branch: null,
    force_remove_source_branch: request.removeSourceBranch,
    diff_refs: diffRefs(project, request),
    references: { short: `!${request.iid}`, relative: `!${request.iid}`, full: `${project.path}!${request.iid}` },
    reference: `!${request.iid}`,
    web_url: `${WEB}/${project.path}/-/merge_requests/${request.iid}`,
    pipeline: null,
    head_pipeline: null,
    user: { can_merge: access >= (project.protectedBranches[request.targetBranch]?.merge ?? 30) && access >= 30 },
  };
}

function diffRefs(project: GitLabProject, request: MergeRequest): Record<string, string | null> {
  const target = project.branches[request.targetBranch] ?? null;
  const base = request.mergedBaseSha ?? (target === null ? null : (mergeBase(project, request.headSha, target)?.sha ?? null));
  return { base_sha: base, head_sha: request.headSha, start_sha: request.mergedBaseSha ?? target };
}
