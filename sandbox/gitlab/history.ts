import { differences, entryAt, gitHash, writePaths } from './objects.ts';
import type { Commit, GitLabProject } from './state.ts';

export interface CommitAuthor {
  readonly name: string;
  readonly email: string;
}

/** Adds a commit; where no branch is given it hangs in the air, as the second parent of a merge may. */
export function addCommit(
  project: GitLabProject,
  options: { tree: string; parents: readonly string[]; message: string; author: CommitAuthor; at: number },
): Commit {
  const { tree, parents, message, author, at } = options;
  const who = `${author.name} <${author.email}> ${at} +0000`;
  const lines = [`tree ${tree}`, ...parents.map((parent) => `parent ${parent}`), `author ${who}`, `committer ${who}`, '', message];
  const sha = gitHash('commit', Buffer.from(lines.join('\n')));
  const commit: Commit = { sha, tree, parents: [...parents], message, authorName: author.name, authorEmail: author.email, at };
  project.commits[sha] = commit;
  return commit;
}

/** The commit that a branch, a full or short sha, or HEAD names. */
export function findCommit(project: GitLabProject, ref: string): Commit | null {
  const name = ref === 'HEAD' || ref === '' ? project.defaultBranch : ref.replace(/^refs\/heads\//, '');
  const sha = Object.hasOwn(project.branches, name) ? project.branches[name] : name;
  if (sha === undefined) return null;
  const exact = project.commits[sha];
  if (exact !== undefined) return exact;
  if (!/^[0-9a-f]{7,39}$/.test(sha)) return null;
  return Object.values(project.commits).find((commit) => commit.sha.startsWith(sha)) ?? null;
}

/** All commits that can be reached, newest first along the first parents. */
export function* ancestors(project: GitLabProject, from: string): Generator<Commit> {
  const seen = new Set<string>();
  const queue = [from];
  for (let sha = queue.shift(); sha !== undefined; sha = queue.shift()) {
    const commit = project.commits[sha];
    if (commit === undefined || seen.has(sha)) continue;
    seen.add(sha);
    yield commit;
    queue.push(...commit.parents);
  }
}

/** The newest commit that both have in their past. */
export function mergeBase(project: GitLabProject, a: string, b: string): Commit | null {
  const past = new Set([...ancestors(project, b)].map((commit) => commit.sha));
  for (const commit of ancestors(project, a)) if (past.has(commit.sha)) return commit;
  return null;
}

/** The last commit that changed a path, as `git log -1 -- path` tells it. */
export function lastCommitFor(project: GitLabProject, from: string, path: string): Commit | null {
  let commit = project.commits[from];
  if (commit === undefined || entryAt(project, commit.tree, path) === null) return null;
  for (;;) {
    const here: string | undefined = entryAt(project, commit.tree, path)?.sha;
    // Git follows the parent that has the path unchanged, if any.
    const same: Commit | undefined = commit.parents
      .map((sha) => project.commits[sha])
      .find((parent) => parent !== undefined && entryAt(project, parent.tree, path)?.sha === here);
    if (same === undefined) return commit;
    commit = same;
  }
}

/**
 * The tree of a merge, or null where both sides changed the same file in different ways.
 * Coarser than Git, which merges changes to different lines of one file.
 */
export function mergeTrees(project: GitLabProject, target: string, source: string): string | null {
  const [ours, theirs] = [project.commits[target], project.commits[source]];
  if (ours === undefined || theirs === undefined) return null;
  const base = mergeBase(project, source, target)?.tree ?? null;
  const changes: Record<string, string | null> = {};
  for (const { path, before, after } of differences(project, base, theirs.tree)) {
    const entry = entryAt(project, ours.tree, path);
    const now = entry?.type === 'blob' ? entry.sha : null;
    if (now === after) continue;
    if (now !== before) return null;
    changes[path] = after;
  }
  return writePaths(project, ours.tree, changes);
}
