import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import type { SandboxResponse } from '../system.ts';
import { type Call, projectOf } from './call.ts';
import { attributesOf } from './export-attributes.ts';
import { findCommit } from './history.ts';
import { entryAt, readBytes, walk } from './objects.ts';
import { countArchive } from './rate-limit.ts';
import { notFound, refuse } from './reply.ts';
import type { Commit, GitLabProject } from './state.ts';

/** How an address may end, and what such a file is. Whatever isn't said is a tar.gz. */
export const ARCHIVE_SUFFIXES: Readonly<Record<string, 'tar.gz' | 'tar' | 'tar.bz2' | 'zip'>> = {
  '': 'tar.gz',
  '.tar.gz': 'tar.gz',
  '.tgz': 'tar.gz',
  '.gz': 'tar.gz',
  '.tar': 'tar',
  '.tar.bz2': 'tar.bz2',
  '.tbz': 'tar.bz2',
  '.tbz2': 'tar.bz2',
  '.tb2': 'tar.bz2',
  '.bz2': 'tar.bz2',
  '.zip': 'zip',
};

/**
 * GET archive: the files of a commit below one top folder, of `path` alone where it is given. It says 404 for a ref that it doesn't know;
 * a path that it doesn't know comes too late for that, since the answer has begun: it has no body.
 */
export function getArchive(suffix: string): (call: Call) => SandboxResponse | Promise<SandboxResponse> {
  const format = ARCHIVE_SUFFIXES[suffix] ?? 'tar.gz';
  return (call) => {
    const project = projectOf(call);
    countArchive(call.sandbox, call.user, project.path);
    const ref = call.query.get('sha') || project.defaultBranch;
    const commit = findCommit(project, ref);
    if (commit === null) return notFound('File');
    if (format === 'zip' || format === 'tar.bz2') return refuse(501, { message: `501 Not Implemented: the sandbox packs no ${format}` });
    const path = (call.query.get('path') ?? '').replace(/^\/+|\/+$/g, '');
    const name = [
      project.path.split('/').at(-1),
      ref.replaceAll('/', '-'),
      commit.sha,
      ...(path === '' ? [] : [path.replaceAll('/', '-')]),
    ];
    return pack(project, commit, { top: name.join('-'), path, format });
  };
}

async function pack(
  project: GitLabProject,
  commit: Commit,
  { top, path, format }: { readonly top: string; readonly path: string; readonly format: 'tar' | 'tar.gz' },
): Promise<SandboxResponse> {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${top}.${format}"`,
    'content-transfer-encoding': 'binary',
  };
  if (entryAt(project, commit.tree, path) === null) return { status: 200, headers };
  const tar = Buffer.from(await packTar(entriesOf(project, commit, top, path)));
  return { status: 200, headers, body: format === 'tar' ? tar : gzipSync(tar) };
}

/** As `git archive` writes them: the commit's id first, every folder before what lies in it. */
function entriesOf(project: GitLabProject, commit: Commit, top: string, path: string): TarEntry[] {
  const mtime = new Date(commit.at);
  const comment = ` comment=${commit.sha}\n`;
  const id = `${comment.length + 2}${comment}`;
  const attributes = attributesOf(project, commit);
  const seen = new Set<string>();
  const entries: TarEntry[] = [{ header: { name: 'pax_global_header', type: 'pax-global-header', size: id.length, mtime }, body: id }];
  for (const { path: file, sha } of walk(project, commit.tree)) {
    const below = path === '' || file === path || file.startsWith(`${path}/`);
    const blob = project.blobs[sha];
    if (!below || blob === undefined || attributes.ignores(file)) continue;
    const folders = `${top}/${file}`.split('/').slice(0, -1);
    for (const depth of folders.keys()) {
      const name = `${folders.slice(0, depth + 1).join('/')}/`;
      if (!seen.has(name)) entries.push({ header: { name, type: 'directory', size: 0, mode: 0o775, mtime } });
      seen.add(name);
    }
    const body = attributes.substitutes(file, readBytes(blob));
    entries.push({ header: { name: `${top}/${file}`, type: 'file', size: body.length, mode: 0o664, mtime }, body });
  }
  return entries;
}
