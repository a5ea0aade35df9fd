import type { Sandbox, SandboxResponse } from '../system.ts';
import { type Call, DEVELOPER, flag, MAINTAINER, projectOf, text } from './call.ts';
import { mergeRequestOf } from './merge-requests.ts';
import { approvalsLeft } from './merge-status.ts';
import { userNamed } from './render.ts';
import { json, refuse, time } from './reply.ts';
import type { GitLabProject, MergeRequest } from './state.ts';

/** POST approve: 401 for the author (unless the project lets authors approve) and for whoever has approved already. */
export function approve(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call, DEVELOPER);
  const sha = text(call, 'sha');
  if (sha !== undefined && sha !== request.headSha)
    refuse(409, { message: `SHA does not match HEAD of source branch: ${request.headSha}` });
  const { username } = call.user;
  if (!mayApprove(project, request, username)) refuse(401, { message: '401 Unauthorized' });
  request.approvals.push({ username, at: call.sandbox.clock.now() });
  return json(201, renderApprovals(call, project, request));
}

export function unapprove(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call, DEVELOPER);
  const index = request.approvals.findIndex((one) => one.username === call.user.username);
  if (index < 0) refuse(404, { message: '404 Not found' });
  request.approvals.splice(index, 1);
  return json(201, renderApprovals(call, project, request));
}

export function getApprovals(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  return json(200, renderApprovals(call, project, request));
}

/** GET approval_state: the same by rules; the sandbox has the one rule for any approver. */
export function getApprovalState(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  const rule = {
    ...renderRule(project, request.approvalsRequired),
    approved_by: approvers(call, request),
    approved: approvalsLeft(request) === 0,
  };
  return json(200, { approval_rules_overwritten: false, rules: [rule] });
}

export function getProjectApprovals(call: Call): SandboxResponse {
  return json(200, renderConfiguration(projectOf(call)));
}

export function updateProjectApprovals(call: Call): SandboxResponse {
  const project = projectOf(call, MAINTAINER);
  project.authorMayApprove = flag(call, 'merge_requests_author_approval') ?? project.authorMayApprove;
  project.resetApprovalsOnPush = flag(call, 'reset_approvals_on_push') ?? project.resetApprovalsOnPush;
  return json(201, renderConfiguration(project));
}

export function listApprovalRules(call: Call): SandboxResponse {
  const project = projectOf(call);
  return json(200, [renderRule(project, project.approvalsRequired)]);
}

export function listMergeRequestApprovalRules(call: Call): SandboxResponse {
  const { project, request } = mergeRequestOf(call);
  return json(200, [renderRule(project, request.approvalsRequired)]);
}

/** The reviewer of an unattended sandbox approves on time. */
export function approveByThemselves({ world, clock }: Sandbox): void {
  const { autoApprover, projects } = world.gitlab;
  if (autoApprover === null || autoApprover.afterSeconds === null) return;
  const due = clock.now() - autoApprover.afterSeconds * 1000;
  for (const project of Object.values(projects)) {
    for (const request of Object.values(project.mergeRequests)) {
      if (request.state !== 'opened' || request.author !== autoApprover.author || request.headAt > due) continue;
      if (approvalsLeft(request) === 0 || !mayApprove(project, request, autoApprover.reviewer)) continue;
      request.approvals.push({ username: autoApprover.reviewer, at: clock.now() });
    }
  }
}

function mayApprove(project: GitLabProject, request: MergeRequest, username: string): boolean {
  if (request.state !== 'opened' || (project.members[username] ?? 0) < DEVELOPER) return false;
  if (request.author === username && !project.authorMayApprove) return false;
  return !request.approvals.some((one) => one.username === username);
}

function renderApprovals(call: Call, project: GitLabProject, request: MergeRequest): Record<string, unknown> {
  const { username } = call.user;
  return {
    id: request.id,
    iid: request.iid,
    project_id: project.id,
    title: request.title,
    description: request.description,
    state: request.state,
    created_at: time(request.createdAt),
    updated_at: time(request.updatedAt),
    approved: approvalsLeft(request) === 0,
    approvals_required: request.approvalsRequired,
    approvals_left: approvalsLeft(request),
    approved_by: request.approvals.map((one) => ({ user: userNamed(call.state, one.username), approved_at: time(one.at) })),
    suggested_approvers: [],
    user_has_approved: request.approvals.some((one) => one.username === username),
    user_can_approve: mayApprove(project, request, username),
    has_approval_rules: true,
  };
}

function approvers(call: Call, request: MergeRequest): unknown[] {
  return request.approvals.map((one) => userNamed(call.state, one.username));
}

function renderRule(project: GitLabProject, required: number): Record<string, unknown> {
  return {
    id: project.id,
    name: 'All Members',
    rule_type: 'any_approver',
    eligible_approvers: [],
    approvals_required: required,
    users: [],
    groups: [],
  };
}

function renderConfiguration(project: GitLabProject): Record<string, unknown> {
  return {
    approvals_before_merge: project.approvalsRequired,
    reset_approvals_on_push: project.resetApprovalsOnPush,
    merge_requests_author_approval: project.authorMayApprove,
    merge_requests_disable_committers_approval: false,
    disable_overriding_approvers_per_merge_request: true,
    require_password_to_approve: false,
  };
}
