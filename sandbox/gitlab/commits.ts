import type { SandboxResponse } from '../system.ts';
import { allows, type Call, DEVELOPER, filled, flag, present, projectOf, text } from './call.ts';
import { type CommitAction, commitActions, ENCODINGS } from './commit-actions.ts';
import { lineStats, renderDiff } from './diff.ts';
import { ancestors, findCommit, lastCommitFor, mergeBase } from './history.ts';
import { differences, entryAt } from './objects.ts';
import { countlessPage, offsetPage } from './pages.ts';
import { renderCommit, WEB } from './render.ts';
import { badRequest, forbidden, json, notFound, refuse } from './reply.ts';
import type { Commit, GitLabProject } from './state.ts';

/** GET commits of `ref_name`, newest first; with `path`, those that changed it. `a..b` names what `b` has and `a` hasn't. */
export function listCommits(call: Call): SandboxResponse {
  const project = projectOf(call);
  const [without, name] = rangeOf(call.query.get('ref_name') ?? 'HEAD');
  const [start, end] = [findCommit(project, name), without === null ? null : findCommit(project, without)];
  if (start === null || (without !== null && end === null)) return notFound('Commit');
  const path = call.query.get('path') ?? '';
  const past = new Set([...ancestors(project, end?.sha ?? '')].map(({ sha }) => sha));
  const commits = [...ancestors(project, start.sha)].filter(
    (commit) => !past.has(commit.sha) && (path === '' || changes(project, commit, path)),
  );
  return countlessPage(call, commits, (commit) => renderCommit(project, commit));
}

export function getCommit(call: Call): SandboxResponse {
  const { project, commit } = named(call);
  const stats = lineStats(project, differences(project, parentTree(project, commit), commit.tree));
  return json(200, { ...renderCommit(project, commit), stats, status: null, project_id: project.id, last_pipeline: null });
}

export function getCommitDiff(call: Call): SandboxResponse {
  const { project, commit } = named(call);
  return offsetPage(call, differences(project, parentTree(project, commit), commit.tree), (one) => renderDiff(project, one));
}

/** POST commits: several actions, one commit, all or nothing. */
export function createCommit(call: Call): SandboxResponse {
  const project = projectOf(call, DEVELOPER);
  const [startBranch, startSha] = [text(call, 'start_branch'), text(call, 'start_sha')];
  if (startBranch !== undefined && startSha !== undefined) refuse(400, { error: 'start_branch, start_sha are mutually exclusive' });
  const { branch } = filled(call, 'branch');
  const request = {
    branch,
    message: present(call, 'commit_message'),
    startBranch,
    startSha,
    force: flag(call, 'force'),
    authorName: text(call, 'author_name'),
    authorEmail: text(call, 'author_email'),
    actions: actionsOf(call.body.actions),
  };
  if (!allows(project, call.user, branch, 'push')) forbidden('You are not allowed to push into this branch');
  const commit = commitActions(call, project, request);
  const stats = lineStats(project, differences(project, parentTree(project, commit), commit.tree));
  return json(201, { ...renderCommit(project, commit), stats, status: null, project_id: project.id, last_pipeline: null });
}

/** GET compare: the commits that `to` has and `from` hasn't, and the diff from their merge base (or, `straight`, from `from` itself). */
export function compare(call: Call): SandboxResponse {
  const project = projectOf(call);
  const [fromName, toName] = [call.query.get('from'), call.query.get('to')];
  if (fromName === null) return refuse(400, { error: 'from is missing' });
  if (toName === null) return refuse(400, { error: 'to is missing' });
  const [from, to] = [findCommit(project, fromName), findCommit(project, toName)];
  if (from === null || to === null) return notFound('Ref');
  const base = call.query.get('straight') === 'true' ? from : mergeBase(project, to.sha, from.sha);
  const past = new Set([...ancestors(project, from.sha)].map((one) => one.sha));
  const commits = [...ancestors(project, to.sha)].filter((one) => !past.has(one.sha)).reverse();
  return json(200, {
    commit: commits.length === 0 ? null : renderCommit(project, to),
    commits: commits.map((one) => renderCommit(project, one)),
    diffs: differences(project, base?.tree ?? null, to.tree).map((one) => renderDiff(project, one)),
    compare_timeout: false,
    compare_same_ref: from.sha === to.sha,
    web_url: `${WEB}/${project.path}/-/compare/${encodeURIComponent(fromName)}...${encodeURIComponent(toName)}`,
  });
}

