import { expect } from 'chai';
import { createEksTokens } from '../../../../steps/clients/eks-token.ts';
import { readToken } from './presigned.ts';

const REGION = 'eu-west-1';
const credentials = async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'any' });

function tokenOf(url: string): string {
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}

async function ours(): Promise<URL> {
  const token = await createEksTokens({ region: REGION, cluster: 'shop', credentials })();
  return new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());
}

describe('what a token must be before STS is asked', () => {
  it('is met by the tokens that our client makes', async () => {
    const read = readToken(tokenOf(String(await ours())), REGION, Date.now());
    expect(read).to.have.property('accessKeyId', 'AKIAIOSFODNN7EXAMPLE');
  });

  it('ends a quarter of an hour after its date, whatever it says itself', async () => {
    const url = await ours();
    expect(readToken(tokenOf(String(url)), REGION, Date.now() + 899_000 - 5_000)).to.have.property('url');
    expect(readToken(tokenOf(String(url)), REGION, Date.now() + 901_000)).to.deep.equal({ refused: 'the token is expired' });
    url.searchParams.set('X-Amz-Expires', '86400');
    expect(readToken(tokenOf(String(url)), REGION, Date.now())).to.deep.equal({ refused: 'X-Amz-Expires is 86400' });
  });

  const forgeries: Readonly<Record<string, readonly [string, (url: URL) => void]>> = {
    'a host that is not one of STS': ['unexpected host sts.example.com', (url) => Object.assign(url, { hostname: 'sts.example.com' })],
    'a host that only looks like one': [
      'unexpected host sts.eu-west-1.amazonaws.com.example.com',
      (url) => Object.assign(url, { hostname: `${url.hostname}.example.com` }),
    ],
    'a host of another partition': [
      'unexpected host sts.cn-north-1.amazonaws.com.cn',
      (url) => Object.assign(url, { hostname: 'sts.cn-north-1.amazonaws.com.cn' }),
    ],
    'plain HTTP': ['unexpected scheme http:', (url) => Object.assign(url, { protocol: 'http:' })],
    'another path': ['unexpected path /admin', (url) => Object.assign(url, { pathname: '/admin' })],
    'another action': ['unexpected action', (url) => url.searchParams.set('Action', 'AssumeRole')],
    'a parameter that is not of the question': ['query parameter RoleArn is not allowed', (url) => url.searchParams.set('RoleArn', 'x')],
    'a parameter twice': ['query parameter action appears twice', (url) => url.searchParams.append('action', 'GetCallerIdentity')],
    'a signature that does not cover the name of the cluster': [
      'x-k8s-aws-id is not among the signed headers',
      (url) => url.searchParams.set('X-Amz-SignedHeaders', 'host'),
    ],
    'no date': ['X-Amz-Date is absent or malformed', (url) => url.searchParams.delete('X-Amz-Date')],
  };
  for (const [what, [reason, forge]] of Object.entries(forgeries)) {
    it(`is not met by ${what}`, async () => {
      const url = await ours();
      forge(url);
      expect(readToken(tokenOf(String(url)), REGION, Date.now())).to.deep.equal({ refused: reason });
    });
  }

  it('is not met by what is no token at all', () => {
    expect(readToken('a-bearer-token', REGION, 0)).to.deep.equal({ refused: 'the token does not start with k8s-aws-v1.' });
    expect(readToken('k8s-aws-v1.%%%', REGION, 0)).to.deep.equal({ refused: 'the token is not unpadded base64url' });
    expect(readToken(tokenOf('no url'), REGION, 0)).to.deep.equal({ refused: 'the token holds no URL' });
    expect(readToken(`k8s-aws-v1.${'a'.repeat(5000)}`, REGION, 0)).to.deep.equal({ refused: 'the token is too large' });
  });
});
