import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import { utf8Text } from '../kit/text.ts';
import { gitBlobId } from './git-blob.ts';
import { type ArchivePlace, downloadArchive } from './gitlab-archive.ts';
import { createGitLabCall, type GitLabCall, orMissing } from './gitlab-call.ts';
import {
  type GitLabApprovalRule,
  type GitLabBranch,
  type GitLabCommit,
  type GitLabMergeRequest,
  type GitLabProject,
  type GitLabTreeEntry,
  type GitLabUser,
  gitlabApprovalState,
  gitlabBlob,
  gitlabBranch,
  gitlabCommit,
  gitlabDiff,
  gitlabFileInfo,
  gitlabMember,
  gitlabMergeRequest,
  gitlabProject,
  gitlabTreeEntry,
  gitlabUser,
} from './gitlab-shapes.ts';
import { ANSWER_SECONDS } from './limits.ts';

export type {
  GitLabApprovalRule,
  GitLabBranch,
  GitLabCommit,
  GitLabMergeRequest,
  GitLabProject,
  GitLabTreeEntry,
  GitLabUser,
} from './gitlab-shapes.ts';

/** One action of a commit. `lastCommitId`: refused when the file has changed since that commit. */
export type CommitAction =
  | { readonly action: 'create'; readonly path: string; readonly content: string }
  | { readonly action: 'update'; readonly path: string; readonly content: string; readonly lastCommitId: string }
  | { readonly action: 'delete'; readonly path: string; readonly lastCommitId: string };

export interface MergeRequestFields {
  readonly title: string;
  readonly description: string;
  readonly reviewerIds: readonly number[];
}

/** The GitLab API, as far as a recovery needs it. `project` is a full path such as group/project. Failures are EksDrErrors. */
export interface GitLab {
  /** The address, without a trailing slash. */
  readonly url: string;
  me(): Promise<GitLabUser>;
  user(username: string): Promise<GitLabUser | null>;
  project(project: string): Promise<GitLabProject | null>;
  /** The user's access level, inherited ones included (see `accessLevel`); 0 for none. */
  accessOf(project: string, userId: number): Promise<number>;
  branch(project: string, branch: string): Promise<GitLabBranch | null>;
  createBranch(project: string, branch: string, from: string): Promise<GitLabBranch>;
  deleteBranch(project: string, branch: string): Promise<void>;
  /** Every file and folder below a folder, at any depth; null when the ref or the folder does not exist. */
  tree(project: string, ref: string, folder: string): Promise<GitLabTreeEntry[] | null>;
  /** The text of a blob. Blobs never change, so each is fetched once. Throws `remote-refused` for what isn't UTF-8. */
  blob(project: string, id: string): Promise<string>;
  /**
   * The files below a folder in one answer, by their paths from the root: what they are in an archive, which is not always what they are in
   * Git. Tried once; GitLab allows five a minute.
   */
  archive(project: string, ref: string, folder: string): Promise<Map<string, Uint8Array>>;
  /** Tells the client a content, so that a blob of the same id needs no fetch. `like`: an id of the same repository. */
  knowContent(content: string, like?: string): void;
  /** Whether a blob needs no fetch. */
  knows(id: string): boolean;
  /** A file's blob, known from then on, and the commit that last changed it; null when there is no such file. */
  file(project: string, ref: string, path: string): Promise<{ readonly blobId: string; readonly lastCommitId: string } | null>;
  /** The commits that a merge request would bring, or brought, newest first. */
  requestCommits(project: string, iid: number): Promise<GitLabCommit[]>;
  /** The commits that `to` has and `from` hasn't, newest first. */
  commitsBetween(project: string, from: string, to: string): Promise<GitLabCommit[]>;
  /** The paths at which a commit differs from its first parent, old and new names of moved files alike. */
  commitPaths(project: string, sha: string): Promise<string[]>;
  /** The paths that a merge request changes, old and new names of moved files alike. */
  changedPaths(project: string, iid: number): Promise<string[]>;
  commit(project: string, branch: string, message: string, actions: readonly CommitAction[]): Promise<GitLabCommit>;
  /** The best common ancestor of two refs; null when they share none or one doesn't exist. */
  mergeBase(project: string, refs: readonly [string, string]): Promise<string | null>;
  mergeRequest(project: string, iid: number): Promise<GitLabMergeRequest>;
  /** The rules of approval of a merge request; null where GitLab has none (its free edition answers 404). */
  approvalRules(project: string, iid: number): Promise<GitLabApprovalRule[] | null>;
  /** Merge requests between two branches, newest first, of any state. Listed ones may lack `detailed_merge_status`. */
  mergeRequests(project: string, source: string, target: string): Promise<GitLabMergeRequest[]>;
  createMergeRequest(project: string, source: string, target: string, fields: MergeRequestFields): Promise<GitLabMergeRequest>;
  editMergeRequest(
    project: string,
    iid: number,
    fields: Partial<MergeRequestFields> & { readonly stateEvent?: 'close' | 'reopen' },
  ): Promise<GitLabMergeRequest>;
  /** Merges exactly this head. `conflict` when the head is another one, or the request can't be merged now. */
  merge(
    project: string,
    iid: number,
    options: { readonly sha: string; readonly removeSourceBranch: boolean; readonly message: string },
  ): Promise<GitLabMergeRequest>;
}

