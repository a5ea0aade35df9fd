import { expect } from 'chai';
import { type AwsCredentials, createEksTokens } from '../../../steps/clients/eks-token.ts';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };

function urlIn(token: string): URL {
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
}

/** Tokens that count how often they asked for credentials. */
function counted(find: () => Promise<AwsCredentials>) {
  let asked = 0;
  const countingCredentials = (): Promise<AwsCredentials> => {
    asked += 1;
    return find();
  };
  return { tokens: createEksTokens({ region: 'eu-central-1', cluster: 'shop', credentials: countingCredentials }), asked: () => asked };
}

describe('tokens for an EKS cluster', () => {
  it('are presigned questions for the caller, with the cluster in a signed header', async () => {
    const token = await createEksTokens({ region: 'eu-central-1', cluster: 'shop', credentials: async () => credentials })();
    expect(token).to.match(/^k8s-aws-v1\.[\w-]+$/);
    const { origin, pathname, searchParams } = urlIn(token);
    expect(origin + pathname).to.equal('https://sts.eu-central-1.amazonaws.com/');
    expect([...searchParams.keys()].sort()).to.deep.equal([
      'Action',
      'Version',
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Expires',
      'X-Amz-Security-Token',
      'X-Amz-Signature',
      'X-Amz-SignedHeaders',
    ]);
    expect(searchParams.get('X-Amz-SignedHeaders')).to.equal('host;x-k8s-aws-id');
    expect(searchParams.get('X-Amz-Expires')).to.equal('60');
    expect(searchParams.get('Action')).to.equal('GetCallerIdentity');
  });

  it('stay under the 4,096 characters that the server reads, with a long session token too', async () => {
    const long = { ...credentials, sessionToken: 'x'.repeat(1400) };
    const token = await createEksTokens({ region: 'eu-central-1', cluster: 'shop', credentials: async () => long })();
    expect(token.length).to.be.lessThan(4096);
  });

  it('are made once while they are fresh', async () => {
    const { tokens, asked } = counted(async () => credentials);
    const [first, second] = await Promise.all([tokens(), tokens()]);
    expect(await tokens())
      .to.equal(first)
      .and.equal(second);
    expect(asked()).to.equal(1);
  });

  it('are made anew when the credentials behind them are about to end', async () => {
    const { tokens, asked } = counted(async () => ({ ...credentials, expiration: new Date(Date.now() + 30_000) }));
    await tokens();
    await tokens();
    expect(asked()).to.equal(2);
  });

  it('are made anew after 14 of their 15 minutes, so that a step may run as long as it takes', async () => {
    const { tokens, asked } = counted(async () => credentials);
    const real = Date.now;
    const tokenAfter = async (minutes: number): Promise<string> => {
      Date.now = () => real() + minutes * 60_000;
      try {
        return await tokens();
      } finally {
        Date.now = real;
      }
    };
    await tokens();
    await tokenAfter(13.9);
    expect(asked()).to.equal(1);
    await tokenAfter(14.1);
    expect(asked()).to.equal(2);
    await tokenAfter(27);
    expect(asked()).to.equal(2);
    await tokenAfter(28.3);
    expect(asked()).to.equal(3);
  });

  it('are asked for again after the credentials failed', async () => {
    let asked = 0;
    const tokens = createEksTokens({
      region: 'eu-central-1',
      cluster: 'shop',
      credentials: async () => {
        asked += 1;
        if (asked === 1) throw new Error('no credentials yet');
        return credentials;
      },
    });
    await tokens().catch(() => undefined);
    expect(await tokens()).to.match(/^k8s-aws-v1\./);
  });

  it('go to the partition of the region', async () => {
    const token = await createEksTokens({ region: 'cn-north-1', cluster: 'shop', credentials: async () => credentials })();
    expect(urlIn(token).hostname).to.equal('sts.cn-north-1.amazonaws.com.cn');
  });
});
