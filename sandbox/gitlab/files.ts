import { createHash } from 'node:crypto';
import type { SandboxResponse } from '../system.ts';
import { type Call, choice, DEVELOPER, filled, present, projectOf, text } from './call.ts';
import { commitActions, ENCODINGS } from './commit-actions.ts';
import { findCommit, lastCommitFor } from './history.ts';
import { entryAt, readBytes } from './objects.ts';
import { badRequest, json, noContent, notFound, refuse } from './reply.ts';
import type { Commit } from './state.ts';

/** GET a file: its content in Base64, its hash, and the last commit that changed it. `ref` is required. */
export function getFile(call: Call): SandboxResponse {
  const file = readFile(call);
  return json(200, { ...describe(file), content: file.bytes.toString('base64') }, headersOf(file));
}

/** HEAD tells the same as headers. */
export function headFile(call: Call): SandboxResponse {
  const file = readFile(call);
  return { status: 200, headers: { 'content-type': 'application/json', ...headersOf(file) } };
}

export function getRawFile(call: Call): SandboxResponse {
  const file = readFile(call, 'HEAD');
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', ...headersOf(file) }, body: file.bytes };
}

/** GET blobs/{sha}: any blob of the repository by its id. */
export function getBlob(call: Call): SandboxResponse {
  const { sha, bytes } = blobOf(call);
  return json(200, { size: bytes.length, encoding: 'base64', content: bytes.toString('base64'), sha });
}

export function getRawBlob(call: Call): SandboxResponse {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: blobOf(call).bytes };
}

function blobOf(call: Call): { readonly sha: string; readonly bytes: Buffer } {
  const project = projectOf(call);
  const sha = call.parameters.sha ?? '';
  const blob = project.blobs[sha];
  return blob === undefined ? notFound('Blob') : { sha, bytes: readBytes(blob) };
}

export function createFile(call: Call): SandboxResponse {
  return writeFile(call, 'create', 201);
}

export function updateFile(call: Call): SandboxResponse {
  return writeFile(call, 'update', 200);
}

export function deleteFile(call: Call): SandboxResponse {
  writeFile(call, 'delete', 204);
  return noContent;
}

function writeFile(call: Call, action: 'create' | 'update' | 'delete', status: number): SandboxResponse {
  const project = projectOf(call, DEVELOPER);
  const path = call.parameters.path ?? '';
  const { branch, commit_message: message } = filled(call, 'branch', 'commit_message');
  if (action !== 'delete') present(call, 'content');
  choice(call, 'encoding', ENCODINGS);
  const lastCommit = text(call, 'last_commit_id');
  guardLastCommit(project, branch, path, lastCommit, action);
  commitActions(call, project, {
    branch,
    message,
    startBranch: text(call, 'start_branch'),
    authorName: text(call, 'author_name'),
    authorEmail: text(call, 'author_email'),
    actions: [{ action, path, content: text(call, 'content'), encoding: text(call, 'encoding') }],
  });
  return json(status, { file_path: path, branch });
}

// The single-file API words this refusal otherwise than the commits API does.
function guardLastCommit(
  project: ReturnType<typeof projectOf>,
  branch: string,
  path: string,
  expected: string | undefined,
  action: 'create' | 'update' | 'delete',
): void {
  const head = project.branches[branch];
  const last = head === undefined ? null : lastCommitFor(project, head, path);
  if (expected === undefined || last === null || last.sha === expected) return;
  badRequest(
    action === 'delete'
      ? 'You are attempting to delete a file that has been previously updated.'
      : 'You are attempting to update a file that has changed since you started editing it.',
  );
}

interface File {
  readonly path: string;
  readonly ref: string;
  readonly blob: string;
  readonly bytes: Buffer;
  readonly commit: Commit;
  readonly last: Commit | null;
}

function readFile(call: Call, fallback?: string): File {
  const project = projectOf(call);
  const ref = call.query.get('ref') ?? fallback;
  if (ref === undefined) return refuse(400, { error: 'ref is missing, ref is empty' });
  if (ref === '') return refuse(400, { error: 'ref is empty' });
  const commit = findCommit(project, ref);
  if (commit === null) return notFound('Commit');
  const path = call.parameters.path ?? '';
  const entry = entryAt(project, commit.tree, path);
  const blob = entry?.type === 'blob' ? project.blobs[entry.sha] : undefined;
  if (entry === null || blob === undefined) return notFound('File');
  return { path, ref, blob: entry.sha, bytes: readBytes(blob), commit, last: lastCommitFor(project, commit.sha, path) };
}

function describe(file: File): Record<string, unknown> {
  return {
    file_name: file.path.split('/').at(-1),
    file_path: file.path,
    size: file.bytes.length,
    encoding: 'base64',
    content_sha256: createHash('sha256').update(file.bytes).digest('hex'),
    ref: file.ref,
    blob_id: file.blob,
    commit_id: file.commit.sha,
    last_commit_id: file.last?.sha ?? file.commit.sha,
    execute_filemode: false,
  };
}

/** The same as headers: X-Gitlab-Blob-Id and so on. */
function headersOf(file: File): Record<string, string> {
  return Object.fromEntries(
    Object.entries(describe(file)).map(([name, value]) => [`x-gitlab-${name.replaceAll('_', '-')}`, String(value)]),
  );
}
