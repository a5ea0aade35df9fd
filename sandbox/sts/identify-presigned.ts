import { maximumSkew } from '../aws/authenticate.ts';
import { parseAmzDate, parseSignature, type Signature, signatureMatches } from '../aws/signature.ts';
import { type Principal, principalOf } from '../iam/principals.ts';
import type { Sandbox, SandboxRequest } from '../system.ts';

const allowedParameters = new Set([
  'Action',
  'Version',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-Security-Token',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  // The JavaScript and Go SDKs add the operation's name to presigned requests.
  'x-id',
  'X-Amz-User-Agent',
]);

function toRequest(url: URL, headers: Readonly<Record<string, string>>): SandboxRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    method: 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: { ...Object.fromEntries(lower), host: url.host },
    body: Buffer.alloc(0),
  };
}

function parseUrl(source: string): URL | null {
  if (source.length > 4096 || !URL.canParse(source)) return null;
  const url = new URL(source);
  const known = [...url.searchParams.keys()].every((name) => allowedParameters.has(name));
  const asks = url.searchParams.get('Action') === 'GetCallerIdentity' && url.searchParams.get('Version') === '2011-06-15';
  return known && asks && url.pathname === '/' ? url : null;
}

function inTime(signature: Signature, wall: number): boolean {
  const at = parseAmzDate(signature.timestamp);
  return !Number.isNaN(at) && Math.abs(wall - at) <= maximumSkew('sts');
}

/**
 * Who presigned a GetCallerIdentity request, as the IAM authenticator of an EKS cluster finds out. The signature must cover
 * `x-k8s-aws-id`, whose value the caller gives in `headers`; it counts for 15 minutes from X-Amz-Date by the wall clock,
 * whatever X-Amz-Expires says (up to that). The host and the region are any. Null: not a token.
 */
export function identifyPresigned(sandbox: Sandbox, url: string, headers: Readonly<Record<string, string>>): Principal | null {
  const parsed = parseUrl(url);
  if (!parsed) return null;
  const request = toRequest(parsed, headers);
  const signature = parseSignature(request);
  if (signature === null || signature === 'incomplete') return null;
  const { accessKeyId, service, signedHeaders, expires = 0 } = signature;
  if (service !== 'sts' || !signedHeaders.includes('x-k8s-aws-id') || !signedHeaders.includes('host')) return null;
  if (expires < 0 || expires > 900 || !inTime(signature, Date.now())) return null;
  const key = sandbox.world.iam.accessKeys[accessKeyId];
  if (!key || (key.sessionToken !== undefined && key.sessionToken !== signature.sessionToken)) return null;
  if (key.expiresAt !== undefined && key.expiresAt <= sandbox.clock.now()) return null;
  return signatureMatches(request, signature, key.secret) ? principalOf(sandbox.world, accessKeyId) : null;
}
