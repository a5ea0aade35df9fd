import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { awsFault } from '../aws/fault.ts';
import type { SandboxRequest } from '../system.ts';

/** The content of an upload; `aws-chunked` bodies are put together. Chunk signatures and trailers are not checked. */
export function uploadedBody(request: SandboxRequest): Buffer {
  const encoding = request.headers['content-encoding'] ?? '';
  if (!encoding.split(',').some((each) => each.trim() === 'aws-chunked')) return request.body;
  const chunks: Buffer[] = [];
  let at = 0;
  while (at < request.body.length) {
    const end = request.body.indexOf('\r\n', at);
    const size = Number.parseInt(request.body.subarray(at, end).toString().split(';')[0] ?? '', 16);
    if (end < 0 || Number.isNaN(size)) throw awsFault(400, 'IncompleteBody', 'The request body is not aws-chunked.');
    if (size === 0) break;
    chunks.push(request.body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
  return Buffer.concat(chunks);
}

function base64Crc32(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body) >>> 0);
  return bytes.toString('base64');
}

/** Refuses an upload whose content isn't what its checksum headers say. */
export function checkChecksums(request: SandboxRequest, body: Buffer): void {
  const expectations = [
    ['content-md5', 'BadDigest', () => createHash('md5').update(body).digest('base64')],
    ['x-amz-checksum-crc32', 'BadDigest', () => base64Crc32(body)],
    ['x-amz-checksum-sha256', 'BadDigest', () => createHash('sha256').update(body).digest('base64')],
  ] as const;
  for (const [header, code, actual] of expectations) {
    const expected = request.headers[header];
    if (expected !== undefined && expected !== actual())
      throw awsFault(400, code, `The ${header} you specified did not match what we received.`);
  }
}
