import pLimit from 'p-limit';
import type { GitLab } from '../clients/gitlab.ts';

/** So many files are rather asked for one by one. */
const FEW = 4;
/** So many commits are looked through at most. */
const MOST_COMMITS = 10;

/** What a file is now, and the commit that last changed it. */
export interface Standing {
  readonly blobId: string;
  readonly lastCommitId: string;
}

/** A file as it was read: its blob, in the tree of a commit of its branch. */
export interface Seen {
  readonly head: string;
  readonly blobId: string;
}

interface Place {
  readonly project: string;
  readonly branch: string;
  /** The commit at which the branch starts. */
  readonly base: string;
}

/**
 * How files of a branch stand; null for those that don't exist. Of many it is told by what was seen of them and by the commits up to there,
 * in a few requests: GitLab refuses the write of a file that was changed since.
 */
export async function standingFiles(
  gitlab: GitLab,
  place: Place,
  seen: ReadonlyMap<string, Seen | undefined>,
): Promise<Map<string, Standing | null>> {
  const { project, branch, base } = place;
  const heads = new Set([...seen.values()].map((one) => one?.head));
  const [head] = heads;
  const isTold = seen.size > FEW && heads.size === 1 && head !== undefined;
  const last = isTold ? await lastCommits(gitlab, project, { base, head }) : new Map<string, string>();
  const limit = pLimit(8);
  const stand = async (path: string, blobId: string | undefined): Promise<[string, Standing | null]> => {
    const lastCommitId = last.get(path);
    const isKnown = blobId !== undefined && lastCommitId !== undefined;
    return [path, isKnown ? { blobId, lastCommitId } : await gitlab.file(project, branch, path)];
  };
  return new Map(await Promise.all([...seen].map(([path, one]) => limit(() => stand(path, one?.blobId)))));
}

/**
 * Which commit last changed each file that was changed since the base. Empty where the commits in between are no single line: then only
 * GitLab can tell what it will compare with.
 */
async function lastCommits(gitlab: GitLab, project: string, { base, head }: { base: string; head: string }): Promise<Map<string, string>> {
  const commits = await gitlab.commitsBetween(project, base, head);
  const line = [head, ...commits.map(({ parent_ids: parents }) => (parents?.length === 1 ? parents[0] : undefined))];
  const isLine = commits.every(({ id }, index) => id === line[index]) && line.at(-1) === base;
  if (!isLine || commits.length > MOST_COMMITS) return new Map();
  const changed = await Promise.all(
    commits.map(async ({ id }) => (await gitlab.commitPaths(project, id)).map((path) => [path, id] as const)),
  );
  // Of the commits that changed a file the newest counts, which is listed first.
  return new Map(changed.toReversed().flat());
}
