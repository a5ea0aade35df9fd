import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';

export interface TokenRequest {
  /** What `x-k8s-aws-id` is signed with. */
  readonly cluster: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
  /** The host that is signed for; without it the STS of the region. */
  readonly host?: string;
  readonly signedAt?: Date;
}

/** A token for an EKS cluster as `aws eks get-token` makes it: a presigned GetCallerIdentity. */
export async function eksToken({ cluster, region, credentials, host, signedAt }: TokenRequest): Promise<string> {
  const hostname = host ?? `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
  const headers = { host: hostname, 'x-k8s-aws-id': cluster };
  const signed = await signer.presign(
    { method: 'GET', protocol: 'https:', hostname, path: '/', headers, query },
    { expiresIn: 60, unhoistableHeaders: new Set(['x-k8s-aws-id']), ...(signedAt && { signingDate: signedAt }) },
  );
  const search = new URLSearchParams(Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [name, String(value)]));
  return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${search}`).toString('base64url')}`;
}
