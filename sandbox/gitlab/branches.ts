import type { SandboxResponse } from '../system.ts';
import { allows, type Call, DEVELOPER, filled, MAINTAINER, projectOf, text } from './call.ts';
import { ancestors, findCommit } from './history.ts';
import { headMoved } from './merge-status.ts';
import { offsetPage } from './pages.ts';
import { renderCommit, WEB } from './render.ts';
import { badRequest, forbidden, json, noContent, notFound, refuse } from './reply.ts';
import type { GitLabProject, GitLabUser, ProtectedBranch } from './state.ts';

/** GET branches: by name; `search` takes a part of the name, `^start` or `end$`; `regex` a regular expression. */
export function listBranches(call: Call): SandboxResponse {
  const project = projectOf(call);
  const wanted = branchFilter(call.query);
  const names = Object.keys(project.branches).filter(wanted).sort();
  return offsetPage(call, names, (name) => renderBranch(project, call.user, name));
}

export function getBranch(call: Call): SandboxResponse {
  const project = projectOf(call);
  const name = call.parameters.branch ?? '';
  if (!Object.hasOwn(project.branches, name)) notFound('Branch');
  return json(200, renderBranch(project, call.user, name));
}

/** POST branches: `branch` and `ref`, in the query or the body; a taken name is a 400. */
export function createBranch(call: Call): SandboxResponse {
  const project = projectOf(call, DEVELOPER);
  const { branch: name, ref } = filled(call, 'branch', 'ref');
  if (!isBranchName(name)) badRequest('Branch name is invalid');
  if (Object.hasOwn(project.branches, name)) badRequest('Branch already exists');
  const from = findCommit(project, ref);
  if (from === null) return badRequest(`Failed to create branch '${name}': invalid reference name '${ref}'`);
  if (!allows(project, call.user, name, 'push')) forbidden();
  project.branches[name] = from.sha;
  headMoved(call.sandbox, project, name);
  return json(201, renderBranch(project, call.user, name));
}

export function deleteBranch(call: Call): SandboxResponse {
  const project = projectOf(call, DEVELOPER);
  const name = call.parameters.branch ?? '';
  if (!Object.hasOwn(project.branches, name)) notFound('Branch');
  if (name === project.defaultBranch) return badRequest('The default branch of a project cannot be deleted.');
  if (project.protectedBranches[name] !== undefined && (project.members[call.user.username] ?? 0) < MAINTAINER) {
    return badRequest(
      'You are not allowed to delete protected branches from this project. Only a project maintainer or owner can delete a protected branch.',
    );
  }
  delete project.branches[name];
  return noContent;
}

export function listProtectedBranches(call: Call): SandboxResponse {
  const project = projectOf(call, MAINTAINER);
  const names = Object.keys(project.protectedBranches).sort();
  return offsetPage(call, names, (name) => renderProtected(project, name));
}

export function getProtectedBranch(call: Call): SandboxResponse {
  const project = projectOf(call, MAINTAINER);
  const name = call.parameters.name ?? '';
  if (project.protectedBranches[name] === undefined) refuse(404, { message: '404 Not found' });
  return json(200, renderProtected(project, name));
}

/** POST protected_branches: who may push and merge, by access level; maintainers unless said otherwise. */
export function protectBranch(call: Call): SandboxResponse {
  const project = projectOf(call, MAINTAINER);
  const { name } = filled(call, 'name');
  if (project.protectedBranches[name] !== undefined) refuse(409, { message: `Protected branch '${name}' already exists` });
  project.protectedBranches[name] = { push: levelOf(call, 'push_access_level'), merge: levelOf(call, 'merge_access_level') };
  return json(201, renderProtected(project, name));
}

export function unprotectBranch(call: Call): SandboxResponse {
  const project = projectOf(call, MAINTAINER);
  const name = call.parameters.name ?? '';
  if (project.protectedBranches[name] === undefined) refuse(404, { message: '404 Not found' });
  delete project.protectedBranches[name];
  return noContent;
}

function levelOf(call: Call, name: string): ProtectedBranch['push'] {
  const level = text(call, name) ?? String(MAINTAINER);
  const known = ([0, DEVELOPER, MAINTAINER] as const).find((one) => String(one) === level);
  return known ?? refuse(400, { error: `${name} does not have a valid value` });
}

function renderBranch(project: GitLabProject, user: GitLabUser, name: string): Record<string, unknown> {
  const commit = project.commits[project.branches[name] ?? ''];
  const protection = project.protectedBranches[name];
  const defaultHead = project.branches[project.defaultBranch] ?? '';
  const merged = name !== project.defaultBranch && [...ancestors(project, defaultHead)].some((one) => one.sha === commit?.sha);
  return {
    name,
    commit: commit === undefined ? null : renderCommit(project, commit),
    merged,
    protected: protection !== undefined,
    default: name === project.defaultBranch,
    // What protection grants them; an unprotected branch grants nothing in this sense, though they may push.
    developers_can_push: protection?.push === DEVELOPER,
    developers_can_merge: protection?.merge === DEVELOPER,
    can_push: allows(project, user, name, 'push'),
    web_url: `${WEB}/${project.path}/-/tree/${name}`,
  };
}

function renderProtected(project: GitLabProject, name: string): Record<string, unknown> {
  const protection = project.protectedBranches[name];
  const level = (access: number): unknown => ({
    access_level: access,
    access_level_description: LEVELS[access] ?? 'No one',
    user_id: null,
    group_id: null,
  });
  return {
    name,
    push_access_levels: [level(protection?.push ?? 0)],
    merge_access_levels: [level(protection?.merge ?? 0)],
    allow_force_push: false,
    code_owner_approval_required: false,
  };
}

const LEVELS: Readonly<Record<number, string>> = { 0: 'No one', 30: 'Developers + Maintainers', 40: 'Maintainers' };

function branchFilter(query: URLSearchParams): (name: string) => boolean {
  const search = query.get('search') ?? '';
  if (search.startsWith('^')) return (name) => name.startsWith(search.slice(1));
  if (search.endsWith('$')) return (name) => name.endsWith(search.slice(0, -1));
  return (name) => name.toLowerCase().includes(search.toLowerCase());
}

/** The rules of `git check-ref-format` that a branch name meets in practice. */
export function isBranchName(name: string): boolean {
  return !/[\s~^:?*[\\\x7f]|\.\.|@\{|\/\/|^[-/]|[/.]$|\.lock(\/|$)|(^|\/)\./.test(name) && name !== '@' && name.length < 245;
}
