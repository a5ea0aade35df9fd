import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { ownerOfBranch } from './gitlab-owner.ts';
import { currentRequest } from './gitlab-requests.ts';

const id = z.strictObject({ project: z.string().min(1), source: z.string().min(1), target: z.string().min(1) });

const state = z.strictObject({
  /** A closed merge request counts as absent. */
  status: z.enum(['opened', 'merged']),
  title: z.string().min(1),
  description: z.string(),
  /** User names, sorted. */
  reviewers: z.array(z.string().min(1)),
});

type State = z.infer<typeof state>;
type C = Pick<Clients, 'gitlab'>;

/** The merge request between two branches: the open one, else the newest. Merging is a resource of its own (gitlab.merge). */
export const gitlabMergeRequest = defineDriver<z.infer<typeof id>, State, C>({
  kind: 'gitlab.merge-request',
  noun: 'merge request',
  compareAndSwap: {
    cas: 'no',
    window: 'the moment between reading and writing; GitLab refuses a second open one between the same branches',
  },
  permissions: { read: ['gitlab: Reporter'], write: ['gitlab: Developer'] },
  concurrency: 1,
  id,
  state,
  label: ({ project, source, target }) => `from ${source} into ${target} of ${project}`,
  canonical: ({ status, title, description, reviewers }) => ({
    status,
    title,
    description: description.trimEnd(),
    reviewers: reviewers.toSorted(),
  }),

  read: eachId(async (clients: C, { project, source, target }) => {
    const request = await currentRequest(await clients.gitlab(), project, source, target);
    return { state: request === undefined ? null : stateOf(request), owner: ownerOfBranch(source), version: request };
  }),

  write: single(async (clients, { id: { project, source, target }, after, observed }) => {
    const gitlab = await clients.gitlab();
    const live = observed.version as GitLabMergeRequest | undefined;
    const open = live?.state === 'opened' ? live : undefined;
    if (after?.status === 'merged')
      throw new EksDrError('bug', { message: 'A merge request is merged by gitlab.merge, not by its state.' });
    if (after === null) {
      if (open !== undefined) await gitlab.editMergeRequest(project, open.iid, { stateEvent: 'close' });
      return;
    }
    const reviewerIds = await userIds(gitlab, after.reviewers);
    const { title, description } = after;
    if (open !== undefined) await gitlab.editMergeRequest(project, open.iid, { title, description, reviewerIds });
    else await gitlab.createMergeRequest(project, source, target, { title, description, reviewerIds });
  }),
});

function stateOf({ state: status, title, description, reviewers }: GitLabMergeRequest): State | null {
  if (status === 'closed') return null;
  return {
    // `locked` is the moment in which GitLab merges.
    status: status === 'opened' ? 'opened' : 'merged',
    title,
    description: description.trimEnd(),
    reviewers: reviewers.map(({ username }) => username).toSorted(),
  };
}

async function userIds(gitlab: GitLab, names: readonly string[]): Promise<number[]> {
  return Promise.all(
    names.map(async (name) => {
      const user = await gitlab.user(name);
      if (user !== null) return user.id;
      throw new EksDrError('conflict', {
        message: `GitLab knows no user ${name}.`,
        target: name,
        remedy: 'Correct gitlab.reviewers in the estate, then plan again.',
      });
    }),
  );
}
