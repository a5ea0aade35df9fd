import type { Sandbox } from '../system.ts';
import { ancestors, mergeTrees } from './history.ts';
import type { GitLabProject, MergeRequest } from './state.ts';

const PREPARING_MS = 2_000;
const CHECKING_MS = 3_000;

/** Tells the open merge requests of a branch that its head has moved. */
export function headMoved(sandbox: Sandbox, project: GitLabProject, branch: string): void {
  const head = project.branches[branch];
  if (head === undefined) return;
  for (const request of Object.values(project.mergeRequests)) {
    if (request.state !== 'opened' || request.sourceBranch !== branch || request.headSha === head) continue;
    request.headSha = head;
    request.headAt = sandbox.clock.now();
    request.updatedAt = request.headAt;
    if (project.resetApprovalsOnPush) request.approvals = [];
  }
}

/** Why a merge request can or cannot be merged now, in GitLab's words (`detailed_merge_status`). */
export function mergeStatus(project: GitLabProject, request: MergeRequest, now: number): string {
  if (request.state !== 'opened') return 'not_open';
  const since = now - request.headAt;
  const isNew = request.headAt === request.createdAt;
  if (isNew && since < PREPARING_MS) return 'preparing';
  if (!isNew && since < PREPARING_MS / 2) return 'unchecked';
  if (since < PREPARING_MS + CHECKING_MS) return 'checking';
  if (isDraft(request)) return 'draft_status';
  if (!hasCommits(project, request)) return 'commits_status';
  if (approvalsLeft(request) > 0) return 'not_approved';
  return hasConflicts(project, request) ? 'conflict' : 'mergeable';
}

/** The older `merge_status` for the same. */
export function plainMergeStatus(project: GitLabProject, request: MergeRequest, now: number): string {
  const status = mergeStatus(project, request, now);
  if (['preparing', 'unchecked', 'checking'].includes(status)) return status;
  return hasConflicts(project, request) || !hasCommits(project, request) ? 'cannot_be_merged' : 'can_be_merged';
}

export function approvalsLeft(request: MergeRequest): number {
  return Math.max(0, request.approvalsRequired - request.approvals.length);
}

export function isDraft(request: Pick<MergeRequest, 'title'>): boolean {
  return /^(\[draft\]|\(draft\)|draft:)/i.test(request.title);
}

export function hasConflicts(project: GitLabProject, request: MergeRequest): boolean {
  const target = project.branches[request.targetBranch];
  return request.state === 'opened' && (target === undefined || mergeTrees(project, target, request.headSha) === null);
}

function hasCommits(project: GitLabProject, request: MergeRequest): boolean {
  const target = project.branches[request.targetBranch];
  if (target === undefined || project.branches[request.sourceBranch] === undefined) return false;
  for (const commit of ancestors(project, target)) if (commit.sha === request.headSha) return false;
  return true;
}
