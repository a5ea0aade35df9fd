import { connectGitLab, type GitLab } from '../../../steps/clients/gitlab.ts';
import { createClock } from '../../../steps/kit/clock.ts';
import { type GitLabSandbox, startGitLab } from '../../sandbox/gitlab/gitlab-sandbox.ts';

/** A GitLab with the repository of the small shop, and our own client of it, as the bot. */
export async function startOwnGitLab(): Promise<{ readonly sandbox: GitLabSandbox; readonly gitlab: GitLab }> {
  const sandbox = await startGitLab();
  const gitlab = await connectGitLab({
    estate: { gitlab: { url: sandbox.host } },
    environment: { GITLAB_TOKEN: 'glpat-sandbox' },
    clock: createClock(200, Date.now()),
    signal: new AbortController().signal,
  });
  return { sandbox, gitlab };
}
