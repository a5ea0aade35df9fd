import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, patch, pathOf, refused } from './things.ts';

async function patched(cluster: Cluster, data: object = { a: '1', b: '2' }): Promise<string> {
  const name = unique('patched');
  await create(cluster, 'configmaps', configMap(name, data));
  return pathOf(cluster, 'configmaps', name);
}

export const patches: readonly Assertion<Cluster>[] = [
  {
    title: 'a JSON patch adds, replaces and removes by path',
    concern: 'writes',
    async holds(cluster) {
      const operations = [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'replace', path: '/data/a', value: '3' },
        { op: 'remove', path: '/data/b' },
        { op: 'add', path: '/data/c~1d', value: '4' },
      ];
      const answer = await patch(cluster, await patched(cluster), 'json-patch', operations.slice(0, 3));
      expect(done(answer).data).to.deep.equal({ a: '3' });
      refused(await patch(cluster, await patched(cluster), 'json-patch', operations), 422, 'Invalid', /is invalid: data\[c\/d\]/);
    },
  },
  {
    title: 'a JSON patch whose test fails, or whose path is not there, is a 422 and changes nothing',
    concern: 'conflicts',
    async holds(cluster) {
      const path = await patched(cluster);
      const change = { op: 'replace', path: '/data/b', value: '3' };
      const test = { op: 'test', path: '/data/a', value: 'another' };
      const rejected = /^the server rejected our request due to an error in our request/;
      refused(await patch(cluster, path, 'json-patch', [change, test]), 422, 'Invalid', rejected);
      refused(await patch(cluster, path, 'json-patch', [change, { op: 'remove', path: '/data/z' }]), 422, 'Invalid', rejected);
      expect((await cluster.ask('GET', path)).body.data).to.deep.equal({ a: '1', b: '2' });
    },
  },
  {
    title: 'a merge patch removes what it sets to null and replaces lists whole',
    concern: 'writes',
    async holds(cluster) {
      const path = await patched(cluster);
      const body = { metadata: { finalizers: ['example.com/a', 'example.com/b'] }, data: { a: null, c: '3' } };
      expect(done(await patch(cluster, path, 'merge-patch', body)).data).to.deep.equal({ b: '2', c: '3' });
      const fewer = done(await patch(cluster, path, 'merge-patch', { metadata: { finalizers: ['example.com/b'] } }));
      expect(fewer.metadata.finalizers).to.deep.equal(['example.com/b']);
      done(await patch(cluster, path, 'merge-patch', { metadata: { finalizers: null } }));
    },
  },
  {
    title: 'a strategic merge patch merges containers by name and deletes with $patch',
    concern: 'writes',
    async holds(cluster) {
      const app = unique('strategic');
      const containers = [
        { name: 'web', image: 'web:1' },
        { name: 'side', image: 'side:1' },
      ];
      const template = { metadata: { labels: { app } }, spec: { containers } };
      await create(cluster, 'apps/v1/deployments', {
        metadata: { name: app },
        spec: { replicas: 0, selector: { matchLabels: { app } }, template },
      });
      const change = [
        { name: 'web', image: 'web:2' },
        { name: 'side', $patch: 'delete' },
      ];
      const path = pathOf(cluster, 'apps/v1/deployments', app);
      const { spec } = done(await patch(cluster, path, 'strategic-merge-patch', { spec: { template: { spec: { containers: change } } } }));
      const left = (spec as { template: { spec: { containers: { name: string; image: string }[] } } }).template.spec.containers;
      expect(left.map(({ name, image }) => `${name} ${image}`)).to.deep.equal(['web web:2']);
    },
  },
  {
    title: 'a patch of an unknown media type is a 415',
    concern: 'validation',
    async holds(cluster) {
      const path = await patched(cluster);
      const answer = await cluster.ask('PATCH', path, { body: { data: {} } });
      refused(answer, 415, 'UnsupportedMediaType', '415: Unsupported Media Type');
    },
  },
  {
    title: 'a patch that changes nothing leaves the resourceVersion as it is',
    concern: 'writes',
    async holds(cluster) {
      const path = await patched(cluster);
      const { metadata } = (await cluster.ask('GET', path)).body;
      expect(done(await patch(cluster, path, 'merge-patch', { data: { a: '1' } })).metadata).to.deep.equal(metadata);
    },
  },
  {
    title: 'a patch with a resourceVersion that is not the present one is a 409',
    concern: 'conflicts',
    async holds(cluster) {
      const path = await patched(cluster);
      const { resourceVersion } = (await cluster.ask('GET', path)).body.metadata;
      const body = { metadata: { resourceVersion }, data: { a: '2' } };
      done(await patch(cluster, path, 'merge-patch', body));
      refused(await patch(cluster, path, 'merge-patch', { ...body, data: { a: '3' } }), 409, 'Conflict', /the object has been modified/);
    },
  },
  {
    title: 'a patch of what is not there is a 404',
    concern: 'not found',
    async holds(cluster) {
      const name = unique('absent');
      const answer = await patch(cluster, pathOf(cluster, 'configmaps', name), 'merge-patch', { data: {} });
      refused(answer, 404, 'NotFound', `configmaps "${name}" not found`);
    },
  },
  {
    title: 'a patch that is no JSON, or no patch, is a 400',
    concern: 'validation',
    async holds(cluster) {
      const path = await patched(cluster);
      refused(await patch(cluster, path, 'merge-patch', '{"data":'), 400, 'BadRequest');
      refused(await patch(cluster, path, 'json-patch', { data: {} }), 400, 'BadRequest');
    },
  },
  {
    title: 'a patch that gives another name is a 400',
    concern: 'validation',
    async holds(cluster) {
      const path = await patched(cluster);
      refused(await patch(cluster, path, 'merge-patch', { metadata: { name: 'another' } }), 400, 'BadRequest');
    },
  },
];
