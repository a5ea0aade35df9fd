import type { World } from '../world.ts';
import { readBytes, walk } from './objects.ts';
import type { GitLabProject, MergeRequest } from './state.ts';

/** Branches by what is in them, merge requests by their branches: ids, times and commit ids differ between runs that did the same. */
export function dumpGitLab(world: World): unknown {
  return Object.fromEntries(
    Object.entries(world.gitlab.projects)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, project]) => [path, dumpProject(project)]),
  );
}

function dumpProject(project: GitLabProject): unknown {
  const branches = Object.keys(project.branches).sort();
  return {
    branches: Object.fromEntries(branches.map((name) => [name, dumpBranch(project, name)])),
    mergeRequests: Object.values(project.mergeRequests)
      .map(dumpMergeRequest)
      .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  };
}

function dumpBranch(project: GitLabProject, name: string): Record<string, string> {
  const commit = project.commits[project.branches[name] ?? ''];
  if (commit === undefined) return {};
  return Object.fromEntries([...walk(project, commit.tree)].map(({ path, sha }) => [path, contentOf(project, sha)]));
}

function contentOf(project: GitLabProject, sha: string): string {
  const blob = project.blobs[sha];
  return blob === undefined ? '' : readBytes(blob).toString('utf8');
}

function dumpMergeRequest(request: MergeRequest): unknown {
  const { title, state, author, sourceBranch, targetBranch, labels, approvals } = request;
  return { title, state, author, sourceBranch, targetBranch, labels, approvedBy: approvals.map((one) => one.username).sort() };
}