/** GET merge_base of two or more refs. */
export function getMergeBase(call: Call): SandboxResponse {
  const project = projectOf(call);
  const refs = call.query.getAll('refs[]');
  if (refs.length === 0) return refuse(400, { error: 'refs is missing' });
  if (refs.length === 1) return badRequest('Provide at least 2 refs');
  const unknown = refs.filter((ref) => findCommit(project, ref) === null);
  if (unknown.length > 0) return badRequest(`Could not find ${unknown.length === 1 ? 'ref' : 'refs'}: ${unknown.join(', ')}`);
  const commits = refs.flatMap((ref) => findCommit(project, ref) ?? []);
  const base = commits.reduce<Commit | null>(
    (found, one) => (found === null ? null : mergeBase(project, found.sha, one.sha)),
    commits[0] as Commit,
  );
  return base === null ? notFound('Merge Base') : json(200, renderCommit(project, base));
}

/** The two ends of a revision range, either of which may be left out for the default branch; one ref alone has no start. */
function rangeOf(refName: string): readonly [string | null, string] {
  const range = /^(.*?)\.\.(?!\.)(.*)$/.exec(refName);
  return range === null ? [null, refName] : [range[1] || 'HEAD', range[2] || 'HEAD'];
}

function named(call: Call): { project: GitLabProject; commit: Commit } {
  const project = projectOf(call);
  const commit = findCommit(project, call.parameters.sha ?? '');
  return commit === null ? notFound('Commit') : { project, commit };
}

function parentTree(project: GitLabProject, commit: Commit): string | null {
  return project.commits[commit.parents[0] ?? '']?.tree ?? null;
}

function changes(project: GitLabProject, commit: Commit, path: string): boolean {
  if (entryAt(project, commit.tree, path) !== null) return lastCommitFor(project, commit.sha, path)?.sha === commit.sha;
  return commit.parents.some((parent) => entryAt(project, project.commits[parent]?.tree ?? '', path) !== null);
}

const ACTIONS = ['create', 'update', 'move', 'delete', 'chmod'];
const ACTION_MEMBERS = ['action', 'file_path', 'previous_path', 'content', 'encoding', 'last_commit_id', 'execute_filemode'];

function actionsOf(value: unknown): CommitAction[] {
  if (!Array.isArray(value)) return refuse(400, { error: 'actions is missing' });
  if (value.length === 0) return refuse(400, { error: 'actions is empty' });
  return value.map((item: Record<string, unknown>, index) => {
    const unknown = Object.keys(item).find((name) => !ACTION_MEMBERS.includes(name));
    if (unknown !== undefined) refuse(400, { error: `actions[${index}][${unknown}] is invalid` });
    const member = (name: string): string | undefined => (item[name] === undefined || item[name] === null ? undefined : String(item[name]));
    const wrong = (name: string, what: string): never => refuse(400, { error: `actions[${index}][${name}] ${what}` });
    const [action, path, encoding] = [member('action'), member('file_path'), member('encoding')];
    if (action === undefined) return wrong('action', 'is missing');
    if (!ACTIONS.includes(action)) return wrong('action', 'does not have a valid value');
    if (action === 'chmod') return refuse(501, { message: '501 Not Implemented: the sandbox keeps no file modes' });
    if (path === undefined) return wrong('file_path', 'is missing');
    if (action === 'move' && member('previous_path') === undefined) return wrong('previous_path', 'is missing');
    if (action === 'update' && member('content') === undefined) return wrong('content', 'is missing');
    if (encoding !== undefined && !ENCODINGS.includes(encoding)) return wrong('encoding', 'does not have a valid value');
    return {
      action,
      path,
      previousPath: member('previous_path'),
      content: member('content'),
      encoding,
      lastCommitId: member('last_commit_id'),
    };
  });
}
