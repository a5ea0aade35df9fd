import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { GitLab, GitLabApprovalRule, GitLabMergeRequest } from '../clients/gitlab.ts';
import { asBearable } from '../kit/errors.ts';
import { defineWait } from '../kit/wait.ts';
import { OWN_COMMITS } from '../resources/gitlab-merge.ts';
import { currentRequest } from '../resources/gitlab-requests.ts';
import { mergeStatus } from './merge-status.ts';

/** The merge request has everything it needs to be merged: review, pipeline, whatever the project asks for. */
export const mergeRequestMergeable = defineWait({
  wait: 'merge-request-mergeable',
  args: z.strictObject({
    project: z.string(),
    source: z.string(),
    target: z.string(),
    /** The reviewed commit, or OWN_COMMITS. */
    head: z.string(),
  }),
  title: ({ source }) => `The merge request from ${source} is approved and can be merged`,
  expectedSeconds: 300,
  limitSeconds: 3600,
  everySeconds: 10,
  only: 'changes',

  async look(clients: Pick<Clients, 'gitlab'>, { project, source, target, head }) {
    const gitlab = await clients.gitlab();
    const listed = await currentRequest(gitlab, project, source, target);
    if (listed === undefined) return { done: false, reason: 'there is no merge request yet' };
    if (listed.state === 'merged') return { done: true };
    // Only a single merge request is answered with its merge status.
    const request = await gitlab.mergeRequest(project, listed.iid);
    const at = request.web_url === '' ? `!${request.iid}` : request.web_url;
    if (request.state === 'closed') return { done: false, reason: `${at} was closed`, failed: true };
    if (head !== OWN_COMMITS && request.sha !== head) {
      const found = (request.sha ?? 'no commit').slice(0, 8);
      return {
        done: false,
        reason: `${at} is at ${found} now, not at the commit ${head.slice(0, 8)} of this plan; run open-merge-request again`,
        failed: true,
      };
    }
    const status = mergeStatus(request.detailed_merge_status);
    if (status.kind === 'mergeable') return { done: true };
    return { done: false, reason: `${at}: ${status.reason}${await details(gitlab, project, request)}`, failed: status.kind === 'stuck' };
  },
});

/** Whose turn it is: the approvals that are missing, or the pipeline. */
async function details(gitlab: GitLab, project: string, request: GitLabMergeRequest): Promise<string> {
  const { detailed_merge_status: status, head_pipeline: pipeline } = request;
  if (status === 'not_approved') return approvalsText(await approvalRules(gitlab, project, request.iid), request);
  const isPipeline = status === 'ci_must_pass' || status === 'ci_still_running';
  return isPipeline && pipeline !== null && pipeline !== undefined ? ` (pipeline ${pipeline.status}: ${pipeline.web_url})` : '';
}

/** For people alone: that it can't be told whose approval is missing is no reason to call the wait in trouble. */
async function approvalRules(gitlab: GitLab, project: string, iid: number): Promise<readonly GitLabApprovalRule[]> {
  try {
    return (await gitlab.approvalRules(project, iid)) ?? [];
  } catch (thrown) {
    asBearable(thrown);
    return [];
  }
}

function approvalsText(rules: readonly GitLabApprovalRule[], { reviewers }: GitLabMergeRequest): string {
  const missing = rules
    .filter(({ approved }) => !approved)
    .map(({ name, approvals_required: required, approved_by: by, eligible_approvers: eligible }) => {
      const who = (eligible.length > 0 ? eligible : reviewers)
        .map(({ username }) => username)
        .filter((one) => !by.some(({ username }) => username === one));
      return `${Math.max(1, required - by.length)} more by "${name}"${who.length === 0 ? '' : `: ${who.join(', ')}`}`;
    });
  return missing.length === 0 ? '' : ` (${missing.join('; ')})`;
}
