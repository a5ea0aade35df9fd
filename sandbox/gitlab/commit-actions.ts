import { isBranchName } from './branches.ts';
import { allows, type Call } from './call.ts';
import { addCommit, findCommit, lastCommitFor } from './history.ts';
import { headMoved } from './merge-status.ts';
import { entryAt, putBlob, putTree, writePaths } from './objects.ts';
import { badRequest } from './reply.ts';
import type { Commit, GitLabProject } from './state.ts';

export interface CommitAction {
  readonly action: string;
  readonly path: string;
  readonly previousPath?: string | undefined;
  readonly content?: string | undefined;
  readonly encoding?: string | undefined;
  readonly lastCommitId?: string | undefined;
}

export const ENCODINGS = ['text', 'base64'];

export interface CommitRequest {
  readonly branch: string;
  readonly message: string;
  readonly startBranch?: string | undefined;
  readonly startSha?: string | undefined;
  readonly force?: boolean | undefined;
  readonly authorName?: string | undefined;
  readonly authorEmail?: string | undefined;
  readonly actions: readonly CommitAction[];
}

/** Makes one commit of several file actions on a branch, all or nothing. Every refusal is a 400 with GitLab's own words. */
export function commitActions(call: Call, project: GitLabProject, request: CommitRequest): Commit {
  if (!allows(project, call.user, request.branch, 'push')) badRequest('You are not allowed to push into this branch');
  const parent = startOf(project, request);
  for (const action of request.actions) guardLastCommit(project, parent, action);
  let tree = parent?.tree ?? putTree(project, {});
  for (const action of request.actions) tree = writePaths(project, tree, changesOf(project, tree, action));
  const commit = addCommit(project, {
    tree,
    parents: parent === null ? [] : [parent.sha],
    message: request.message,
    author: { name: request.authorName ?? call.user.name, email: request.authorEmail ?? call.user.email },
    at: call.sandbox.clock.now(),
  });
  project.branches[request.branch] = commit.sha;
  headMoved(call.sandbox, project, request.branch);
  return commit;
}

/** The commit to build on; null in an empty repository. */
function startOf(project: GitLabProject, request: CommitRequest): Commit | null {
  const { branch, startBranch, startSha } = request;
  const isEmpty = Object.keys(project.branches).length === 0;
  const parent = isEmpty ? null : parentOf(project, request);
  const start = startSha ?? startBranch;
  if (Object.hasOwn(project.branches, branch) && start !== undefined && start !== branch && request.force !== true) {
    badRequest(`A branch called '${branch}' already exists. Switch to that branch in order to make changes`);
  }
  if (!isBranchName(branch)) badRequest(`Something went wrong when we tried to create '${branch}' for you: Branch name is invalid`);
  return parent;
}

function parentOf(project: GitLabProject, { branch, startBranch, startSha }: CommitRequest): Commit {
  if (startSha !== undefined) {
    if (!/^[0-9a-f]{40}$/.test(startSha)) badRequest(`Invalid start_sha '${startSha}'`);
    return project.commits[startSha] ?? badRequest(`Cannot find start_sha '${startSha}'`);
  }
  const from = startBranch ?? branch;
  const head = Object.hasOwn(project.branches, from) ? findCommit(project, from) : null;
  return head ?? badRequest('You can only create or edit files when you are on a branch');
}

function guardLastCommit(project: GitLabProject, parent: Commit | null, action: CommitAction): void {
  if (action.action === 'create' || action.lastCommitId === undefined || parent === null) return;
  const path = action.previousPath ?? action.path;
  const last = lastCommitFor(project, parent.sha, path);
  if (last !== null && last.sha !== action.lastCommitId) badRequest(`The file has changed since you started editing it: ${path}`);
}

function changesOf(project: GitLabProject, tree: string, action: CommitAction): Record<string, string | null> {
  const { path, previousPath = '' } = action;
  checkPath(path);
  const existing = entryAt(project, tree, path);
  switch (action.action) {
    case 'create':
      if (existing?.type === 'tree') badRequest('A directory with this name already exists');
      if (existing !== null || parentIsFile(project, tree, path)) badRequest('A file with this name already exists');
      return { [path]: contentOf(project, action) ?? putBlob(project, Buffer.alloc(0)) };
    case 'update':
      if (existing?.type !== 'blob') badRequest("A file with this name doesn't exist");
      return { [path]: contentOf(project, action) ?? putBlob(project, Buffer.alloc(0)) };
    case 'delete':
      if (existing?.type !== 'blob') badRequest("A file with this name doesn't exist");
      return { [path]: null };
    case 'move': {
      const previous = entryAt(project, tree, previousPath);
      if (previous?.type !== 'blob') return badRequest("A file with this name doesn't exist");
      if (existing !== null) badRequest('A file with this name already exists');
      return { [previousPath]: null, [path]: contentOf(project, action) ?? previous.sha };
    }
    default:
      throw new TypeError(`no action ${action.action}`);
  }
}

function contentOf(project: GitLabProject, action: CommitAction): string | undefined {
  if (action.content === undefined) return undefined;
  return putBlob(project, Buffer.from(action.content, action.encoding === 'base64' ? 'base64' : 'utf8'));
}

function parentIsFile(project: GitLabProject, tree: string, path: string): boolean {
  const folders = path.split('/').slice(0, -1);
  return folders.some((_, index) => entryAt(project, tree, folders.slice(0, index + 1).join('/'))?.type === 'blob');
}

function checkPath(path: string): void {
  if (path === '' || path.startsWith('/') || path.endsWith('/')) badRequest('invalid path: file_path');
  if (path.split('/').some((part) => part === '..' || part === '.' || part === '' || part === '.git'))
    badRequest('Path cannot include directory traversal');
}
