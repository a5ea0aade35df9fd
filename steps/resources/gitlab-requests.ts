import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import { RUN_TRAILER, runOfBranch } from './gitlab-owner.ts';

/** The open merge request between two branches, else the newest one of any state; undefined when there never was one. */
export async function currentRequest(
  gitlab: GitLab,
  project: string,
  source: string,
  target: string,
): Promise<GitLabMergeRequest | undefined> {
  const requests = await gitlab.mergeRequests(project, source, target);
  return requests.find(({ state }) => state === 'opened') ?? requests.toSorted((a, b) => b.iid - a.iid)[0];
}

/** Whether every commit of a merge request carries the trailer of the run whose branch it comes from. */
export async function onlyOwnCommits(gitlab: GitLab, project: string, request: GitLabMergeRequest): Promise<boolean> {
  const trailer = `${RUN_TRAILER}: ${runOfBranch(request.source_branch) ?? ''}`;
  const messages = await gitlab.commitMessages(project, request.iid);
  return messages.length > 0 && messages.every((message) => message.split('\n').some((line) => line.trim() === trailer));
}

/**
 * The commit by which a merge request came into its target branch; null while it isn't merged. A merge commit, a squash commit, or with
 * fast-forward merges the head itself.
 */
export async function mergedCommit(gitlab: GitLab, project: string, source: string, target: string): Promise<string | null> {
  const request = await currentRequest(gitlab, project, source, target);
  if (request?.state !== 'merged') return null;
  return request.merge_commit_sha ?? request.squash_commit_sha ?? request.sha ?? null;
}
