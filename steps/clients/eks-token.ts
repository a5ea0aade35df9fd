const QUARTER_HOUR = 15 * 60_000;

/** AWS credentials as the SDK's chain resolves them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** A bearer token and the wall time (ms) from which a fresh one must be made. */
interface Token {
  readonly text: string;
  readonly staleAt: number;
}

/**
 * Makes bearer tokens for an EKS cluster: a presigned STS GetCallerIdentity, as aws-iam-authenticator defines it.
 * The server takes one for 15 minutes of real time; ours are renewed after 14, or a minute before the credentials end.
 */
export function createEksTokens(options: {
  readonly region: string;
  readonly cluster: string;
  readonly credentials: () => Promise<AwsCredentials>;
}): () => Promise<string> {
  let token: Promise<Token> | undefined;
  const renewed = (): Promise<Token> => {
    const making = makeToken(options);
    token = making;
    making.catch(() => {
      if (token === making) token = undefined;
    });
    return making;
  };
  return async () => {
    if (token === undefined) return (await renewed()).text;
    const present = await token;
    return Date.now() < present.staleAt ? present.text : (await renewed()).text;
  };
}

async function makeToken(options: Parameters<typeof createEksTokens>[0]): Promise<Token> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([import('@smithy/signature-v4'), import('@aws-crypto/sha256-js')]);
  const { region, cluster } = options;
  const credentials = await options.credentials();
  const hostname = `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: hostname, 'x-k8s-aws-id': cluster },
    },
    { expiresIn: 60 },
  );
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  const expires = credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    text: `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query.join('&')}`).toString('base64url')}`,
    staleAt: Math.min(Date.now() + QUARTER_HOUR, expires) - 60_000,
  };
}
