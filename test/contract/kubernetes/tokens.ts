import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { accountOf, answered, review, tokenOf } from './accounts.ts';
import { create, done, pathOf, refused } from './things.ts';

/** A Secret that the token controller has filled in. */
async function tokenSecret(cluster: Cluster, account: string): Promise<{ path: string; data: Readonly<Record<string, string>> }> {
  const name = unique('token');
  await create(cluster, 'secrets', {
    metadata: { name, annotations: { 'kubernetes.io/service-account.name': account } },
    type: 'kubernetes.io/service-account-token',
  });
  const path = pathOf(cluster, 'secrets', name);
  const filled = await eventually(
    async () => (await cluster.ask('GET', path)).body.data as Record<string, string> | undefined,
    (data) => data?.token !== undefined,
  );
  return { path, data: filled ?? {} };
}

export const tokens: readonly Assertion<Cluster>[] = [
  {
    title: 'TokenRequest answers 201 with a token, its audiences and when it expires',
    concern: 'writes',
    async holds(cluster) {
      const { name } = await accountOf(cluster);
      const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: ['vault'], expirationSeconds: 900 } };
      const answer = await cluster.ask('POST', pathOf(cluster, 'serviceaccounts', name, 'token'), { body });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.have.nested.property('spec.audiences[0]', 'vault');
      const { token, expirationTimestamp } = answered(answer.body);
      const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
      expect(claims).to.deep.include({ aud: ['vault'], sub: `system:serviceaccount:${cluster.namespace}:${name}` });
      expect(claims.exp - claims.iat).to.equal(900);
      expect(Date.parse(String(expirationTimestamp)) / 1000).to.equal(claims.exp);
      refused(await cluster.as(String(token)).ask('GET', '/version'), 401, 'Unauthorized');
    },
  },
  {
    title: 'TokenRequest for less than ten minutes is a 422, for an account that is not there a 404',
    concern: 'validation',
    async holds(cluster) {
      const { name } = await accountOf(cluster);
      const ask = (account: string, expirationSeconds: number): Promise<Answer> =>
        cluster.ask('POST', pathOf(cluster, 'serviceaccounts', account, 'token'), { body: { spec: { expirationSeconds } } });
      const [cause] = refused(await ask(name, 599), 422, 'Invalid', /may not specify a duration less than 10 minutes$/);
      expect(cause).to.include({ reason: 'FieldValueInvalid', field: 'spec.expirationSeconds' });
      refused(await ask('nobody', 3600), 404, 'NotFound', 'serviceaccounts "nobody" not found');
    },
  },
  {
    title: 'a token is worth nothing when its account is deleted, and made anew',
    concern: 'consistency',
    async holds(cluster) {
      const { name, api } = await accountOf(cluster);
      done(await cluster.ask('DELETE', pathOf(cluster, 'serviceaccounts', name)));
      await create(cluster, 'serviceaccounts', { metadata: { name } });
      await eventually(
        async () => (await review(api, 'authentication', 'SelfSubjectReview')).status,
        (status) => status === 401,
      );
    },
  },
  {
    title: 'TokenReview tells whose a token is, and refuses one for another audience',
    concern: 'reads',
    async holds(cluster) {
      const { name, username } = await accountOf(cluster);
      const ask = async (token: string, audiences?: string[]) =>
        answered(done(await review(cluster, 'authentication', 'TokenReview', { token, ...(audiences && { audiences }) })));
      const good = await ask(await tokenOf(cluster, name));
      expect(good).to.include({ authenticated: true });
      expect(good.user).to.include({ username });
      const vaults = await tokenOf(cluster, name, { audiences: ['vault'] });
      expect(await ask(vaults)).to.not.include({ authenticated: true });
      expect(await ask(vaults, ['vault'])).to.deep.include({ authenticated: true, audiences: ['vault'] });
      const bad = await ask('nonsense');
      expect(bad).to.not.include({ authenticated: true });
      expect(bad.error).to.be.a('string');
    },
  },
  {
    title: 'a Secret for a service account’s token is filled in, and its token logs in as the account',
    concern: 'consistency',
    async holds(cluster) {
      const { name, username } = await accountOf(cluster);
      const { data } = await tokenSecret(cluster, name);
      expect(data).to.have.all.keys('token', 'namespace', 'ca.crt');
      const api = cluster.as(Buffer.from(data.token ?? '', 'base64').toString());
      const { userInfo } = answered(done(await review(api, 'authentication', 'SelfSubjectReview'))) as { userInfo: { username: string } };
      expect(userInfo.username).to.equal(username);
    },
  },
  {
    title: 'the token of a Secret is worth nothing when the Secret is gone',
    concern: 'consistency',
    async holds(cluster) {
      const { name } = await accountOf(cluster);
      const { path, data } = await tokenSecret(cluster, name);
      done(await cluster.ask('DELETE', path));
      const api = cluster.as(Buffer.from(data.token ?? '', 'base64').toString());
      await eventually(
        async () => (await review(api, 'authentication', 'SelfSubjectReview')).status,
        (status) => status === 401,
      );
    },
  },
];
