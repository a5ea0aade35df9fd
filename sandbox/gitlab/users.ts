import type { SandboxResponse } from '../system.ts';
import { type Call, GUEST, projectOf } from './call.ts';
import { offsetPage } from './pages.ts';
import { renderProject, renderUser } from './render.ts';
import { json, notFound, time } from './reply.ts';
import type { GitLabProject, GitLabUser } from './state.ts';

/** GET user: who the token speaks for. */
export function getCurrentUser(call: Call): SandboxResponse {
  const { user } = call;
  return json(200, { ...renderUser(user), email: user.email, commit_email: user.email, is_admin: false, bot: false, external: false });
}

export function listUsers(call: Call): SandboxResponse {
  const name = call.query.get('username');
  const search = call.query.get('search')?.toLowerCase() ?? '';
  const users = Object.values(call.state.users).filter(
    (user) =>
      (name === null || user.username.toLowerCase() === name.toLowerCase()) &&
      `${user.username} ${user.name}`.toLowerCase().includes(search),
  );
  return offsetPage(call, users, renderUser);
}

export function getUser(call: Call): SandboxResponse {
  return json(200, renderUser(userById(call)));
}

export function listProjects(call: Call): SandboxResponse {
  const search = call.query.get('search')?.toLowerCase() ?? '';
  const mine = Object.values(call.state.projects).filter((project) => project.members[call.user.username] !== undefined);
  const found = mine.filter((project) => project.path.toLowerCase().includes(search));
  return offsetPage(call, found, (project) => renderProject(project, project.members[call.user.username] ?? 0));
}

export function getProject(call: Call): SandboxResponse {
  const project = projectOf(call, GUEST);
  return json(200, renderProject(project, project.members[call.user.username] ?? 0));
}

export function listMembers(call: Call): SandboxResponse {
  const project = projectOf(call, GUEST);
  const query = call.query.get('query')?.toLowerCase() ?? '';
  const users = Object.keys(project.members).flatMap((name) => call.state.users[name] ?? []);
  return offsetPage(
    call,
    users.filter((user) => `${user.username} ${user.name}`.toLowerCase().includes(query)),
    (user) => renderMember(project, user),
  );
}

export function getMember(call: Call): SandboxResponse {
  const project = projectOf(call, GUEST);
  const user = userById(call);
  return project.members[user.username] === undefined ? notFound('Member') : json(200, renderMember(project, user));
}

/** GET version: what the sandbox speaks as. */
export function getVersion(): SandboxResponse {
  return json(200, { version: '18.6.1-ee', revision: 'a1b2c3d4e5f' });
}

/** GET personal_access_tokens/self: the token's own scopes. */
export function getOwnToken(call: Call): SandboxResponse {
  return json(200, {
    id: call.user.id,
    name: call.user.username,
    revoked: false,
    created_at: time(0),
    scopes: ['api'],
    user_id: call.user.id,
    active: true,
    expires_at: null,
  });
}

function userById(call: Call): GitLabUser {
  const user = Object.values(call.state.users).find((one) => String(one.id) === call.parameters.user);
  return user ?? notFound('User');
}

function renderMember(project: GitLabProject, user: GitLabUser): Record<string, unknown> {
  return { ...renderUser(user), access_level: project.members[user.username] ?? 0, expires_at: null, membership_state: 'active' };
}
