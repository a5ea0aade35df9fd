import * as z from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const gitlabUser = z.object({ id: z.number(), username: z.string().min(1) });

export const gitlabProject = z.object({
  id: z.number(),
  path_with_namespace: z.string(),
  default_branch: z.string().nullish(),
  web_url: text,
  archived: z.boolean().nullish(),
});

export const gitlabMember = z.object({ id: z.number(), username: z.string(), access_level: z.number() });

export const gitlabBranch = z.object({
  name: z.string(),
  protected: z.boolean().nullish(),
  can_push: z.boolean().nullish(),
  developers_can_merge: z.boolean().nullish(),
  commit: z.object({ id: z.string().min(1), message: text }),
});

export const gitlabTreeEntry = z.object({ id: z.string().min(1), type: z.string(), path: z.string().min(1), mode: text });

/** A file's meta data. `last_commit_id` guards a later change of it. */
export const gitlabFileInfo = z.object({ blob_id: z.string().min(1), last_commit_id: z.string().min(1), content: z.string().nullish() });

export const gitlabBlob = z.object({ encoding: z.literal('base64'), content: z.string() });

export const gitlabCommit = z.object({ id: z.string().min(1), message: text, parent_ids: z.array(z.string()).nullish() });

/** One changed file; the diff itself is not read. */
export const gitlabDiff = z.object({ old_path: z.string(), new_path: z.string() });

export const gitlabMergeRequest = z.object({
  iid: z.number(),
  state: z.string(),
  title: text,
  description: text,
  web_url: text,
  source_branch: z.string(),
  target_branch: z.string(),
  /** The head of the source branch as the merge request knows it. */
  sha: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  squash_commit_sha: z.string().nullish(),
  detailed_merge_status: z.string().nullish(),
  merge_error: z.string().nullish(),
  draft: z.boolean().nullish(),
  author: gitlabUser.nullish(),
  reviewers: z
    .array(gitlabUser)
    .nullish()
    .transform((value) => value ?? []),
  head_pipeline: z.object({ status: z.string(), web_url: text }).nullish(),
});

/** A rule of approval, as it stands for one merge request. `eligible_approvers` is empty where anybody may approve who has access. */
export const gitlabApprovalState = z.object({
  rules: z.array(
    z.object({
      name: text,
      approvals_required: z.number(),
      approved: z.boolean(),
      approved_by: gitlabUser.array(),
      eligible_approvers: gitlabUser.array(),
    }),
  ),
});

export type GitLabApprovalRule = z.infer<typeof gitlabApprovalState>['rules'][number];
export type GitLabUser = z.infer<typeof gitlabUser>;
export type GitLabProject = z.infer<typeof gitlabProject>;
export type GitLabBranch = z.infer<typeof gitlabBranch>;
export type GitLabTreeEntry = z.infer<typeof gitlabTreeEntry>;
export type GitLabCommit = z.infer<typeof gitlabCommit>;
export type GitLabMergeRequest = z.infer<typeof gitlabMergeRequest>;
