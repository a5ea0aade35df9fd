import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SandboxRequest } from '../system.ts';

/** What a Signature V4 request says about itself, from the Authorization header or from the query (presigned). */
export interface Signature {
  readonly presigned: boolean;
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `20260102T030405Z`. */
  readonly timestamp: string;
  readonly sessionToken?: string;
  /** Presigned only: seconds. */
  readonly expires?: number;
}

type Signed = Pick<SandboxRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>;

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(',');
}

function fromCredential(credential: string): Pick<Signature, 'accessKeyId' | 'date' | 'region' | 'service'> | null {
  const parts = credential.split('/');
  const [accessKeyId, date, region, service, terminator] = parts;
  if (parts.length !== 5 || !accessKeyId || !date || !region || !service || terminator !== 'aws4_request') return null;
  return { accessKeyId, date, region, service };
}

/** The signature's parts; null when the request is not signed at all, 'incomplete' when it is signed in another form. */
export function parseSignature(request: Pick<SandboxRequest, 'query' | 'headers'>): Signature | null | 'incomplete' {
  const authorization = request.headers.authorization;
  if (authorization !== undefined) return fromHeader(authorization, request.headers);
  if (request.query.has('X-Amz-Signature') || request.query.has('X-Amz-Credential')) return fromQuery(request.query);
  return null;
}

function fromHeader(authorization: string, headers: SandboxRequest['headers']): Signature | 'incomplete' {
  const match = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(authorization);
  const scope = match ? fromCredential(match[1] ?? '') : null;
  const timestamp = single(headers['x-amz-date']);
  if (!match || !scope || !timestamp) return 'incomplete';
  const sessionToken = single(headers['x-amz-security-token']);
  return {
    ...scope,
    presigned: false,
    signedHeaders: (match[2] ?? '').split(';'),
    signature: match[3] ?? '',
    timestamp,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function fromQuery(query: URLSearchParams): Signature | 'incomplete' {
  const scope = fromCredential(query.get('X-Amz-Credential') ?? '');
  const timestamp = query.get('X-Amz-Date');
  const expires = Number(query.get('X-Amz-Expires'));
  const sessionToken = query.get('X-Amz-Security-Token');
  const complete = query.get('X-Amz-Algorithm') === 'AWS4-HMAC-SHA256' && query.has('X-Amz-Expires') && Number.isInteger(expires);
  if (!scope || !timestamp || !complete) return 'incomplete';
  return {
    ...scope,
    presigned: true,
    signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: query.get('X-Amz-Signature') ?? '',
    timestamp,
    expires,
    ...(sessionToken === null ? {} : { sessionToken }),
  };
}

/** RFC 3986: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalPath(path: string, service: string): string {
  // S3 signs the path as sent; every other service encodes it once more.
  if (service === 's3') return path;
  return path.split('/').map(encode).join('/');
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function payloadHash(request: Signed, signature: Signature): string {
  const declared = single(request.headers['x-amz-content-sha256']);
  if (signature.service === 's3') return declared ?? (signature.presigned ? 'UNSIGNED-PAYLOAD' : sha256(request.body));
  return sha256(request.body);
}

/** Whether the body is the one that was signed; S3 clients may leave the body out of the signature. */
export function bodyMatches(request: Signed, signature: Signature): boolean {
  const hash = payloadHash(request, signature);
  return hash === 'UNSIGNED-PAYLOAD' || hash === sha256(request.body);
}

/**
 * Signature Version 4 as documented under "Create a signed AWS API request": canonical request, string to sign, derived key.
 * True when the request carries the signature that `secret` gives.
 */
export function signatureMatches(request: Signed, signature: Signature, secret: string): boolean {
  const headers = signature.signedHeaders.map((name) => `${name}:${(single(request.headers[name]) ?? '').trim().replace(/\s+/g, ' ')}\n`);
  const canonical = [
    request.method,
    canonicalPath(request.path, signature.service),
    canonicalQuery(request.query),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash(request, signature),
  ].join('\n');
  const scope = `${signature.date}/${signature.region}/${signature.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', signature.timestamp, scope, sha256(canonical)].join('\n');
  const key = [signature.date, signature.region, signature.service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const expected = Buffer.from(hmac(key, toSign).toString('hex'));
  const given = Buffer.from(signature.signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** Milliseconds since 1970 of `20260102T030405Z`; NaN when it isn't one. */
export function parseAmzDate(timestamp: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
}
