/**
 * The rules of aws-iam-authenticator's verifier (pkg/token/token.go), which EKS follows: what a `k8s-aws-v1.` token must be
 * before anybody asks STS.
 */
const PREFIX = 'k8s-aws-v1.';
const LONGEST = 4096;
/** Seconds: a token is taken for a quarter of an hour after its date, whatever X-Amz-Expires says. */
const VALID = 900;
const PARAMETERS = new Set([
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

export type Presigned = { readonly url: URL; readonly accessKeyId: string } | { readonly refused: string };

/** The question to STS in a token for a cluster of this region. `now` in ms. */
export function readToken(token: string, region: string, now: number): Presigned {
  if (token.length > LONGEST) return { refused: 'the token is too large' };
  if (!token.startsWith(PREFIX)) return { refused: `the token does not start with ${PREFIX}` };
  const encoded = token.slice(PREFIX.length);
  if (!/^[\w-]+$/.test(encoded)) return { refused: 'the token is not unpadded base64url' };
  const text = Buffer.from(encoded, 'base64url').toString();
  if (!URL.canParse(text)) return { refused: 'the token holds no URL' };
  const url = new URL(text);
  if (url.protocol !== 'https:') return { refused: `unexpected scheme ${url.protocol}` };
  if (!isSts(url.host, partitionOf(region))) return { refused: `unexpected host ${url.host}` };
  if (url.pathname !== '/') return { refused: `unexpected path ${url.pathname}` };
  return readQuery(url, now);
}

/** STS's own hosts in the partition: the global one and one a region, nothing else that could be made to answer. */
function isSts(host: string, partition: string): boolean {
  if (host === 'sts.amazonaws.com') return partition === 'aws';
  const [, region, china] = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/.exec(host) ?? [];
  return region !== undefined && partitionOf(region) === partition && (china !== undefined) === (partition === 'aws-cn');
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function readQuery(url: URL, now: number): Presigned {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) {
    const key = name.toLowerCase();
    if (!PARAMETERS.has(key)) return { refused: `query parameter ${name} is not allowed` };
    if (query.has(key)) return { refused: `query parameter ${name} appears twice` };
    query.set(key, value);
  }
  const of = (name: string): string => query.get(name) ?? '';
  if (of('action') !== 'GetCallerIdentity') return { refused: 'unexpected action' };
  const signed = of('x-amz-signedheaders').toLowerCase().split(';');
  if (!signed.includes('x-k8s-aws-id')) return { refused: 'x-k8s-aws-id is not among the signed headers' };
  const expires = of('x-amz-expires');
  if (!/^\d+$/.test(expires) || Number(expires) > VALID) return { refused: `X-Amz-Expires is ${expires || 'absent'}` };
  const date = amzDate(of('x-amz-date'));
  if (date === null) return { refused: 'X-Amz-Date is absent or malformed' };
  if (now > date + VALID * 1000) return { refused: 'the token is expired' };
  return { url, accessKeyId: of('x-amz-credential').split('/')[0] ?? '' };
}

function amzDate(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
