import { time } from './reply.ts';
import type { Commit, GitLabProject, GitLabState, GitLabUser } from './state.ts';

/** The address under which people open the sandbox's GitLab; nothing answers there. */
export const WEB = 'https://gitlab.example.com';

export function renderUser(user: GitLabUser): Record<string, unknown> {
  const { id, username, name } = user;
  return { id, username, name, state: 'active', locked: false, avatar_url: null, web_url: `${WEB}/${username}` };
}

export function userNamed(state: GitLabState, username: string): Record<string, unknown> | null {
  const user = state.users[username];
  return user === undefined ? null : renderUser(user);
}

export function renderProject(project: GitLabProject, access: number): Record<string, unknown> {
  const name = project.path.split('/').at(-1) ?? '';
  const group = project.path.slice(0, -name.length - 1);
  return {
    id: project.id,
    description: project.description,
    name,
    name_with_namespace: project.path.replaceAll('/', ' / '),
    path: name,
    path_with_namespace: project.path,
    created_at: time(project.createdAt),
    default_branch: project.defaultBranch,
    ssh_url_to_repo: `git@gitlab.example.com:${project.path}.git`,
    http_url_to_repo: `${WEB}/${project.path}.git`,
    web_url: `${WEB}/${project.path}`,
    namespace: { name: group, path: group, kind: 'group', full_path: group },
    visibility: 'private',
    archived: false,
    empty_repo: Object.keys(project.branches).length === 0,
    merge_requests_enabled: true,
    merge_method: 'merge',
    squash_option: 'default_off',
    only_allow_merge_if_pipeline_succeeds: false,
    only_allow_merge_if_all_discussions_are_resolved: false,
    remove_source_branch_after_merge: false,
    permissions: { project_access: { access_level: access, notification_level: 3 }, group_access: null },
  };
}

export function renderCommit(project: GitLabProject, commit: Commit): Record<string, unknown> {
  const at = time(commit.at);
  return {
    id: commit.sha,
    short_id: commit.sha.slice(0, 8),
    created_at: at,
    parent_ids: commit.parents,
    title: commit.message.split('\n')[0],
    message: commit.message,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    authored_date: at,
    committer_name: commit.authorName,
    committer_email: commit.authorEmail,
    committed_date: at,
    trailers: {},
    extended_trailers: {},
    web_url: `${WEB}/${project.path}/-/commit/${commit.sha}`,
  };
}
