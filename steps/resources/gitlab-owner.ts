import type { Owner } from '../kit/resource.ts';

/** The trailer that marks the commits of a run. */
export const RUN_TRAILER = 'EKS-DR-Run';

// recoveryBranch() of naming.ts, and the branches of its undo, which differ by a suffix no run id can hold.
const runBranch = /^eks-dr\/([a-z][a-z0-9-]{2,38}[a-z0-9])(\.[a-z0-9.-]+)?$/;

/** The run whose branch this is, by its name; undefined for any other branch. */
export function runOfBranch(branch: string): string | undefined {
  return runBranch.exec(branch)?.[1];
}

/** Whose a branch, or a merge request from it, is. */
export function ownerOfBranch(branch: string): Owner {
  const run = runOfBranch(branch);
  return run === undefined ? { kind: 'other', detail: `branch ${branch} is no run's own` } : { kind: 'run', run };
}

/**
 * Whose a file is: a run's when both its branch and the folder it lies in carry the run's id. Anything else would reach production's own
 * files once merged.
 */
export function ownerOfFile(branch: string, path: string): Owner {
  const run = runOfBranch(branch);
  if (run === undefined) return ownerOfBranch(branch);
  const folders = path.split('/').slice(0, -1);
  const own = folders.some((folder) => folder === run || folder.endsWith(`-${run}`));
  return own ? { kind: 'run', run } : { kind: 'other', detail: `${path} lies in no folder of run ${run}` };
}

/** A commit message with the trailer of the run whose branch it goes to. */
export function commitMessage(title: string, branch: string): string {
  const run = runOfBranch(branch);
  return run === undefined ? title : `${title}\n\n${RUN_TRAILER}: ${run}`;
}

/** Whether a commit carries the trailer of the run whose branch it is on. */
export function isCommitOfRun(message: string, branch: string): boolean {
  const trailer = `${RUN_TRAILER}: ${runOfBranch(branch) ?? ''}`;
  return message.split('\n').some((line) => line.trim() === trailer);
}
