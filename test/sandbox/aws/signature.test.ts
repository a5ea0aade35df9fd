import { Sha256 } from '@aws-crypto/sha256-js';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect } from 'chai';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

describe('sandbox: requests to AWS are authenticated', () => {
  let running: RunningSandbox;
  before(async () => {
    running = await startAwsSandbox();
  });
  after(() => running.stop());

  const wrongSecret = () => ({ ...clientConfig(running), credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' } });
  const unknownKey = () => ({ ...clientConfig(running), credentials: { accessKeyId: 'AKIAUNKNOWNEXAMPLE00', secretAccessKey: 'wrong' } });

  it('tells a rightly signed caller who it is', async () => {
    const answer = await new STSClient(clientConfig(running)).send(new GetCallerIdentityCommand({}));
    expect(answer.Arn).to.equal('arn:aws:sts::111122223333:assumed-role/eks-dr-runner/eks-dr');
    expect(answer.Account).to.equal('111122223333');
  });

  it('refuses a wrong secret in the words of each protocol', async () => {
    expect((await errorOf(new STSClient(wrongSecret()).send(new GetCallerIdentityCommand({})))).name).to.equal('SignatureDoesNotMatch');
    expect((await errorOf(new EC2Client(wrongSecret()).send(new DescribeVpcsCommand({})))).name).to.equal('AuthFailure');
    expect((await errorOf(new EKSClient(wrongSecret()).send(new ListClustersCommand({})))).name).to.equal('InvalidSignatureException');
    expect((await errorOf(new Route53Client(wrongSecret()).send(new ListHostedZonesCommand({})))).name).to.equal('SignatureDoesNotMatch');
  });

  it('refuses an unknown access key in the words of each protocol', async () => {
    const sts = await errorOf(new STSClient(unknownKey()).send(new GetCallerIdentityCommand({})));
    expect(sts.name).to.equal('InvalidClientTokenId');
    expect(sts.$metadata?.httpStatusCode).to.equal(403);
    expect((await errorOf(new EKSClient(unknownKey()).send(new ListClustersCommand({})))).name).to.equal('UnrecognizedClientException');
  });

  it('refuses a request signed more than 15 minutes ago', async () => {
    const signer = new SignatureV4({ service: 'ec2', region: 'eu-west-1', sha256: Sha256, credentials: clientConfig(running).credentials });
    const url = new URL(running.addresses.aws);
    const body = 'Action=DescribeVpcs&Version=2016-11-15';
    const headers = { host: url.host, 'content-type': 'application/x-www-form-urlencoded' };
    const send = async (signingDate: Date): Promise<string> => {
      const request = {
        method: 'POST',
        protocol: 'http:',
        hostname: url.hostname,
        port: Number(url.port),
        path: '/',
        query: {},
        headers,
        body,
      };
      const signed = await signer.sign(request, { signingDate });
      const response = await fetch(url, { method: 'POST', headers: signed.headers, body });
      return response.text();
    };
    expect(await send(new Date(Date.now() - 16 * 60_000))).to.contain('<Code>RequestExpired</Code>');
    expect(await send(new Date(Date.now() - 14 * 60_000))).to.contain('DescribeVpcsResponse');
  });

  it('refuses an unsigned request', async () => {
    const response = await fetch(`${running.addresses.aws}/?Action=GetCallerIdentity&Version=2011-06-15`);
    expect(response.status).to.equal(403);
    expect(await response.text()).to.contain('MissingAuthenticationToken');
  });

  it('denies what the identity of the key does not allow, and lets it ask who it is', async () => {
    grantAccessKey(running.sandbox.world, {
      accessKeyId: 'AKIAREADERSEXAMPLE00',
      secret: 'reader-secret',
      principal: 'arn:aws:iam::111122223333:user/reader',
      allow: ['ec2:Describe*'],
    });
    const config = clientConfig(running, { credentials: { accessKeyId: 'AKIAREADERSEXAMPLE00', secretAccessKey: 'reader-secret' } });
    const denied = await errorOf(new IAMClient(config).send(new ListRolesCommand({})));
    expect(denied.name).to.equal('AccessDenied');
    expect(denied.message).to.contain('arn:aws:iam::111122223333:user/reader is not authorized to perform: iam:ListRoles');
    expect((await new EC2Client(config).send(new DescribeVpcsCommand({}))).Vpcs).to.have.length(1);
    expect((await new STSClient(config).send(new GetCallerIdentityCommand({}))).Arn).to.equal('arn:aws:iam::111122223333:user/reader');
  });

  it('answers 501 for a service it does not serve', async () => {
    const error = await errorOf(new EKSClient(clientConfig(running)).send(new ListClustersCommand({})));
    expect(error.$metadata?.httpStatusCode).to.equal(501);
  });
});
