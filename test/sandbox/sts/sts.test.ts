import { Sha256 } from '@aws-crypto/sha256-js';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect } from 'chai';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { identifyPresigned } from '../../../sandbox/sts/identify-presigned.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const argocd = 'arn:aws:iam::111122223333:role/argocd-management';

async function presign(secretAccessKey: string, signingDate: Date, cluster: string): Promise<string> {
  const signer = new SignatureV4({
    service: 'sts',
    region: 'eu-central-1',
    sha256: Sha256,
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey },
  });
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname: 'sts.eu-central-1.amazonaws.com',
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: 'sts.eu-central-1.amazonaws.com', 'x-k8s-aws-id': cluster },
  };
  const signed = await signer.presign(request, { signingDate, expiresIn: 60, unhoistableHeaders: new Set(['x-k8s-aws-id']) });
  const query = new URLSearchParams(signed.query as Record<string, string>);
  return `https://${request.hostname}/?${query}`;
}

describe('sandbox: STS', () => {
  let running: RunningSandbox;
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
  before(async () => {
    running = await startAwsSandbox();
  });
  after(() => running.stop());

  it('gives temporary credentials for a role that trusts the account', async () => {
    const client = new STSClient(clientConfig(running));
    const { Credentials: given } = await client.send(new AssumeRoleCommand({ RoleArn: argocd, RoleSessionName: 'drill' }));
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const assumed = new STSClient(clientConfig(running, { credentials }));
    const identity = await assumed.send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).to.equal('arn:aws:sts::111122223333:assumed-role/argocd-management/drill');
    const { sessionToken: _token, ...withoutToken } = credentials;
    const refused = await errorOf(
      new STSClient(clientConfig(running, { credentials: withoutToken })).send(new GetCallerIdentityCommand({})),
    );
    expect(refused.name).to.equal('InvalidClientTokenId');
  });

  it('refuses a role that does not exist and a role that does not trust the caller', async () => {
    const client = new STSClient(clientConfig(running));
    const role = running.sandbox.world.iam.roles['argocd-management'];
    const missing = await errorOf(client.send(new AssumeRoleCommand({ RoleArn: `${argocd}-2`, RoleSessionName: 'drill' })));
    expect(missing.name).to.equal('AccessDenied');
    if (!role) throw new Error('The seed has no role argocd-management.');
    const { trust } = role;
    role.trust = trust.replace(':root', ':role/someone-else');
    const untrusted = await errorOf(client.send(new AssumeRoleCommand({ RoleArn: argocd, RoleSessionName: 'drill' })));
    role.trust = trust;
    expect(untrusted.name).to.equal('AccessDenied');
  });

  const identify = (url: string, cluster: string) =>
    identifyPresigned(running.sandbox, url, { headers: { 'x-k8s-aws-id': cluster }, clusterRegion: 'eu-west-1' });

  it('identifies the signer of a presigned token for the cluster that it names, and for no other', async () => {
    const url = await presign(secret, new Date(), 'shop-dr');
    expect(identify(url, 'shop-dr')?.arn).to.equal('arn:aws:iam::111122223333:role/eks-dr-runner');
    expect(identify(url, 'shop-prod')).to.equal(null);
  });

  it('refuses tokens that are old, wrongly signed, or carry unknown parameters', async () => {
    const old = await presign(secret, new Date(Date.now() - 16 * 60_000), 'shop-dr');
    const recent = await presign(secret, new Date(Date.now() - 14 * 60_000), 'shop-dr');
    const wrong = await presign('wrong', new Date(), 'shop-dr');
    expect(identify(old, 'shop-dr')).to.equal(null);
    expect(identify(recent, 'shop-dr')).to.not.equal(null);
    expect(identify(wrong, 'shop-dr')).to.equal(null);
    expect(identify(`${recent}&Extra=1`, 'shop-dr')).to.equal(null);
  });

  it('denies AssumeRole to a principal without the permission', async () => {
    const credentials = { accessKeyId: 'AKIANOBODYEXAMPLE000', secretAccessKey: 'nobody' };
    const principal = 'arn:aws:iam::111122223333:user/nobody';
    grantAccessKey(running.sandbox.world, { accessKeyId: credentials.accessKeyId, secret: 'nobody', principal, allow: [] });
    const client = new STSClient(clientConfig(running, { credentials }));
    expect((await errorOf(client.send(new AssumeRoleCommand({ RoleArn: argocd, RoleSessionName: 'drill' })))).name).to.equal(
      'AccessDenied',
    );
  });
});
