import pLimit from 'p-limit';
import type { GitLab, GitLabMergeRequest } from '../clients/gitlab.ts';
import { isCommitOfRun } from '../resources/gitlab-owner.ts';
import type { BranchPlace } from './branch-now.ts';

/**
 * The paths that people's own commits touched: those on the branch, and those of merge requests that are merged, which a rerun meets again
 * in the target. Of the latter, and of merges into the branch, only the folder counts: elsewhere they bring what others have agreed on.
 */
export async function touchedByPeople(
  gitlab: GitLab,
  { project, source, folder }: BranchPlace,
  { from, head, merged }: { readonly from: string; readonly head: string; readonly merged: readonly GitLabMergeRequest[] },
): Promise<Set<string>> {
  const limit = pLimit(8);
  const [onBranch, ...inRequests] = await Promise.all([
    from === head ? [] : gitlab.commitsBetween(project, from, head),
    ...merged.map(({ iid }) => gitlab.requestCommits(project, iid)),
  ]);
  const commits = [
    ...onBranch.map((commit) => ({ commit, everywhere: (commit.parent_ids ?? []).length < 2 })),
    ...inRequests.flat().map((commit) => ({ commit, everywhere: false })),
  ];
  const paths = await Promise.all(
    commits
      .filter(({ commit: { message } }) => !isCommitOfRun(message, source))
      .map(async ({ commit, everywhere }) => {
        const touched = await limit(() => gitlab.commitPaths(project, commit.id));
        return everywhere ? touched : touched.filter((path) => path.startsWith(`${folder}/`));
      }),
  );
  return new Set(paths.flat());
}
