import { awsFault } from '../aws/fault.ts';
import { renderXml } from '../aws/xml.ts';
import type { SandboxRequest, SandboxResponse } from '../system.ts';
import type { S3Bucket } from './state.ts';
import { repeated, s3Document } from './xml.ts';

const known = ['list-type', 'prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'encoding-type', 'fetch-owner', 'x-id'];

function maxKeys(source: string | null): number {
  const value = Number(source ?? 1000);
  if (Number.isInteger(value) && value >= 0) return Math.min(value, 1000);
  throw awsFault(400, 'InvalidArgument', 'Provided max-keys not an integer or within integer range');
}

interface Entry {
  /** A key, or a common prefix. */
  readonly name: string;
  readonly isPrefix: boolean;
}

function entriesOf(keys: readonly string[], prefix: string, delimiter: string | null): Entry[] {
  const entries = new Map<string, Entry>();
  for (const key of keys) {
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const name = cut < 0 ? key : key.slice(0, cut + (delimiter ?? '').length);
    entries.set(name, { name, isPrefix: cut >= 0 });
  }
  return [...entries.values()];
}

const tokenMark = 'after ';

/** The token for the page after this entry. */
function tokenAfter(name: string): string {
  return Buffer.from(tokenMark + name).toString('base64');
}

function entryBefore(token: string): string {
  const name = Buffer.from(token, 'base64').toString();
  if (name.startsWith(tokenMark)) return name.slice(tokenMark.length);
  throw awsFault(400, 'InvalidArgument', 'The continuation token provided is incorrect');
}

/** ListObjectsV2, with prefix, delimiter and pages. */
export function listObjects(name: string, bucket: S3Bucket, { query }: SandboxRequest): SandboxResponse {
  const unknown = [...query.keys()].find((each) => !known.includes(each) && !each.startsWith('X-Amz-'));
  if (unknown !== undefined) throw awsFault(400, 'InvalidArgument', `Unknown query parameter: ${unknown}`);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter');
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : entryBefore(token);
  const size = maxKeys(query.get('max-keys'));
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string): string => text;
  const keys = Object.keys(bucket.objects)
    .filter((key) => key.startsWith(prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const remaining = entriesOf(keys, prefix, delimiter).filter((entry) => entry.name > after);
  const page = remaining.slice(0, size);
  const truncated = remaining.length > page.length;
  const contents = page.flatMap((entry) => {
    const object = entry.isPrefix ? undefined : bucket.objects[entry.name];
    if (!object) return [];
    const lastModified = new Date(object.lastModified).toISOString();
    const bytes = Buffer.from(object.body, 'base64').length;
    return [{ Key: encode(entry.name), LastModified: lastModified, ETag: `"${object.etag}"`, Size: bytes, StorageClass: 'STANDARD' }];
  });
  const prefixes = page.flatMap((entry) => (entry.isPrefix ? [{ Prefix: encode(entry.name) }] : []));
  const head = renderXml({
    Name: name,
    Prefix: encode(prefix),
    Delimiter: delimiter ?? undefined,
    MaxKeys: size,
    KeyCount: page.length,
    IsTruncated: truncated,
    EncodingType: query.get('encoding-type') ?? undefined,
    ContinuationToken: token ?? undefined,
    NextContinuationToken: truncated ? tokenAfter(page.at(-1)?.name ?? '') : undefined,
    StartAfter: query.get('start-after') ?? undefined,
  });
  return s3Document('ListBucketResult', head + repeated('Contents', contents) + repeated('CommonPrefixes', prefixes));
}
