import { createHash } from 'node:crypto';
import type { Blob, GitLabProject, Tree, TreeEntry } from './state.ts';

type Objects = Pick<GitLabProject, 'trees' | 'blobs'>;

/** Stores bytes the way Git names them and gives the blob's id. */
export function putBlob(objects: Objects, bytes: Buffer): string {
  const sha = gitHash('blob', bytes);
  objects.blobs[sha] ??= toBlob(bytes);
  return sha;
}

export function readBytes(blob: Blob): Buffer {
  return 'text' in blob ? Buffer.from(blob.text, 'utf8') : Buffer.from(blob.base64, 'base64');
}

function toBlob(bytes: Buffer): Blob {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

/** Stores a folder and gives its id. */
export function putTree(objects: Objects, tree: Tree): string {
  const names = Object.keys(tree).sort((a, b) => compareBytes(sortName(a, tree[a]), sortName(b, tree[b])));
  const parts = names.map((name) => {
    const entry = tree[name] as TreeEntry;
    return Buffer.concat([Buffer.from(`${entry.type === 'tree' ? '40000' : '100644'} ${name}\0`), Buffer.from(entry.sha, 'hex')]);
  });
  const sha = gitHash('tree', Buffer.concat(parts));
  objects.trees[sha] ??= Object.fromEntries(names.map((name) => [name, tree[name] as TreeEntry]));
  return sha;
}

/** What is at a path below a tree; the empty path is the tree itself. */
export function entryAt(objects: Objects, tree: string, path: string): TreeEntry | null {
  let entry: TreeEntry = { type: 'tree', sha: tree };
  for (const name of path.split('/').filter((part) => part !== '')) {
    const next: TreeEntry | undefined = entry.type === 'tree' ? objects.trees[entry.sha]?.[name] : undefined;
    if (next === undefined) return null;
    entry = next;
  }
  return entry;
}

/** Writes blobs (null removes) at paths; folders that don't change are shared, empty ones vanish. Gives the new tree's id. */
export function writePaths(objects: Objects, tree: string | null, changes: Readonly<Record<string, string | null>>): string {
  const result: Tree = { ...(tree === null ? {} : objects.trees[tree]) };
  const below: Record<string, Record<string, string | null>> = {};
  for (const [path, sha] of Object.entries(changes)) {
    const slash = path.indexOf('/');
    if (slash >= 0) {
      const folder = path.slice(0, slash);
      below[folder] ??= {};
      below[folder][path.slice(slash + 1)] = sha;
    } else if (sha === null) delete result[path];
    else result[path] = { type: 'blob', sha };
  }
  for (const [folder, inner] of Object.entries(below)) {
    const old = result[folder];
    const sha = writePaths(objects, old?.type === 'tree' ? old.sha : null, inner);
    if (Object.keys(objects.trees[sha] ?? {}).length === 0) delete result[folder];
    else result[folder] = { type: 'tree', sha };
  }
  return putTree(objects, result);
}

/** Every blob below a tree by its path, in the order Git lists them. */
export function* walk(objects: Objects, tree: string, prefix = ''): Generator<{ path: string; sha: string }> {
  for (const [name, entry] of Object.entries(objects.trees[tree] ?? {})) {
    if (entry.type === 'blob') yield { path: prefix + name, sha: entry.sha };
    else yield* walk(objects, entry.sha, `${prefix}${name}/`);
  }
}

/** The paths at which two trees differ, with the blob on either side. Equal folders are never looked into. */
export function differences(objects: Objects, before: string | null, after: string | null, prefix = ''): Difference[] {
  if (before === after) return [];
  const old = before === null ? {} : (objects.trees[before] ?? {});
  const now = after === null ? {} : (objects.trees[after] ?? {});
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort(compareBytes);
  return names.flatMap((name) => {
    const [a, b] = [old[name], now[name]];
    if (a?.sha === b?.sha && a?.type === b?.type) return [];
    const path = prefix + name;
    const inner =
      a?.type === 'tree' || b?.type === 'tree'
        ? differences(objects, a?.type === 'tree' ? a.sha : null, b?.type === 'tree' ? b.sha : null, `${path}/`)
        : [];
    const [blobBefore, blobAfter] = [a?.type === 'blob' ? a.sha : null, b?.type === 'blob' ? b.sha : null];
    return blobBefore === null && blobAfter === null ? inner : [{ path, before: blobBefore, after: blobAfter }, ...inner];
  });
}

export interface Difference {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function gitHash(type: string, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

// Git sorts a folder as if its name ended in a slash.
function sortName(name: string, entry: TreeEntry | undefined): string {
  return entry?.type === 'tree' ? `${name}/` : name;
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
