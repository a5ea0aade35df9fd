import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { VaultSubject } from './subject.ts';
import { docs, done, KUBERNETES, newMethod, refused } from './things.ts';

const AUTH = docs('system/auth');

/** Auth methods and their configuration. */
export const methods: readonly Assertion<VaultSubject>[] = [
  {
    title: 'lists auth methods by their path with a slash, with type, accessor and description',
    concern: 'reads',
    source: AUTH,
    async holds(vault) {
      const mount = await newMethod(vault, 'of the contract');
      const { data } = done(await vault.ask('GET', 'sys/auth'));
      expect(data?.['token/']).to.include({ type: 'token' });
      const found = data?.[`${mount}/`] as { accessor: string };
      expect(found).to.include({ type: 'kubernetes', description: 'of the contract' });
      expect(found.accessor).to.match(/^auth_kubernetes_[0-9a-z]{8}$/);
    },
  },
  {
    title: 'takes a path of several segments for a method',
    concern: 'writes',
    source: AUTH,
    async holds(vault) {
      const mount = `${unique('group')}/cluster`;
      expect((await vault.ask('POST', `sys/auth/${mount}`, { body: { type: 'kubernetes' } })).status).to.equal(204);
      expect((await vault.ask('GET', `auth/${mount}/config`)).status).to.equal(404);
      done(await vault.ask('DELETE', `sys/auth/${mount}`));
    },
  },
  {
    title: 'refuses a second method at one path with 400 and says that it is in use',
    concern: 'conflicts',
    source: AUTH,
    async holds(vault) {
      const mount = await newMethod(vault);
      expect(refused(await vault.ask('POST', `sys/auth/${mount}`, { body: { type: 'kubernetes' } }), 400)).to.equal(
        `path is already in use at ${mount}/`,
      );
    },
  },
  {
    title: 'refuses a method inside the path of another',
    concern: 'conflicts',
    source: AUTH,
    async holds(vault) {
      const mount = await newMethod(vault);
      expect(refused(await vault.ask('POST', `sys/auth/${mount}/inner`, { body: { type: 'kubernetes' } }), 400)).to.contain(
        'path is already in use',
      );
    },
  },
  {
    title: 'refuses a method of an unknown type, and one of none',
    concern: 'validation',
    source: AUTH,
    async holds(vault) {
      refused(await vault.ask('POST', `sys/auth/${unique('none')}`, { body: { type: 'nothing-of-the-kind' } }), 400);
      refused(await vault.ask('POST', `sys/auth/${unique('none')}`, { body: {} }), 400);
    },
  },
  {
    title: 'changes the description of a method, and leaves the rest of it',
    concern: 'writes',
    source: AUTH,
    async holds(vault) {
      const mount = await newMethod(vault, 'before');
      const accessor = async (): Promise<string> => {
        const { data } = done(await vault.ask('GET', 'sys/auth'));
        return (data as Record<string, { accessor: string }>)[`${mount}/`]?.accessor ?? '';
      };
      const known = await accessor();
      expect((await vault.ask('POST', `sys/auth/${mount}/tune`, { body: { description: 'after' } })).status).to.equal(204);
      expect(done(await vault.ask('GET', `sys/auth/${mount}/tune`)).data).to.include({ description: 'after' });
      expect(await accessor()).to.equal(known);
    },
  },
  {
    title: 'disables a method with all its roles, and one that is not there as well',
    concern: 'writes',
    source: AUTH,
    async holds(vault) {
      const mount = await newMethod(vault);
      const body = { bound_service_account_names: ['a'], bound_service_account_namespaces: ['b'], audience: 'vault' };
      done(await vault.ask('POST', `auth/${mount}/role/one`, { body }));
      expect((await vault.ask('DELETE', `sys/auth/${mount}`)).status).to.equal(204);
      expect((await vault.ask('DELETE', `sys/auth/${mount}`)).status).to.equal(204);
      done(await vault.ask('POST', `sys/auth/${mount}`, { body: { type: 'kubernetes' } }));
      expect((await vault.ask('GET', `auth/${mount}/role/one`)).status).to.equal(404);
    },
  },
  {
    title: 'answers 404 for a configuration that was never written',
    concern: 'not found',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      refused(await vault.ask('GET', `auth/${mount}/config`), 404);
    },
  },
  {
    title: 'never gives the reviewer’s token back',
    concern: 'reads',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const jwt = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${Buffer.from('{"sub":"x"}').toString('base64url')}.c2ln`;
      const body = { kubernetes_host: 'https://k8s.example.com', kubernetes_ca_cert: vault.cluster.ca, token_reviewer_jwt: jwt };
      expect((await vault.ask('POST', `auth/${mount}/config`, { body })).status).to.equal(204);
      const { data } = done(await vault.ask('GET', `auth/${mount}/config`));
      expect(data).to.include({ kubernetes_host: 'https://k8s.example.com', disable_local_ca_jwt: false });
      expect(String(data?.kubernetes_ca_cert).trim()).to.equal(vault.cluster.ca.trim());
      expect(JSON.stringify(data)).not.to.contain(jwt);
    },
  },
  {
    title: 'replaces a configuration as a whole: what is left out falls back',
    concern: 'writes',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const ca = { kubernetes_ca_cert: vault.cluster.ca };
      done(
        await vault.ask('POST', `auth/${mount}/config`, {
          body: { ...ca, kubernetes_host: 'https://one.example.com', disable_local_ca_jwt: true },
        }),
      );
      done(await vault.ask('POST', `auth/${mount}/config`, { body: { ...ca, kubernetes_host: 'https://two.example.com' } }));
      const { data } = done(await vault.ask('GET', `auth/${mount}/config`));
      expect(data).to.include({ kubernetes_host: 'https://two.example.com', disable_local_ca_jwt: false });
    },
  },
  {
    title: 'refuses a configuration without a host',
    concern: 'validation',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      expect(refused(await vault.ask('POST', `auth/${mount}/config`, { body: { disable_local_ca_jwt: true } }), 400)).to.equal(
        'no host provided',
      );
    },
  },
];
