import type { SandboxResponse } from '../system.ts';
import { type Call, projectOf } from './call.ts';
import { findCommit } from './history.ts';
import { entryAt } from './objects.ts';
import { keysetPage, offsetPage } from './pages.ts';
import { json, notFound, refuse } from './reply.ts';
import type { GitLabProject } from './state.ts';

interface Item {
  readonly id: string;
  readonly name: string;
  readonly type: 'blob' | 'tree';
  readonly path: string;
}

/**
 * GET tree of a folder: folders first, then files; `recursive` lists everything below, still all folders first.
 * In pages by number, by token (`pagination=keyset`), or all at once (`none`).
 */
export function getTree(call: Call): SandboxResponse {
  const project = projectOf(call);
  const commit = findCommit(project, call.query.get('ref') ?? 'HEAD');
  if (commit === null) return notFound('Tree');
  const path = (call.query.get('path') ?? '').replace(/\/+$/, '');
  const folder = entryAt(project, commit.tree, path);
  if (folder?.type !== 'tree') return notFound('invalid revision or path');
  const recursive = /^(true|1|yes)$/.test(call.query.get('recursive') ?? '');
  const pagination = call.query.get('pagination') ?? 'legacy';
  if (!['legacy', 'keyset', 'none'].includes(pagination)) refuse(400, { error: 'pagination does not have a valid value' });
  if (pagination === 'none' && !recursive) refuse(400, { error: 'pagination cannot be "none" unless "recursive" is true' });
  const inOrder = list(project, folder.sha, path === '' ? '' : `${path}/`, recursive);
  const items = [...inOrder.filter(({ type }) => type === 'tree'), ...inOrder.filter(({ type }) => type === 'blob')];
  const render = (item: Item): unknown => ({ ...item, mode: item.type === 'tree' ? '040000' : '100644' });
  if (pagination === 'none') return json(200, items.map(render));
  if (pagination === 'keyset') {
    return keysetPage(call, items, { token: ({ path: at }) => Buffer.from(at).toString('base64url'), id: ({ id }) => id }, render);
  }
  return offsetPage(call, items, render);
}

/** Entries by name as Git orders them (a folder as if its name ended with a slash), each folder followed by what lies in it. */
function list(project: GitLabProject, tree: string, prefix: string, recursive: boolean): Item[] {
  const sortName = ({ name, type }: Item): string => (type === 'tree' ? `${name}/` : name);
  return Object.entries(project.trees[tree] ?? {})
    .map(([name, entry]): Item => ({ id: entry.sha, name, type: entry.type, path: prefix + name }))
    .toSorted((a, b) => (sortName(a) < sortName(b) ? -1 : 1))
    .flatMap((item) => (recursive && item.type === 'tree' ? [item, ...list(project, item.id, `${item.path}/`, true)] : [item]));
}
