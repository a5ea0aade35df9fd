import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { defineWait } from '../kit/wait.ts';
import { currentRequest } from '../resources/gitlab-requests.ts';
import { mergeStatus } from './merge-status.ts';

/** GitLab has taken in the newest commit and knows whether the merge request could be merged; a missing approval is fine. */
export const mergeRequestChecked = defineWait({
  wait: 'merge-request-checked',
  args: z.strictObject({ project: z.string(), source: z.string(), target: z.string() }),
  title: ({ source }) => `GitLab has checked the merge request from ${source}`,
  expectedSeconds: 10,
  limitSeconds: 300,
  everySeconds: 3,
  only: 'changes',

  async look(clients: Pick<Clients, 'gitlab'>, { project, source, target }, _waited, memory) {
    const gitlab = await clients.gitlab();
    const listed = memory.has('iid') ? undefined : await currentRequest(gitlab, project, source, target);
    const iid = memory.get('iid') ?? listed?.iid;
    if (iid === undefined) return { done: false, reason: 'there is no merge request yet' };
    memory.set('iid', iid);
    // A list may be behind, or lack the status; but that GitLab is at it is enough to look again later.
    const isUnderWay = listed?.detailed_merge_status === 'preparing' || listed?.detailed_merge_status === 'checking';
    const request = isUnderWay ? listed : await gitlab.mergeRequest(project, iid);
    if (request.state === 'merged') return { done: true };
    const status = mergeStatus(request.detailed_merge_status);
    if (status.kind === 'checking' && request.detailed_merge_status !== 'ci_still_running') return { done: false, reason: status.reason };
    const branch = await gitlab.branch(project, source);
    if (branch !== null && request.sha !== branch.commit.id)
      return { done: false, reason: 'GitLab has not taken in the newest commit yet' };
    return status.kind === 'stuck' ? { done: false, reason: `${request.web_url}: ${status.reason}`, failed: true } : { done: true };
  },
});
