import type { Sandbox, SandboxRequest } from '../system.ts';
import { forbidden, notFound, refuse } from './reply.ts';
import type { AccessLevel, GitLabProject, GitLabState, GitLabUser } from './state.ts';

/** One authenticated request. */
export interface Call {
  readonly sandbox: Sandbox;
  readonly state: GitLabState;
  readonly user: GitLabUser;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of a write: what stands in its query and in its body. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly url: string;
}

export const GUEST = 10;
export const REPORTER = 20;
export const DEVELOPER = 30;
export const MAINTAINER = 40;

/** Who the token speaks for: `PRIVATE-TOKEN`, or a bearer token; null without one. */
export function authenticate(state: GitLabState, headers: SandboxRequest['headers']): GitLabUser | null {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  const token = [headers['private-token']].flat()[0] ?? bearer;
  if (token === undefined) return null;
  const user = state.users[state.tokens[token] ?? ''];
  if (user !== undefined) return user;
  if (bearer !== undefined)
    return refuse(401, { error: 'invalid_token', error_description: 'Token was revoked. You have to re-authorize from the user.' });
  return refuse(401, { message: '401 Unauthorized' });
}

/** The project of the path, by id or full path. One that the user doesn't see is not found. */
export function projectOf(call: Call, level: AccessLevel = REPORTER): GitLabProject {
  const id = call.parameters.id ?? '';
  const project = call.state.projects[id] ?? Object.values(call.state.projects).find((one) => String(one.id) === id);
  const access = project?.members[call.user.username];
  if (project === undefined || access === undefined) return notFound('Project');
  if (access < level) return forbidden();
  return project;
}

/** Whether the branch's protection lets the user do this. */
export function allows(project: GitLabProject, user: GitLabUser, branch: string, what: 'push' | 'merge'): boolean {
  const access = project.members[user.username] ?? 0;
  if (access < DEVELOPER) return false;
  const protection = project.protectedBranches[branch];
  if (protection === undefined) return true;
  const needed = protection[what];
  return needed !== 0 && access >= needed;
}

export function text(call: Call, name: string): string | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') return refuse(400, { error: `${name} is invalid` });
  return String(value);
}

/** A parameter that must be there, blank or not. */
export function present(call: Call, name: string): string {
  return text(call, name) ?? refuse(400, { error: `${name} is missing` });
}

/** Parameters that must be there and not blank; one refusal names the mistakes of all of them, and a missing one is called empty too. */
export function filled<Name extends string>(call: Call, ...names: readonly Name[]): Record<Name, string> {
  const values = names.map((name) => [name, text(call, name)] as const);
  const mistakes = values.flatMap(([name, value]) => [
    ...(value === undefined ? [`${name} is missing`] : []),
    ...(value === undefined || value.trim() === '' ? [`${name} is empty`] : []),
  ]);
  if (mistakes.length > 0) refuse(400, { error: mistakes.join(', ') });
  return Object.fromEntries(values) as Record<Name, string>;
}

/** One of a few words, where it is given. */
export function choice(call: Call, name: string, values: readonly string[]): string | undefined {
  const value = text(call, name);
  if (value !== undefined && !values.includes(value)) refuse(400, { error: `${name} does not have a valid value` });
  return value;
}

export function flag(call: Call, name: string): boolean | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(400, { error: `${name} is invalid` });
}

/** A list given as an array or separated by commas. */
export function list(value: unknown): string[] {
  const items = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

export function nextId(state: GitLabState): number {
  state.lastId += 1;
  return state.lastId;
}
