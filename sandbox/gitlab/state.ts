/** Access levels as GitLab numbers them. */
export type AccessLevel = 10 | 20 | 30 | 40 | 50;

export interface GitLabUser {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
}

/** A file's bytes. Text stays readable in a saved world; anything that isn't valid UTF-8 is kept as Base64. */
export type Blob = { readonly text: string } | { readonly base64: string };

export interface TreeEntry {
  readonly type: 'blob' | 'tree';
  readonly sha: string;
}

/** A folder: entries by name. Trees are content-addressed, so commits share every folder that they don't change. */
export type Tree = Record<string, TreeEntry>;

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** Sandbox time, ms. */
  readonly at: number;
}

export interface ProtectedBranch {
  readonly push: 0 | AccessLevel;
  readonly merge: 0 | AccessLevel;
}

export interface Note {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly system: boolean;
  readonly at: number;
  updatedAt: number;
}

export interface Approval {
  readonly username: string;
  readonly at: number;
}

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  readonly author: string;
  readonly sourceBranch: string;
  targetBranch: string;
  labels: string[];
  assignees: string[];
  reviewers: string[];
  squash: boolean;
  removeSourceBranch: boolean;
  /** The last commit of the source branch as the merge request knows it; kept when the branch goes. */
  headSha: string;
  /** When the newest head was pushed (or the merge request opened): its mergeability is worked out from here on. */
  headAt: number;
  approvals: Approval[];
  approvalsRequired: number;
  notes: Note[];
  readonly createdAt: number;
  updatedAt: number;
  mergedAt: number | null;
  mergedBy: string | null;
  closedAt: number | null;
  closedBy: string | null;
  mergeCommitSha: string | null;
  squashCommitSha: string | null;
  /** The base of the diff, frozen at the merge. */
  mergedBaseSha: string | null;
}

export interface GitLabProject {
  readonly id: number;
  readonly path: string;
  readonly description: string;
  readonly createdAt: number;
  defaultBranch: string;
  /** Access level by user name; who isn't listed doesn't see the project. */
  members: Record<string, AccessLevel>;
  protectedBranches: Record<string, ProtectedBranch>;
  approvalsRequired: number;
  authorMayApprove: boolean;
  resetApprovalsOnPush: boolean;
  branches: Record<string, string>;
  commits: Record<string, Commit>;
  trees: Record<string, Tree>;
  blobs: Record<string, Blob>;
  mergeRequests: Record<string, MergeRequest>;
}

/** A user who approves by themselves, so that unattended drills go on. */
export interface AutoApprover {
  readonly reviewer: string;
  /** Whose merge requests are approved. */
  readonly author: string;
  /** Seconds of sandbox time after the head was pushed; null: never. */
  readonly afterSeconds: number | null;
}

export interface GitLabState {
  /** The last id given to a user, project, merge request or note. */
  lastId: number;
  users: Record<string, GitLabUser>;
  /** Personal access tokens: whose they are. */
  tokens: Record<string, string>;
  /** By full path. */
  projects: Record<string, GitLabProject>;
  autoApprover: AutoApprover | null;
  /** Requests of each user in the minute (of sandbox time) in hand. */
  requests: Record<string, { minute: number; count: number }>;
  /** Archives of each user and project in the minute in hand; worlds saved by earlier versions lack it. */
  archives?: Record<string, { minute: number; count: number }>;
}

export function emptyGitLab(): GitLabState {
  return { lastId: 0, users: {}, tokens: {}, projects: {}, autoApprover: null, requests: {} };
}
