import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import { EksDrError } from '../kit/errors.ts';
import { currentOf } from '../resources/gitlab-requests.ts';
import { blobsAt } from '../resources/gitlab-tree.ts';
import { touchedByPeople } from './touched-by-people.ts';

export interface BranchPlace {
  readonly project: string;
  readonly source: string;
  readonly target: string;
  /** The folder that the run writes. */
  readonly folder: string;
}

/** What stands in Git where a run writes. */
export interface BranchNow {
  readonly request: GitLabMergeRequest | undefined;
  /** The commit at which the branch starts, or will start. */
  readonly from: string;
  /** The id of each file of the folder by its path from the root, on the branch; where there is none yet, on its target. */
  readonly blobs: ReadonlyMap<string, string>;
  /** The paths that people's own commits touched, on the branch or in a merge request that is merged already. */
  readonly touched: ReadonlySet<string>;
}

/** Reads it all at one commit. Throws `input-invalid` where the target branch does not exist. */
export async function branchNow(gitlab: GitLab, place: BranchPlace): Promise<BranchNow> {
  const { project, source, target, folder } = place;
  const [requests, branch] = await Promise.all([gitlab.mergeRequests(project, source, target), gitlab.branch(project, source)]);
  const from =
    branch === null ? await headOf(gitlab, project, target) : ((await gitlab.mergeBase(project, [target, source])) ?? branch.commit.id);
  const head = branch?.commit.id ?? from;
  const [blobs, touched] = await Promise.all([
    blobsAt(gitlab, project, head, folder),
    touchedByPeople(gitlab, place, { from, head, merged: requests.filter(({ state }) => state === 'merged') }),
  ]);
  return { request: currentOf(requests), from, blobs, touched };
}

async function headOf(gitlab: GitLab, project: string, branch: string): Promise<string> {
  const found = await gitlab.branch(project, branch);
  if (found !== null) return found.commit.id;
  throw new EksDrError('input-invalid', {
    message: `${project} has no branch ${branch}.`,
    target: branch,
    remedy: 'Correct gitlab.targetBranch in the estate.',
  });
}
