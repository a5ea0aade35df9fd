import { createHash } from 'node:crypto';
import { awsFault } from '../aws/fault.ts';
import { requestId } from '../aws/request-id.ts';
import type { Sandbox, SandboxRequest, SandboxResponse } from '../system.ts';
import { checkChecksums, uploadedBody } from './body.ts';
import { rangeOf } from './range.ts';
import type { S3Bucket, S3Object } from './state.ts';

const unquote = (etag: string): string => etag.trim().replace(/^"|"$/g, '');

function header(request: SandboxRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** Conditional writes, as S3 documents them: `If-None-Match: *` and `If-Match: <etag>`. */
function checkConditions(request: SandboxRequest, key: string, existing: S3Object | undefined): void {
  const noneMatch = header(request, 'if-none-match');
  const match = header(request, 'if-match');
  const failed = (condition: string): Error =>
    awsFault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: condition });
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw awsFault(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented', {
      Header: 'If-None-Match',
    });
  }
  if (noneMatch === '*' && existing) throw failed('If-None-Match');
  if (match === undefined) return;
  if (!existing) throw awsFault(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
  if (match !== '*' && unquote(match) !== existing.etag) throw failed('If-Match');
}

function metadataOf(request: SandboxRequest): Record<string, string> {
  const prefix = 'x-amz-meta-';
  const entries = Object.entries(request.headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}

export function putObject(bucket: S3Bucket, key: string, request: SandboxRequest, { clock }: Sandbox): SandboxResponse {
  checkConditions(request, key, bucket.objects[key]);
  const body = uploadedBody(request);
  checkChecksums(request, body);
  const etag = createHash('md5').update(body).digest('hex');
  bucket.objects[key] = {
    body: body.toString('base64'),
    etag,
    contentType: header(request, 'content-type') ?? 'binary/octet-stream',
    metadata: metadataOf(request),
    lastModified: clock.now(),
  };
  return { status: 200, headers: { etag: `"${etag}"`, 'x-amz-request-id': requestId(), 'x-amz-server-side-encryption': 'AES256' } };
}

/** GetObject and HeadObject. */
export function getObject(bucket: S3Bucket, key: string, request: SandboxRequest): SandboxResponse {
  const object = bucket.objects[key];
  if (!object) throw awsFault(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
  const body = Buffer.from(object.body, 'base64');
  const headers: Record<string, string> = {
    etag: `"${object.etag}"`,
    'content-type': object.contentType,
    'content-length': String(body.length),
    'last-modified': new Date(object.lastModified).toUTCString(),
    'accept-ranges': 'bytes',
    'x-amz-request-id': requestId(),
    'x-amz-server-side-encryption': 'AES256',
    ...Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
  const match = header(request, 'if-match');
  const noneMatch = header(request, 'if-none-match');
  if (match !== undefined && unquote(match) !== object.etag) {
    throw awsFault(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: 'If-Match' });
  }
  if (noneMatch !== undefined && unquote(noneMatch) === object.etag) return { status: 304, headers: { etag: `"${object.etag}"` } };
  const range = rangeOf(header(request, 'range'), body.length);
  if (range === null) return { status: 200, headers, body };
  const part = body.subarray(range.first, range.last + 1);
  const place = { 'content-length': String(part.length), 'content-range': `bytes ${range.first}-${range.last}/${body.length}` };
  return { status: 206, headers: { ...headers, ...place }, body: part };
}

/** DeleteObject: deleting what is not there succeeds, unless `If-Match` asks for a version of it. */
export function deleteObject(bucket: S3Bucket, key: string, request: SandboxRequest): SandboxResponse {
  if (header(request, 'if-match') !== undefined) checkConditions(request, key, bucket.objects[key]);
  delete bucket.objects[key];
  return { status: 204, headers: { 'x-amz-request-id': requestId() } };
}
