import { maximumSkew } from '../aws/authenticate.ts';
import { parseAmzDate, parseSignature, type Signature, signatureMatches } from '../aws/signature.ts';
import { type Principal, principalOf } from '../iam/principals.ts';
import type { Sandbox, SandboxRequest } from '../system.ts';

/** What aws-iam-authenticator lets into the question (pkg/token/token.go), each once and in any case. */
const allowedParameters = new Set([
  'action',
  'version',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-security-token',
  'x-amz-signature',
  'x-amz-signedheaders',
]);

const partitionOf = (region: string): string => /^(?:cn|us-gov)(?=-)/.exec(region)?.[0] ?? 'aws';

/** The region that a host of STS counts as; null for any other host. The global one is us-east-1. */
function regionOfHost(host: string): string | null {
  if (host === 'sts.amazonaws.com') return 'us-east-1';
  const [, region, china] = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/.exec(host) ?? [];
  return region !== undefined && (china !== undefined) === region.startsWith('cn-') ? region : null;
}

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
  const names = [...url.searchParams.keys()].map((name) => name.toLowerCase());
  const known = names.every((name) => allowedParameters.has(name)) && new Set(names).size === names.length;
  const asks = url.searchParams.get('Action') === 'GetCallerIdentity' && url.searchParams.get('Version') === '2011-06-15';
  return known && asks && url.protocol === 'https:' && url.pathname === '/' ? url : null;
}

function inTime(signature: Signature, wall: number): boolean {
  const at = parseAmzDate(signature.timestamp);
  return !Number.isNaN(at) && Math.abs(wall - at) <= maximumSkew('sts');
}

/**
 * Who presigned a GetCallerIdentity request, as the IAM authenticator of an EKS cluster finds out. The signature must cover
 * `x-k8s-aws-id`, whose value the caller gives in `headers`; it counts for 15 minutes from X-Amz-Date by the wall clock,
 * whatever X-Amz-Expires says (up to that). The host is any of STS in the partition of the cluster's region, and the signature is
 * for its region. Null: not a token.
 */
export function identifyPresigned(
  sandbox: Sandbox,
  url: string,
  { headers, clusterRegion }: { readonly headers: Readonly<Record<string, string>>; readonly clusterRegion: string },
): Principal | null {
  const parsed = parseUrl(url);
  if (!parsed) return null;
  const region = regionOfHost(parsed.host);
  if (region === null || partitionOf(region) !== partitionOf(clusterRegion)) return null;
  const request = toRequest(parsed, headers);
  const signature = parseSignature(request);
  if (signature === null || signature === 'incomplete') return null;
  const { accessKeyId, service, signedHeaders, expires = 0 } = signature;
  if (service !== 'sts' || signature.region !== region || !signedHeaders.includes('x-k8s-aws-id') || !signedHeaders.includes('host'))
    return null;
  if (expires < 0 || expires > 900 || !inTime(signature, Date.now())) return null;
  const key = sandbox.world.iam.accessKeys[accessKeyId];
  if (!key || (key.sessionToken !== undefined && key.sessionToken !== signature.sessionToken)) return null;
  if (key.expiresAt !== undefined && key.expiresAt <= sandbox.clock.now()) return null;
  return signatureMatches(request, signature, key.secret) ? principalOf(sandbox.world, accessKeyId) : null;
}
