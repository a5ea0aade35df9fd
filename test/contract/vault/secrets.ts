import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { unique } from '../unique.ts';
import type { VaultSubject } from './subject.ts';
import { docs, done, list, refused } from './things.ts';

const KV = docs('secret/kv/kv-v2');

/** The KV secrets engine, version 2. */
export const secrets: readonly Assertion<VaultSubject>[] = [
  {
    title: 'wraps what was written in data and its version in metadata',
    concern: 'reads',
    source: KV,
    async holds(vault) {
      const path = `${vault.kv}/data/${unique('secret')}`;
      expect(done(await vault.ask('POST', path, { body: { data: { licence: 'one' } } })).data).to.include({ version: 1 });
      done(await vault.ask('POST', path, { body: { data: { licence: 'two' } } }));
      const { data } = done(await vault.ask('GET', path));
      expect(data?.data).to.deep.equal({ licence: 'two' });
      expect(data?.metadata).to.include({ version: 2, destroyed: false, deletion_time: '' });
    },
  },
  {
    title: 'answers 404 for what is not there, and with its metadata for what was deleted',
    concern: 'not found',
    source: KV,
    async holds(vault) {
      const path = `${vault.kv}/data/${unique('secret')}`;
      refused(await vault.ask('GET', path), 404);
      done(await vault.ask('POST', path, { body: { data: { a: 'b' } } }));
      expect((await vault.ask('DELETE', path)).status).to.equal(204);
      const { status, body } = await vault.ask('GET', path);
      expect(status).to.equal(404);
      expect(body.data).to.deep.include({ data: null });
    },
  },
  {
    title: 'refuses a write that expects another version',
    concern: 'conflicts',
    source: KV,
    async holds(vault) {
      const path = `${vault.kv}/data/${unique('secret')}`;
      done(await vault.ask('POST', path, { body: { data: { a: 'b' }, options: { cas: 0 } } }));
      expect(refused(await vault.ask('POST', path, { body: { data: { a: 'c' }, options: { cas: 0 } } }), 400)).to.contain('check-and-set');
    },
  },
  {
    title: 'lists what lies below a path, deeper things with a slash',
    concern: 'reads',
    source: KV,
    async holds(vault) {
      const folder = unique('folder');
      for (const name of ['b', 'a/deep'])
        done(await vault.ask('POST', `${vault.kv}/data/${folder}/${name}`, { body: { data: { x: 'y' } } }));
      expect(done(await list(vault, `${vault.kv}/metadata/${folder}`)).data).to.deep.equal({ keys: ['a/', 'b'] });
      refused(await list(vault, `${vault.kv}/metadata/${unique('empty')}`), 404);
    },
  },
  {
    title: 'answers 404 for the path of no mount',
    concern: 'not found',
    source: KV,
    async holds(vault) {
      refused(await vault.ask('GET', `${unique('nothing')}/data/x`), 404);
    },
  },
];
