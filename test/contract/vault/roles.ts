import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { VaultSubject } from './subject.ts';
import { done, KUBERNETES, list, newMethod, refused, roleBody } from './things.ts';

/** Roles of the Kubernetes auth method. */
export const roles: readonly Assertion<VaultSubject>[] = [
  {
    title: 'answers a new role with the defaults of all that was not given',
    concern: 'reads',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      expect((await vault.ask('POST', `auth/${mount}/role/one`, { body: roleBody })).status).to.equal(204);
      expect(done(await vault.ask('GET', `auth/${mount}/role/one`)).data).to.deep.include({
        bound_service_account_names: ['app'],
        bound_service_account_namespaces: ['shop'],
        audience: 'vault',
        alias_name_source: 'serviceaccount_uid',
        token_bound_cidrs: [],
        token_explicit_max_ttl: 0,
        token_max_ttl: 0,
        token_no_default_policy: false,
        token_num_uses: 0,
        token_period: 0,
        token_policies: [],
        token_ttl: 0,
        token_type: 'default',
      });
    },
  },
  {
    title: 'takes durations as text and lists with commas, and answers seconds and lists',
    concern: 'writes',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const body = { ...roleBody, bound_service_account_names: 'one,two', token_ttl: '1h', token_max_ttl: '90m', token_policies: 'b,a' };
      done(await vault.ask('POST', `auth/${mount}/role/one`, { body }));
      const { data } = done(await vault.ask('GET', `auth/${mount}/role/one`));
      expect(data).to.deep.include({ bound_service_account_names: ['one', 'two'], token_ttl: 3600, token_max_ttl: 5400 });
      expect(data?.token_policies).to.have.members(['a', 'b']);
    },
  },
  {
    title: 'keeps what a later write leaves out, but for the namespace selector',
    concern: 'writes',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const selector = '{"matchLabels":{"team":"web"}}';
      done(
        await vault.ask('POST', `auth/${mount}/role/one`, {
          body: { ...roleBody, bound_service_account_namespace_selector: selector, token_ttl: 60 },
        }),
      );
      done(await vault.ask('POST', `auth/${mount}/role/one`, { body: { token_policies: ['more'] } }));
      expect(done(await vault.ask('GET', `auth/${mount}/role/one`)).data).to.deep.include({
        bound_service_account_names: ['app'],
        audience: 'vault',
        token_ttl: 60,
        token_policies: ['more'],
        bound_service_account_namespace_selector: '',
      });
    },
  },
  {
    title: 'keeps the names of roles in lower case, and finds them in any',
    concern: 'reads',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      done(await vault.ask('POST', `auth/${mount}/role/Cart-API`, { body: roleBody }));
      expect(done(await list(vault, `auth/${mount}/role`)).data).to.deep.equal({ keys: ['cart-api'] });
      done(await vault.ask('GET', `auth/${mount}/role/CART-api`));
    },
  },
  {
    title: 'lists roles in their order, and answers 404 where there is none',
    concern: 'reads',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      refused(await list(vault, `auth/${mount}/role`), 404);
      for (const name of ['b', 'a']) done(await vault.ask('POST', `auth/${mount}/role/${name}`, { body: roleBody }));
      expect(done(await list(vault, `auth/${mount}/role`)).data).to.deep.equal({ keys: ['a', 'b'] });
    },
  },
  {
    title: 'takes a role without an audience, with a warning beside the success',
    concern: 'validation',
    source: KUBERNETES,
    deviations: {
      openbao: {
        instead: 'OpenBao says nothing of a role without an audience.',
        seen: /expected .* to be an array|expected 204 to equal 200/,
        source: KUBERNETES,
      },
    },
    async holds(vault) {
      const mount = await newMethod(vault);
      const { audience: _none, ...body } = roleBody;
      const answer = await vault.ask('POST', `auth/${mount}/role/one`, { body });
      expect(answer.status).to.equal(200);
      expect(answer.body.warnings).to.be.an('array').with.length(1);
      expect(answer.body.warnings?.[0]).to.contain('does not specify an audience');
    },
  },
  {
    title: 'refuses a role that nobody could log in by, and one that mixes all with some',
    concern: 'validation',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      const wrong = async (change: object): Promise<string> =>
        refused(await vault.ask('POST', `auth/${mount}/role/one`, { body: { ...roleBody, ...change } }), 400);
      expect(await wrong({ bound_service_account_names: [] })).to.contain('"bound_service_account_names" can not be empty');
      expect(await wrong({ bound_service_account_namespaces: [] })).to.contain('"bound_service_account_namespaces" can not be empty');
      expect(await wrong({ bound_service_account_names: ['*', 'app'] })).to.contain('can not mix "*" with values');
      expect(await wrong({ bound_service_account_namespaces: ['*', 'shop'] })).to.contain('can not mix "*" with values');
      expect(await wrong({ token_ttl: 100, token_max_ttl: 10 })).to.match(/token.ttl.* greater than .*token.max.ttl/);
      await wrong({ alias_name_source: 'nothing' });
    },
  },
  {
    title: 'deletes a role, and one that is not there as well',
    concern: 'writes',
    source: KUBERNETES,
    async holds(vault) {
      const mount = await newMethod(vault);
      done(await vault.ask('POST', `auth/${mount}/role/one`, { body: roleBody }));
      expect((await vault.ask('DELETE', `auth/${mount}/role/one`)).status).to.equal(204);
      expect((await vault.ask('DELETE', `auth/${mount}/role/one`)).status).to.equal(204);
      refused(await vault.ask('GET', `auth/${mount}/role/one`), 404);
    },
  },
];
