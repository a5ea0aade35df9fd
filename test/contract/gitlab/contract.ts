import { defineContract } from '../contract.ts';
import { access } from './access.ts';
import { archives } from './archives.ts';
import { branches } from './branches.ts';
import { commits } from './commits.ts';
import { files } from './files.ts';
import { type GitLab, sandboxGitLab } from './gitlab.ts';
import { mergeRequests } from './merge-requests.ts';
import { merging } from './merging.ts';
import { paging } from './paging.ts';

/** GitLab has no referee that a machine like ours could run: every assertion stands on its documentation, or on its published source. */
export const gitlab = defineContract<GitLab>({
  system: 'GitLab',
  sandbox: sandboxGitLab,
  referees: {},
  assertions: [...access, ...branches, ...files, ...archives, ...commits, ...paging, ...mergeRequests, ...merging],
});
