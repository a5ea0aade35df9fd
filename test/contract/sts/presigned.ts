import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Aws } from '../subjects/aws.ts';
import { AUTHENTICATOR, PRESIGNED } from './documentation.ts';
import type { StsSubject } from './subjects.ts';

const CLUSTER_HEADER = 'x-k8s-aws-id';
const MINUTE = 60_000;

/** URL of a presigned GetCallerIdentity that must be asked for with the header of that cluster: what an EKS token holds. */
async function presign(aws: Aws, cluster: string, signingDate = new Date()): Promise<string> {
  const { endpoint, region, credentials } = aws.config();
  const { protocol, hostname, port, host } = new URL(endpoint);
  const signer = new SignatureV4({ service: 'sts', region, sha256: Sha256, credentials });
  const request = {
    method: 'GET',
    protocol,
    hostname,
    port: Number(port),
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host, [CLUSTER_HEADER]: cluster },
  };
  const { query } = await signer.presign(request, { signingDate, expiresIn: 60, unhoistableHeaders: new Set([CLUSTER_HEADER]) });
  return `${endpoint}/?${new URLSearchParams(query as Record<string, string>)}`;
}

async function ask(url: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { headers });
  return { status: answer.status, text: await answer.text() };
}

export const presigned: readonly Assertion<StsSubject>[] = [
  {
    title: 'answers a presigned GetCallerIdentity that is asked for with the header of its cluster',
    concern: 'authentication',
    source: PRESIGNED,
    async holds(aws) {
      const { status, text } = await ask(await presign(aws, 'shop-dr'), { [CLUSTER_HEADER]: 'shop-dr' });
      expect(status).to.equal(200);
      expect(text).to.contain(`<Account>${aws.account}</Account>`);
    },
  },
  {
    title: 'refuses a presigned GetCallerIdentity with the header of another cluster',
    concern: 'authentication',
    source: PRESIGNED,
    async holds(aws) {
      const { status, text } = await ask(await presign(aws, 'shop-dr'), { [CLUSTER_HEADER]: 'shop-prod' });
      expect(status).to.equal(403);
      expect(text).to.contain('<Code>SignatureDoesNotMatch</Code>');
    },
  },
  {
    title: 'refuses a presigned GetCallerIdentity without the header that it was signed with',
    concern: 'authentication',
    source: PRESIGNED,
    async holds(aws) {
      const { status, text } = await ask(await presign(aws, 'shop-dr'), {});
      expect(status).to.equal(403);
      expect(text).to.contain('<Code>SignatureDoesNotMatch</Code>');
    },
  },
  {
    title: 'answers a presigned GetCallerIdentity for 15 minutes, whatever X-Amz-Expires says',
    concern: 'authentication',
    source: AUTHENTICATOR,
    async holds(aws) {
      const url = await presign(aws, 'shop-dr', new Date(Date.now() - 14 * MINUTE));
      expect((await ask(url, { [CLUSTER_HEADER]: 'shop-dr' })).status).to.equal(200);
    },
  },
  {
    title: 'refuses a presigned GetCallerIdentity after 15 minutes',
    concern: 'authentication',
    source: AUTHENTICATOR,
    async holds(aws) {
      const url = await presign(aws, 'shop-dr', new Date(Date.now() - 16 * MINUTE));
      const { status, text } = await ask(url, { [CLUSTER_HEADER]: 'shop-dr' });
      expect(status).to.equal(403);
      expect(text).to.contain('Signature expired');
    },
  },
];
