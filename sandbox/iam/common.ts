import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { type QueryCall, queryResponse, structures, text, texts } from '../aws/query.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { SandboxResponse } from '../system.ts';
import { quotas } from './quotas.ts';

/** A successful answer of IAM; `null` for operations without a result. */
export function iamResponse(action: string, result: { readonly [name: string]: XmlValue } | null): SandboxResponse {
  return queryResponse(action, protocols.iam?.xmlns ?? '', result);
}

export function noSuchEntity(what: string): Error {
  return awsFault(404, 'NoSuchEntity', what);
}

export function limitExceeded(quota: string, limit: number): Error {
  return awsFault(409, 'LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`);
}

/** IAM answers documents percent-encoded (RFC 3986). */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A name of at most `maximum` characters out of those IAM takes. */
export function nameIn(call: QueryCall, parameter: string, maximum: number): string {
  const name = text(call.parameters, parameter) ?? '';
  const where = `at '${parameter.charAt(0).toLowerCase()}${parameter.slice(1)}' failed to satisfy constraint`;
  if (name === '') throw awsFault(400, 'ValidationError', `1 validation error detected: Value null ${where}: Member must not be null`);
  if (!/^[\w+=,.@-]+$/.test(name)) {
    throw awsFault(
      400,
      'ValidationError',
      `The specified value for ${parameter} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  if (name.length > maximum) {
    throw awsFault(
      400,
      'ValidationError',
      `1 validation error detected: Value '${name}' ${where}: Member must have length less than or equal to ${maximum}`,
    );
  }
  return name;
}

export function pathIn(call: QueryCall): string {
  const path = text(call.parameters, 'Path') ?? '/';
  if (path === '/' || /^\/[\x21-\x7e]{1,510}\/$/.test(path)) return path;
  throw awsFault(
    400,
    'ValidationError',
    'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.',
  );
}

/** Adds the call's tags to those a resource has; IAM takes 50. Keys tell apart by case-insensitive comparison. */
export function addTags(call: QueryCall, existing: Readonly<Record<string, string>>): Record<string, string> {
  const tags = { ...existing };
  for (const tag of structures(call.parameters, 'Tags')) {
    const key = text(tag, 'Key') ?? '';
    const value = text(tag, 'Value') ?? '';
    if (key === '' || key.length > 128 || value.length > 256)
      throw awsFault(400, 'ValidationError', 'A tag has a key of 1 to 128 characters and a value of at most 256.');
    if (key.toLowerCase().startsWith('aws:')) throw awsFault(400, 'InvalidInput', 'Tag keys may not start with aws:');
    const same = Object.keys(tags).find((each) => each.toLowerCase() === key.toLowerCase());
    if (same !== undefined) delete tags[same];
    tags[key] = value;
  }
  if (Object.keys(tags).length > quotas.tags) throw limitExceeded('TagsPerResource', quotas.tags);
  return tags;
}

/** The tags without the keys that the call names. */
export function removeTags(call: QueryCall, existing: Readonly<Record<string, string>>): Record<string, string> {
  const gone = new Set(texts(call.parameters, 'TagKeys'));
  return Object.fromEntries(Object.entries(existing).filter(([key]) => !gone.has(key)));
}

export function tagList(tags: Readonly<Record<string, string>>): XmlValue {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Members for the answer. */
  readonly members: { readonly IsTruncated: boolean; readonly Marker: string | undefined };
}

/** The page that Marker and MaxItems (100 unless told, at most 1,000) ask for. */
export function page<T>(call: QueryCall, items: readonly T[]): Page<T> {
  const size = Number(text(call.parameters, 'MaxItems') ?? 100);
  if (!Number.isInteger(size) || size < 1 || size > 1000) throw awsFault(400, 'ValidationError', 'maxItems must be between 1 and 1000');
  const marker = text(call.parameters, 'Marker');
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString());
  if (!Number.isInteger(start)) throw awsFault(400, 'ValidationError', 'Invalid Marker.');
  const end = start + size;
  const truncated = end < items.length;
  return {
    items: items.slice(start, end),
    members: { IsTruncated: truncated, Marker: truncated ? Buffer.from(String(end)).toString('base64') : undefined },
  };
}

/** Sorted by name, as IAM lists them. */
export function byName<T extends { readonly name: string }>(items: Readonly<Record<string, T>>): T[] {
  return Object.values(items).sort((a, b) => (a.name < b.name ? -1 : 1));
}
