import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { commitMessage, ownerOfBranch } from './gitlab-owner.ts';
import { currentRequest, onlyOwnCommits, ownerOfRequest } from './gitlab-requests.ts';

/** Any head will do whose commits are all the run's own: for a request that the same plan opens, so that no commit id is known yet. */
export const OWN_COMMITS = 'own-commits';

const id = z.strictObject({
  project: z.string().min(1),
  source: z.string().min(1),
  target: z.string().min(1),
  /** The reviewed commit, or OWN_COMMITS. */
  head: z.string().min(1),
});

const state = z.strictObject({ status: z.enum(['opened', 'merged']), head: z.string() });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type C = Pick<Clients, 'gitlab'>;

/** The merging of exactly what was reviewed. Absent: not merged yet. A head that isn't the reviewed one shows as a state of its own. */
export const gitlabMerge = defineDriver<Id, State, C>({
  kind: 'gitlab.merge',
  noun: 'merge',
  compareAndSwap: { cas: 'yes', by: 'sha: GitLab merges only if the head is still this commit' },
  permissions: { read: ['gitlab: Reporter'], write: ['gitlab: Developer, or whoever may merge into the target branch'] },
  concurrency: 1,
  id,
  state,
  label: ({ project, source, target, head }) =>
    `of ${source} into ${target} of ${project}${head === OWN_COMMITS ? '' : ` at ${head.slice(0, 8)}`}`,

  read: eachId(async (clients: C, one) => {
    const gitlab = await clients.gitlab();
    const request = await currentRequest(gitlab, one.project, one.source, one.target);
    return {
      state: request === undefined ? null : await stateOf(gitlab, one, request),
      owner: request?.state === 'opened' ? await ownerOfRequest(gitlab, one.project, request) : ownerOfBranch(one.source),
      version: request,
    };
  }),

  write: single(async (clients, { id: { project, source, head }, after, observed }) => {
    const request = observed.version as GitLabMergeRequest | undefined;
    if (after?.status !== 'merged') {
      throw new EksDrError('conflict', {
        message: 'A merge cannot be taken back; a new merge request restores the files.',
        target: source,
      });
    }
    if (request?.state !== 'opened') {
      throw new EksDrError('conflict', {
        message: `There is no open merge request from ${source} of ${project}.`,
        target: source,
        remedy: 'Run open-merge-request again.',
      });
    }
    const sha = head === OWN_COMMITS ? (request.sha ?? '') : head;
    const message = commitMessage(`Merge branch '${source}' into '${request.target_branch}'`, source);
    await (await clients.gitlab()).merge(project, request.iid, { sha, removeSourceBranch: true, message });
  }),
});

async function stateOf(gitlab: GitLab, one: Id, request: GitLabMergeRequest): Promise<State | null> {
  const sha = request.sha ?? '';
  if (one.head === OWN_COMMITS) {
    if (request.state === 'merged') return { status: 'merged', head: OWN_COMMITS };
    return request.state !== 'opened' || (await onlyOwnCommits(gitlab, one.project, request)) ? null : { status: 'opened', head: sha };
  }
  if (request.state === 'merged') return { status: 'merged', head: sha };
  return sha === one.head || request.state !== 'opened' ? null : { status: 'opened', head: sha };
}
