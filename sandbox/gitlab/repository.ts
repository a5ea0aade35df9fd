import type { World } from '../world.ts';
import { nextId } from './call.ts';
import { addCommit, type CommitAuthor, findCommit } from './history.ts';
import { entryAt, putBlob, putTree, readBytes, walk, writePaths } from './objects.ts';
import type { AccessLevel, GitLabProject, GitLabState, GitLabUser } from './state.ts';

/** The commit that a branch, sha or HEAD of a project names; null where there is none. */
export function resolveRef(world: World, project: string, ref: string): string | null {
  const found = world.gitlab.projects[project];
  return found === undefined ? null : (findCommit(found, ref)?.sha ?? null);
}

/** The bytes of a file, or null. */
export function readBlob(world: World, project: string, ref: string, path: string): Buffer | null {
  const found = world.gitlab.projects[project];
  const commit = found === undefined ? null : findCommit(found, ref);
  if (found === undefined || commit === null) return null;
  const entry = entryAt(found, commit.tree, path);
  const blob = entry?.type === 'blob' ? found.blobs[entry.sha] : undefined;
  return blob === undefined ? null : readBytes(blob);
}

/** Every file below a folder by its path from the repository's root, sorted; null where there is no such folder. */
export function listTree(
  world: World,
  project: string,
  ref: string,
  folder: string,
): { readonly path: string; readonly sha: string }[] | null {
  const found = world.gitlab.projects[project];
  const commit = found === undefined ? null : findCommit(found, ref);
  if (found === undefined || commit === null) return null;
  const path = folder.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
  const entry = entryAt(found, commit.tree, path);
  if (entry?.type !== 'tree') return null;
  return [...walk(found, entry.sha, path === '' ? '' : `${path}/`)];
}

/** The id of the folder's content: equal ids mean equal files. Null where there is no such folder. */
export function folderId(world: World, project: string, ref: string, folder: string): string | null {
  const found = world.gitlab.projects[project];
  const commit = found === undefined ? null : findCommit(found, ref);
  if (found === undefined || commit === null) return null;
  const path = folder.replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '');
  return entryAt(found, commit.tree, path)?.sha ?? null;
}

export function addUser(state: GitLabState, user: Omit<GitLabUser, 'id'>, token: string): GitLabUser {
  const added: GitLabUser = { ...user, id: nextId(state) };
  state.users[added.username] = added;
  state.tokens[token] = added.username;
  return added;
}

export interface NewProject {
  readonly path: string;
  readonly description: string;
  readonly members: Readonly<Record<string, AccessLevel>>;
  readonly approvalsRequired: number;
  readonly at: number;
}

/** A project with a protected default branch `main` that developers may merge into but not push to. */
export function addProject(state: GitLabState, options: NewProject): GitLabProject {
  const { path, description, members, approvalsRequired, at } = options;
  const project: GitLabProject = {
    id: nextId(state),
    path,
    description,
    createdAt: at,
    defaultBranch: 'main',
    members: { ...members },
    protectedBranches: { main: { push: 40, merge: 30 } },
    approvalsRequired,
    authorMayApprove: false,
    resetApprovalsOnPush: true,
    branches: {},
    commits: {},
    trees: {},
    blobs: {},
    mergeRequests: {},
  };
  state.projects[path] = project;
  return project;
}

/** Commits files (null removes one) on top of a branch, without asking anyone. */
export function commitFiles(
  project: GitLabProject,
  options: { branch: string; message: string; author: CommitAuthor; at: number; files: Readonly<Record<string, string | null>> },
): string {
  const { branch, message, author, at, files } = options;
  const parent = project.commits[project.branches[branch] ?? ''];
  const blobs = Object.entries(files).map(([path, text]) => [path, text === null ? null : putBlob(project, Buffer.from(text, 'utf8'))]);
  const tree = writePaths(project, parent?.tree ?? putTree(project, {}), Object.fromEntries(blobs));
  const commit = addCommit(project, { tree, parents: parent === undefined ? [] : [parent.sha], message, author, at });
  project.branches[branch] = commit.sha;
  return commit.sha;
}
