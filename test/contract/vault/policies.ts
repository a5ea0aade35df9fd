import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { SandboxVault, VaultSubject } from './subject.ts';
import { docs, done, list, newMethod, refused, roleBody, tokenWith } from './things.ts';

const POLICIES = docs('system/policies');
const CONCEPT = 'https://developer.hashicorp.com/vault/docs/concepts/policies';

/** Policies, and what they let a token do. */
export const policies: readonly Assertion<VaultSubject>[] = [
  {
    title: 'lists, reads, replaces and deletes policies, and answers 404 for one that is not there',
    concern: 'reads',
    source: POLICIES,
    async holds(vault) {
      const name = unique('policy');
      const policy = 'path "secret/data/x" { capabilities = ["read"] }';
      expect((await vault.ask('PUT', `sys/policies/acl/${name}`, { body: { policy } })).status).to.equal(204);
      expect(done(await vault.ask('GET', `sys/policies/acl/${name}`)).data).to.include({ name, policy });
      expect(done(await list(vault, 'sys/policies/acl')).data?.keys).to.include.members([name, 'default', 'root']);
      expect((await vault.ask('DELETE', `sys/policies/acl/${name}`)).status).to.equal(204);
      refused(await vault.ask('GET', `sys/policies/acl/${name}`), 404);
    },
  },
  {
    title: 'refuses a policy that is no policy',
    concern: 'validation',
    source: POLICIES,
    async holds(vault) {
      refused(
        await vault.ask('PUT', `sys/policies/acl/${unique('policy')}`, { body: { policy: 'path "x" { capabilities = ["fly"] }' } }),
        400,
      );
      refused(await vault.ask('PUT', `sys/policies/acl/${unique('policy')}`, { body: { policy: 'no policy at all' } }), 400);
    },
  },
  {
    title: 'refuses what no token asks for, and what no policy allows, with 403',
    concern: 'authentication',
    source: CONCEPT,
    async holds(vault) {
      refused(await vault.ask('GET', 'sys/auth', { as: null }), 403);
      refused(await vault.ask('GET', 'sys/auth', { as: 'hvs.nobody' }), 403);
      const as = await tokenWith(vault, `path "${vault.kv}/data/mine" { capabilities = ["read"] }`);
      expect(refused(await vault.ask('GET', 'sys/auth', { as }), 403)).to.contain('permission denied');
      refused(await vault.ask('GET', `${vault.kv}/data/mine`, { as }), 404);
      refused(await vault.ask('GET', `${vault.kv}/data/other`, { as }), 403);
    },
  },
  {
    title: 'tells what a token may do: the most specific rule counts, and deny stands alone',
    concern: 'authentication',
    source: CONCEPT,
    async holds(vault) {
      const as = await tokenWith(
        vault,
        `path "a/*" { capabilities = ["read", "list"] }
path "a/+/deep" { capabilities = ["update"] }
path "a/one" { capabilities = ["create"] }
path "a/secret/*" { capabilities = ["deny", "read"] }
path "b/+/role/*" { capabilities = ["read"] }`,
      );
      const paths = ['a/x', 'a/one', 'a/secret/x', 'a/x/deep', 'b/k/role/r', 'b/k/l/role/r', 'c'];
      const { data } = done(await vault.ask('POST', 'sys/capabilities-self', { as, body: { paths } }));
      expect(data).to.deep.include({
        'a/x': ['list', 'read'],
        'a/one': ['create'],
        'a/secret/x': ['deny'],
        'a/x/deep': ['update'],
        'b/k/role/r': ['read'],
        'b/k/l/role/r': ['deny'],
        c: ['deny'],
      });
    },
  },
  {
    title: 'tells root from others',
    concern: 'authentication',
    source: docs('system/capabilities-self'),
    async holds(vault) {
      expect(done(await vault.ask('POST', 'sys/capabilities-self', { body: { paths: ['sys/auth/x'] } })).data).to.deep.include({
        'sys/auth/x': ['root'],
      });
    },
  },
  {
    title: 'tells a creation of a role from an update of it',
    concern: 'authentication',
    source: CONCEPT,
    async holds(vault) {
      const mount = await newMethod(vault);
      const as = await tokenWith(vault, `path "auth/${mount}/role/*" { capabilities = ["create"] }`);
      done(await vault.ask('POST', `auth/${mount}/role/one`, { as, body: roleBody }));
      refused(await vault.ask('POST', `auth/${mount}/role/one`, { as, body: roleBody }), 403);
    },
  },
  {
    title: 'asks for sudo where an auth method is enabled, tuned or disabled',
    concern: 'authentication',
    source: 'https://developer.hashicorp.com/vault/docs/concepts/policies#root-protected-api-endpoints',
    async holds(vault) {
      const mount = unique('kubernetes');
      const rule = (capabilities: readonly string[]): string =>
        `path "sys/auth/${mount}" { capabilities = ${JSON.stringify(capabilities)} }`;
      const plain = await tokenWith(vault, rule(['create', 'update', 'delete']));
      refused(await vault.ask('POST', `sys/auth/${mount}`, { as: plain, body: { type: 'kubernetes' } }), 403);
      const sudo = await tokenWith(vault, rule(['create', 'update', 'delete', 'sudo']));
      done(await vault.ask('POST', `sys/auth/${mount}`, { as: sudo, body: { type: 'kubernetes' } }));
      done(await vault.ask('DELETE', `sys/auth/${mount}`, { as: sudo }));
    },
  },
  {
    title: 'lists where a rule names the path without the slash at its end',
    concern: 'authentication',
    source: CONCEPT,
    async holds(vault) {
      const mount = await newMethod(vault);
      done(await vault.ask('POST', `auth/${mount}/role/one`, { body: roleBody }));
      const as = await tokenWith(vault, `path "auth/${mount}/role" { capabilities = ["list"] }`);
      expect(done(await list(vault, `auth/${mount}/role`, { as })).data).to.deep.equal({ keys: ['one'] });
      const { data } = done(await vault.ask('POST', 'sys/capabilities-self', { as, body: { paths: [`auth/${mount}/role/`] } }));
      expect(data).to.deep.include({ [`auth/${mount}/role/`]: ['list'] });
    },
  },
  {
    title: 'answers 503 to everything but its health while it is sealed',
    concern: 'consistency',
    source: docs('system/health'),
    servedBy: [],
    async holds(vault) {
      const { seal } = vault as SandboxVault;
      seal(true);
      try {
        expect(refused(await vault.ask('GET', 'sys/auth'), 503)).to.contain('sealed');
        expect((await vault.ask('GET', 'sys/health', { as: null })).body).to.include({ sealed: true, initialized: true });
      } finally {
        seal(false);
      }
    },
  },
  {
    title: 'tells its health without a token',
    concern: 'reads',
    source: docs('system/health'),
    async holds(vault) {
      const { status, body } = await vault.ask('GET', 'sys/health', { as: null });
      expect(status).to.equal(200);
      expect(body).to.include({ initialized: true, sealed: false, standby: false });
      expect(body.version).to.match(/^\d+\.\d+\.\d+/);
    },
  },
];
