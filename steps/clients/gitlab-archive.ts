import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { unpackTar } from 'modern-tar';
import { EksDrError } from '../kit/errors.ts';

/** Of the archive as it comes, and once more of what it unpacks to. Templates are text; a whole repository may be anything. */
const MOST_BYTES = 64 * 2 ** 20;

export interface ArchivePlace {
  readonly project: string;
  readonly ref: string;
  readonly folder: string;
}

/**
 * The bytes of each file below a folder, by its path from the root. Left out are links, and what the repository keeps out of archives;
 * what it fills in for them (`export-subst`) differs from the file. A GitLab that can't pack says so in the middle, by ending too early.
 *
 * Source: https://docs.gitlab.com/api/repositories/#get-file-archive. Fails as calls of \@gitbeaker/rest do, whose own way of doing this waits
 * out the limit of archives.
 */
export async function downloadArchive(
  { url, token, seconds }: { readonly url: string; readonly token: string; readonly seconds: number },
  { project, ref, folder }: ArchivePlace,
): Promise<Map<string, Uint8Array>> {
  const address = new URL(`${url}/api/v4/projects/${encodeURIComponent(project)}/repository/archive.tar.gz`);
  address.search = new URLSearchParams({ sha: ref, path: folder, include_lfs_blobs: 'false' }).toString();
  const headers = { 'PRIVATE-TOKEN': token };
  // A redirect could take the token to another host.
  const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(1000 * seconds) });
  if (!response.ok) {
    const description = await response.text();
    throw Object.assign(new Error(description), { cause: { description, response: { status: response.status } } });
  }
  return unpacked(await bytesOf(response, ref), ref, folder);
}

async function bytesOf({ body }: Response, ref: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) throw tooLarge(ref);
  }
  return Buffer.concat(chunks);
}

async function unpacked(bytes: Buffer, ref: string, folder: string): Promise<Map<string, Uint8Array>> {
  const tar = await promisify(gunzip)(bytes, { maxOutputLength: MOST_BYTES }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(ref);
    throw broken(ref, cause);
  });
  const entries = await unpackTar(tar, { strict: true, strip: 1, filter: ({ type }) => type === 'file' }).catch((cause: unknown) => {
    throw broken(ref, cause);
  });
  const below = folder === '' ? '' : `${folder}/`;
  // Versions of GitLab that don't know `path` pack everything.
  return new Map(entries.flatMap(({ header: { name }, data }) => (name.startsWith(below) ? [[name, data ?? new Uint8Array()]] : [])));
}

function tooLarge(ref: string): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The archive of ${ref} is larger than ${MOST_BYTES / 2 ** 20} MiB.`,
    target: ref,
    remedy: 'Keep the templates in a folder without large files.',
  });
}

function broken(ref: string, cause: unknown): EksDrError {
  return new EksDrError('remote-answer-invalid', { message: `The archive of ${ref} is no whole tar.gz.`, target: ref, cause });
}
