import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export interface TokenRequest {
  /** What `x-k8s-aws-id` is signed with; null: nothing signs it. */
  readonly cluster: string | null;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** The host that is signed for; without it the STS of the region. */
  readonly host?: string;
  readonly path?: string;
  readonly signedAt?: Date;
  /** Seconds. */
  readonly expires?: number;
  /** Parameters beside those of GetCallerIdentity, or instead of them. */
  readonly query?: Readonly<Record<string, string>>;
}

/** A token for an EKS cluster as `aws eks get-token` makes it: a presigned GetCallerIdentity. */
export async function eksToken(request: TokenRequest): Promise<string> {
  const { cluster, region, credentials, path = '/', signedAt = new Date(), expires = 60 } = request;
  const hostname = request.host ?? `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15', ...request.query };
  const headers: Record<string, string> = { host: hostname, ...(cluster !== null && { 'x-k8s-aws-id': cluster }) };
  const signed = await signer.presign(
    { method: 'GET', protocol: 'https:', hostname, path, headers, query },
    { expiresIn: expires, unhoistableHeaders: new Set(['x-k8s-aws-id']), signingDate: signedAt },
  );
  const search = new URLSearchParams(Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]));
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}${path}?${search}`).toString('base64url')}`;
}
