import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer, Body } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, pathOf, refused } from './things.ts';

const namesIn = ({ items }: Body): string[] => items.map(({ metadata }) => metadata.name);

const list = (cluster: Cluster, query: Record<string, string>): Promise<Answer> =>
  cluster.ask('GET', pathOf(cluster, 'configmaps'), { query });

/** `set-a`, `set-b` and so on, labelled with the set and with their letter. */
async function setOf(cluster: Cluster, letters: string): Promise<string> {
  const set = unique('set');
  for (const letter of letters.split('').reverse()) {
    await create(cluster, 'configmaps', configMap(`${set}-${letter}`, {}, { labels: { set, letter } }));
  }
  return set;
}

export const lists: readonly Assertion<Cluster>[] = [
  {
    title: 'a list is sorted by name, tells its own version, and its items come without their type',
    concern: 'reads',
    async holds(cluster) {
      const set = await setOf(cluster, 'abc');
      const answer = done(await list(cluster, { labelSelector: `set=${set}` }));
      expect(answer).to.deep.include({ kind: 'ConfigMapList', apiVersion: 'v1' });
      expect(answer.metadata.resourceVersion).to.match(/^\d+$/);
      expect(namesIn(answer)).to.deep.equal([`${set}-a`, `${set}-b`, `${set}-c`]);
      expect(answer.items[0]).to.not.have.any.keys('kind', 'apiVersion');
    },
  },
  {
    title: 'an empty list has an empty list of items',
    concern: 'reads',
    async holds(cluster) {
      expect(done(await list(cluster, { labelSelector: 'set=nothing' })).items).to.deep.equal([]);
    },
  },
  {
    title: 'a list of a namespace that is not there is empty',
    concern: 'not found',
    async holds(cluster) {
      const answer = done(await cluster.ask('GET', pathOf({ namespace: unique('nowhere') }, 'configmaps')));
      expect(answer.items).to.deep.equal([]);
    },
  },
  {
    title: 'a list with a limit comes in pages, the last of which has no token',
    concern: 'paging',
    async holds(cluster) {
      const set = await setOf(cluster, 'abcde');
      const pages: string[][] = [];
      let token = '';
      do {
        const page = done(await list(cluster, { labelSelector: `set=${set}`, limit: '2', ...(token !== '' && { continue: token }) }));
        pages.push(namesIn(page).map((name) => name.slice(-1)));
        token = page.metadata.continue ?? '';
      } while (token !== '');
      expect(pages).to.deep.equal([['a', 'b'], ['c', 'd'], ['e']]);
    },
  },
  {
    title: 'a page counts what remains, unless a selector chooses',
    concern: 'paging',
    async holds(cluster) {
      const namespace = unique('paged');
      done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } }));
      const own = { ...cluster, namespace };
      for (const name of ['a', 'b', 'c', 'd']) await create(own, 'secrets', { metadata: { name } });
      const path = pathOf(own, 'secrets');
      const page = (query: Record<string, string>) => cluster.ask('GET', path, { query: { limit: '1', ...query } });
      expect(done(await page({})).metadata.remainingItemCount).to.equal(3);
      expect(done(await page({ labelSelector: '!set' })).metadata).to.not.have.property('remainingItemCount');
      await cluster.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    },
  },
  {
    title: 'all pages of a list show one moment: what is created or deleted meanwhile doesn’t count',
    concern: 'consistency',
    async holds(cluster) {
      const set = await setOf(cluster, 'abde');
      const query = { labelSelector: `set=${set}`, limit: '2' };
      const first = done(await list(cluster, query));
      await create(cluster, 'configmaps', configMap(`${set}-c`, {}, { labels: { set } }));
      done(await cluster.ask('DELETE', pathOf(cluster, 'configmaps', `${set}-d`)));
      const second = done(await list(cluster, { ...query, continue: first.metadata.continue ?? '' }));
      expect(namesIn(second)).to.deep.equal([`${set}-d`, `${set}-e`]);
      expect(second.metadata.resourceVersion).to.equal(first.metadata.resourceVersion);
    },
  },
  {
    title: 'a token that is none is a 400',
    concern: 'paging',
    async holds(cluster) {
      refused(
        await list(cluster, { limit: '2', continue: 'nonsense' }),
        400,
        'BadRequest',
        /^invalid continue token: continue key is not valid: /,
      );
    },
  },
  {
    title: 'label selectors choose by equality, by set and by existence',
    concern: 'reads',
    async holds(cluster) {
      const set = await setOf(cluster, 'abc');
      const chosen = async (selector: string) =>
        namesIn(done(await list(cluster, { labelSelector: `set=${set},${selector}` })))
          .map((name) => name.slice(-1))
          .join('');
      expect(await chosen('letter==a')).to.equal('a');
      expect(await chosen('letter!=a')).to.equal('bc');
      expect(await chosen('letter in (a, c)')).to.equal('ac');
      expect(await chosen('letter notin (a, c)')).to.equal('b');
      expect(await chosen('letter')).to.equal('abc');
      expect(await chosen('!letter')).to.equal('');
      expect(await chosen('other!=a')).to.equal('abc');
    },
  },
  {
    title: 'a label selector that is none is a 400',
    concern: 'validation',
    async holds(cluster) {
      refused(await list(cluster, { labelSelector: 'a in b' }), 400, 'BadRequest');
      refused(await list(cluster, { labelSelector: 'a=b=c' }), 400, 'BadRequest');
    },
  },
  {
    title: 'field selectors choose by name, and by a Secret’s type',
    concern: 'reads',
    async holds(cluster) {
      const set = await setOf(cluster, 'ab');
      expect(namesIn(done(await list(cluster, { fieldSelector: `metadata.name=${set}-b` })))).to.deep.equal([`${set}-b`]);
      const type = `example.com/${set}`;
      await create(cluster, 'secrets', { metadata: { name: set }, type });
      const answer = await cluster.ask('GET', pathOf(cluster, 'secrets'), { query: { fieldSelector: `type=${type}` } });
      expect(namesIn(done(answer))).to.deep.equal([set]);
    },
  },
  {
    title: 'a field selector for a field that the type isn’t indexed by is a 400',
    concern: 'validation',
    async holds(cluster) {
      refused(
        await list(cluster, { fieldSelector: 'data.a=1' }),
        400,
        'BadRequest',
        '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
      );
      const pods = await cluster.ask('GET', pathOf(cluster, 'pods'), { query: { fieldSelector: 'spec.colour=red' } });
      refused(pods, 400, 'BadRequest', 'field label not supported: spec.colour');
    },
  },
  {
    title: 'a list over all namespaces holds what lies in each',
    concern: 'reads',
    async holds(cluster) {
      const set = await setOf(cluster, 'a');
      const answer = await cluster.ask('GET', '/api/v1/configmaps', { query: { labelSelector: `set=${set}` } });
      expect(done(answer).items[0]?.metadata).to.include({ name: `${set}-a`, namespace: cluster.namespace });
    },
  },
];
