import { createHash } from 'node:crypto';

/** The id Git gives a file's content: SHA-1, or SHA-256 in repositories of that object format (`like`: another id of the same repository). */
export function gitBlobId(content: string | Uint8Array, like = ''): string {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
