import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import type { Owner } from '../kit/resource.ts';
import { isCommitOfRun, ownerOfBranch, ownerOfFile } from './gitlab-owner.ts';

/** The open merge request between two branches, else the newest one of any state; undefined when there never was one. */
export async function currentRequest(
  gitlab: GitLab,
  project: string,
  source: string,
  target: string,
): Promise<GitLabMergeRequest | undefined> {
  return currentOf(await gitlab.mergeRequests(project, source, target));
}

/** The open one of the merge requests between two branches, else the newest one. */
export function currentOf(requests: readonly GitLabMergeRequest[]): GitLabMergeRequest | undefined {
  return requests.find(({ state }) => state === 'opened') ?? requests.toSorted((a, b) => b.iid - a.iid)[0];
}

/** Whether every commit of a merge request carries the trailer of the run whose branch it comes from. */
export async function onlyOwnCommits(gitlab: GitLab, project: string, request: GitLabMergeRequest): Promise<boolean> {
  const commits = await gitlab.requestCommits(project, request.iid);
  return commits.length > 0 && commits.every(({ message }) => isCommitOfRun(message, request.source_branch));
}

/**
 * Whose an open merge request is, by what merging it would change: a run's when the branch and every file that it touches are the run's.
 * Others may push to the branch of a run.
 */
export async function ownerOfRequest(gitlab: GitLab, project: string, request: GitLabMergeRequest): Promise<Owner> {
  const owner = ownerOfBranch(request.source_branch);
  if (owner.kind !== 'run') return owner;
  const paths = await gitlab.changedPaths(project, request.iid);
  return paths.map((path) => ownerOfFile(request.source_branch, path)).find(({ kind }) => kind === 'other') ?? owner;
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
