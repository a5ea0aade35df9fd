import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import { STRANGER } from './stranger.ts';
import type { Answer, VaultSubject } from './subject.ts';
import { bound, connectedMethod, docs, done, jwtOf, KUBERNETES, newAccount, newMethod, refused } from './things.ts';

async function addRole(vault: VaultSubject, mount: string, body: object): Promise<void> {
  done(await vault.ask('POST', `auth/${mount}/role/app`, { body: { audience: 'vault', ...body } }));
}

const login = (vault: VaultSubject, mount: string, jwt: string, role = 'app'): Promise<Answer> =>
  vault.ask('POST', `auth/${mount}/login`, { as: null, body: { role, jwt } });

/** Logins of service accounts, which the cluster is asked about. */
export const logins: readonly Assertion<VaultSubject>[] = [
  {
    title: 'lets a service account in with the policies and the lifetime of its role',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault);
      await addRole(vault, mount, { ...bound(vault, account), token_policies: ['shop-read'], token_ttl: 600 });
      const { auth } = done(await login(vault, mount, await jwtOf(vault, account, ['vault'])));
      expect(auth).to.deep.include({ policies: ['default', 'shop-read'], lease_duration: 600, renewable: true });
      expect(auth?.metadata).to.include({ role: 'app', service_account_name: account, service_account_namespace: vault.cluster.namespace });
      const token = String(auth?.client_token);
      expect(done(await vault.ask('GET', 'auth/token/lookup-self', { as: token })).data).to.deep.include({
        policies: ['default', 'shop-read'],
      });
    },
  },
  {
    title: 'ends a token that revokes itself',
    concern: 'authentication',
    source: docs('auth/token'),
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault);
      await addRole(vault, mount, bound(vault, account));
      const { auth } = done(await login(vault, mount, await jwtOf(vault, account, ['vault'])));
      const as = String(auth?.client_token);
      expect((await vault.ask('POST', 'auth/token/revoke-self', { as, body: {} })).status).to.equal(204);
      refused(await vault.ask('GET', 'auth/token/lookup-self', { as }), 403);
    },
  },
  {
    title: 'refuses an account, a namespace and an audience that the role does not name',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault);
      const other = await newAccount(vault);
      await addRole(vault, mount, bound(vault, account));
      expect(refused(await login(vault, mount, await jwtOf(vault, other, ['vault'])), 403)).to.contain(
        'service account name not authorized',
      );
      refused(await login(vault, mount, await jwtOf(vault, account, ['somebody-else'])), 403);
      await addRole(vault, mount, { bound_service_account_names: [account], bound_service_account_namespaces: ['elsewhere'] });
      expect(refused(await login(vault, mount, await jwtOf(vault, account, ['vault'])), 403)).to.contain('namespace not authorized');
    },
  },
  {
    title: 'refuses an unknown role with 400',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault);
      const role = unique('nobody');
      expect(refused(await login(vault, mount, await jwtOf(vault, account), role), 400)).to.equal(`invalid role name "${role}"`);
    },
  },
  {
    title: 'refuses a login while the method is not configured',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const account = await newAccount(vault);
      await addRole(vault, mount, bound(vault, account));
      expect(refused(await login(vault, mount, await jwtOf(vault, account, ['vault'])), 500)).to.contain(
        'could not load backend configuration',
      );
    },
  },
  {
    title: 'does not believe a token when its reviewer may not review',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const powerless = await jwtOf(vault, await newAccount(vault));
      const { mount, account } = await connectedMethod(vault, { token_reviewer_jwt: powerless });
      await addRole(vault, mount, bound(vault, account));
      expect(refused(await login(vault, mount, await jwtOf(vault, account, ['vault'])), 403)).to.contain('permission denied');
    },
  },
  {
    title: 'does not believe a token of an account that is gone',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault);
      await addRole(vault, mount, bound(vault, account));
      const jwt = await jwtOf(vault, account, ['vault']);
      await vault.cluster.api.ask('DELETE', `/api/v1/namespaces/${vault.cluster.namespace}/serviceaccounts/${account}`);
      refused(await login(vault, mount, jwt), 403);
    },
  },
  {
    title: 'does not reach an API server whose certificate the configured CA did not sign',
    concern: 'authentication',
    source: KUBERNETES,
    async holds(vault) {
      const { mount, account } = await connectedMethod(vault, { kubernetes_ca_cert: STRANGER });
      await addRole(vault, mount, bound(vault, account));
      refused(await login(vault, mount, await jwtOf(vault, account, ['vault'])), 403);
    },
  },
  {
    title: 'lets an AppRole in, and refuses a wrong secret with 400',
    concern: 'authentication',
    source: docs('auth/approle'),
    servedBy: [],
    async holds(vault) {
      const by = (secret_id: string): Promise<Answer> =>
        vault.ask('POST', 'auth/approle/login', { as: null, body: { role_id: 'contract-role', secret_id } });
      expect(done(await by('contract-secret')).auth).to.deep.include({ policies: ['default', 'reader'], lease_duration: 900 });
      refused(await by('wrong'), 400);
    },
  },
];