export interface GitLabOptions {
  readonly estate: { readonly gitlab: Pick<Estate['gitlab'], 'url'> };
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly answerSeconds?: number | undefined;
}

/** Connects to GitLab with GITLAB_TOKEN; GITLAB_HOST (a host or an address) wins over the estate. */
export async function connectGitLab(options: GitLabOptions): Promise<GitLab> {
  const { estate, environment, clock, signal, answerSeconds = ANSWER_SECONDS } = options;
  const token = environment.GITLAB_TOKEN;
  if (token === undefined || token === '') {
    throw new EksDrError('credentials-missing', {
      message: 'GITLAB_TOKEN is not set, so GitLab cannot be used.',
      remedy: 'Set GITLAB_TOKEN to an access token with the scope api, then start again.',
      target: 'GITLAB_TOKEN',
    });
  }
  const host = environment.GITLAB_HOST ?? estate.gitlab.url;
  const url = (/^https?:\/\//.test(host) ? host : `https://${host}`).replace(/\/+$/, '');
  const { Gitlab } = await import('@gitbeaker/rest');
  // The limit covers all tries of one request; a commit of 100 files may take a while.
  const api = new Gitlab({ host: url, token, queryTimeout: 2_000 * answerSeconds });
  const download = (place: ArchivePlace) => downloadArchive({ url, token, seconds: answerSeconds }, place);
  return createGitLab(url, api, createGitLabCall(url, clock, signal), download);
}

type Api = InstanceType<typeof import('@gitbeaker/rest')['Gitlab']>;

function createGitLab(
  url: string,
  api: Api,
  { read, once, write, remove }: GitLabCall,
  download: (place: ArchivePlace) => Promise<Map<string, Uint8Array>>,
): GitLab {
  const contents = new Map<string, string>();

  return {
    url,
    me: () => read('read the user of GITLAB_TOKEN', gitlabUser, () => api.Users.showCurrentUser()),
    async user(username) {
      const users = await read(`find the user ${username}`, gitlabUser.array(), () => api.Users.all({ username }));
      return users.find((user) => user.username.toLowerCase() === username.toLowerCase()) ?? null;
    },
    project: (project) => orMissing(read(`read the project ${project}`, gitlabProject, () => api.Projects.show(project))),
    async accessOf(project, userId) {
      const what = `read the access of user ${userId} to ${project}`;
      const member = await orMissing(read(what, gitlabMember, () => api.ProjectMembers.show(project, userId, { includeInherited: true })));
      return member?.access_level ?? 0;
    },
    branch: (project, branch) =>
      orMissing(read(`read the branch ${branch} of ${project}`, gitlabBranch, () => api.Branches.show(project, branch))),
    createBranch: (project, branch, from) =>
      write(`create the branch ${branch} in ${project}`, gitlabBranch, () => api.Branches.create(project, branch, from)),
    async deleteBranch(project, branch) {
      await orMissing(remove(`delete the branch ${branch} of ${project}`, () => api.Branches.remove(project, branch)));
    },
    tree(project, ref, folder) {
      const options = { path: folder, ref, recursive: true, perPage: 100, pagination: 'keyset' as const };
      return orMissing(
        read(`list ${folder} of ${project} at ${ref}`, gitlabTreeEntry.array(), () =>
          api.Repositories.allRepositoryTrees(project, options),
        ),
      );
    },
    async blob(project, id) {
      const known = contents.get(id);
      if (known !== undefined) return known;
      const { content } = await read(`read the blob ${id} of ${project}`, gitlabBlob, () => api.Repositories.showBlob(project, id));
      const text = decode(content, `${project} blob ${id}`);
      contents.set(id, text);
      return text;
    },
    archive: (project, ref, folder) => once(`pack ${folder} of ${project} at ${ref}`, () => download({ project, ref, folder })),
    knowContent(content, like) {
      contents.set(gitBlobId(content, like), content);
    },
    knows: (id) => contents.has(id),
    async file(project, ref, path) {
      const file = await orMissing(
        read(`read ${path} of ${project} at ${ref}`, gitlabFileInfo, () => api.RepositoryFiles.show(project, path, ref)),
      );
      if (file === null) return null;
      // It comes along. What isn't text is refused by who asks for it.
      const content = typeof file.content === 'string' ? utf8Text(Buffer.from(file.content, 'base64')) : undefined;
      if (content !== undefined) contents.set(file.blob_id, content);
      return { blobId: file.blob_id, lastCommitId: file.last_commit_id };
    },
    requestCommits: (project, iid) =>
      read(`list the commits of merge request !${iid} of ${project}`, gitlabCommit.array(), () =>
        api.MergeRequests.allCommits(project, iid, { perPage: 100 }),
      ),
    commitsBetween: (project, from, to) =>
      read(`list the commits between ${from} and ${to} of ${project}`, gitlabCommit.array(), () =>
        api.Commits.all(project, { refName: `${from}..${to}`, perPage: 100 }),
      ),
    async commitPaths(project, sha) {
      const what = `list the changed files of commit ${sha} of ${project}`;
      return pathsIn(await read(what, gitlabDiff.array(), () => api.Commits.showDiff(project, sha, { perPage: 100 })));
    },
    async changedPaths(project, iid) {
      const what = `list the changed files of merge request !${iid} of ${project}`;
      return pathsIn(await read(what, gitlabDiff.array(), () => api.MergeRequests.allDiffs(project, iid, { perPage: 100 })));
    },
    commit(project, branch, message, actions) {
      const asSent = actions.map(commitAction);
      return write(`commit ${actions.length} files to ${branch} of ${project}`, gitlabCommit, () =>
        api.Commits.create(project, branch, message, asSent),
      );
    },
    async mergeBase(project, refs) {
      const what = `find the common ancestor of ${refs.join(' and ')} in ${project}`;
      return (await orMissing(read(what, gitlabCommit, () => api.Repositories.mergeBase(project, [...refs]))))?.id ?? null;
    },
    mergeRequest: (project, iid) =>
      read(`read merge request !${iid} of ${project}`, gitlabMergeRequest, () => api.MergeRequests.show(project, iid)),
    async approvalRules(project, iid) {
      const what = `read the approvals of merge request !${iid} of ${project}`;
      const state = await orMissing(read(what, gitlabApprovalState, () => api.MergeRequestApprovals.showApprovalState(project, iid)));
      return state?.rules ?? null;
    },
    mergeRequests(project, source, target) {
      const options = {
        projectId: project,
        sourceBranch: source,
        targetBranch: target,
        orderBy: 'created_at' as const,
        sort: 'desc' as const,
        perPage: 100,
      };
      return read(`list the merge requests from ${source} of ${project}`, gitlabMergeRequest.array(), () => api.MergeRequests.all(options));
    },
    createMergeRequest(project, source, target, { title, description, reviewerIds }) {
      const options = { description, reviewerIds: [...reviewerIds], removeSourceBranch: true };
      return write(`open a merge request from ${source} in ${project}`, gitlabMergeRequest, () =>
        api.MergeRequests.create(project, source, target, title, options),
      );
    },
    editMergeRequest(project, iid, { reviewerIds, ...fields }) {
      const options = { ...fields, ...(reviewerIds === undefined ? {} : { reviewerIds: [...reviewerIds] }) };
      return write(`change merge request !${iid} of ${project}`, gitlabMergeRequest, () => api.MergeRequests.edit(project, iid, options));
    },
    merge(project, iid, { sha, removeSourceBranch, message }) {
      const options = { sha, shouldRemoveSourceBranch: removeSourceBranch, mergeCommitMessage: message };
      return write(`merge merge request !${iid} of ${project}`, gitlabMergeRequest, () => api.MergeRequests.merge(project, iid, options));
    },
  };
}

function pathsIn(diffs: readonly { readonly old_path: string; readonly new_path: string }[]): string[] {
  return [...new Set(diffs.flatMap(({ old_path, new_path }) => [old_path, new_path]))];
}

function commitAction(action: CommitAction) {
  const { path } = action;
  if (action.action === 'create') return { action: 'create' as const, filePath: path, content: action.content };
  const { lastCommitId } = action;
  if (action.action === 'delete') return { action: 'delete' as const, filePath: path, lastCommitId };
  return { action: 'update' as const, filePath: path, content: action.content, lastCommitId };
}

function decode(content: string, target: string): string {
  const text = utf8Text(Buffer.from(content, 'base64'));
  if (text !== undefined) return text;
  throw new EksDrError('remote-refused', {
    message: `${target} is not UTF-8 text.`,
    target,
    remedy: 'Keep only text files in the folder of the templates.',
  });
}
