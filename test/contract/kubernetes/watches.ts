import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { WatchEvent } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, patch, pathOf } from './things.ts';

const lines = (events: readonly WatchEvent[]): string[] => events.map(({ type, object }) => `${type} ${object.metadata.name}`);

async function presentVersion(cluster: Cluster): Promise<string> {
  return done(await cluster.ask('GET', pathOf(cluster, 'configmaps'))).metadata.resourceVersion;
}

export const watches: readonly Assertion<Cluster>[] = [
  {
    title: 'a watch from a list’s version tells what happened since, in order',
    concern: 'watch',
    async holds(cluster) {
      const name = unique('watched');
      const resourceVersion = await presentVersion(cluster);
      await create(cluster, 'configmaps', configMap(name, { a: '1' }));
      const path = pathOf(cluster, 'configmaps', name);
      done(await patch(cluster, path, 'merge-patch', { data: { a: '2' } }));
      done(await cluster.ask('DELETE', path));
      const query = { resourceVersion, fieldSelector: `metadata.name=${name}` };
      const events = await cluster.watch(pathOf(cluster, 'configmaps'), query, ({ type }) => type === 'DELETED');
      expect(lines(events)).to.deep.equal([`ADDED ${name}`, `MODIFIED ${name}`, `DELETED ${name}`]);
      expect(events.map(({ object }) => object.data)).to.deep.equal([{ a: '1' }, { a: '2' }, { a: '2' }]);
      expect(events[0]?.object).to.include({ kind: 'ConfigMap', apiVersion: 'v1' });
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      expect(versions).to.deep.equal(versions.toSorted((a, b) => a - b));
    },
  },
  {
    title: 'a watch without a version begins with what is there',
    concern: 'watch',
    async holds(cluster) {
      const set = unique('watched');
      for (const letter of ['a', 'b']) await create(cluster, 'configmaps', configMap(`${set}-${letter}`, {}, { labels: { set } }));
      const query = { labelSelector: `set=${set}` };
      const events = await cluster.watch(pathOf(cluster, 'configmaps'), query, ({ object }) => object.metadata.name.endsWith('-b'));
      expect(lines(events)).to.deep.equal([`ADDED ${set}-a`, `ADDED ${set}-b`]);
    },
  },
  {
    title: 'what leaves the selection of a watch is told as deleted, what enters as added',
    concern: 'watch',
    async holds(cluster) {
      const name = unique('watched');
      await create(cluster, 'configmaps', configMap(name, {}, { labels: { set: name } }));
      const resourceVersion = await presentVersion(cluster);
      const path = pathOf(cluster, 'configmaps', name);
      done(await patch(cluster, path, 'merge-patch', { metadata: { labels: { set: 'none' } } }));
      done(await patch(cluster, path, 'merge-patch', { metadata: { labels: { set: name } } }));
      const query = { resourceVersion, labelSelector: `set=${name}` };
      const events = await cluster.watch(pathOf(cluster, 'configmaps'), query, ({ type }) => type === 'ADDED');
      expect(lines(events)).to.deep.equal([`DELETED ${name}`, `ADDED ${name}`]);
    },
  },
  {
    title: 'a watch ends after its timeoutSeconds, with 200',
    concern: 'watch',
    async holds(cluster) {
      const resourceVersion = await presentVersion(cluster);
      const query = { resourceVersion, timeoutSeconds: '1', fieldSelector: 'metadata.name=nothing' };
      expect(await cluster.watch(pathOf(cluster, 'configmaps'), query)).to.deep.equal([]);
    },
  },
  {
    title: 'a watch that asks for initial events ends them with an annotated bookmark',
    concern: 'watch',
    async holds(cluster) {
      const name = unique('streamed');
      await create(cluster, 'configmaps', configMap(name));
      const query = {
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        allowWatchBookmarks: 'true',
        fieldSelector: `metadata.name=${name}`,
      };
      const events = await cluster.watch(pathOf(cluster, 'configmaps'), query, ({ type }) => type === 'BOOKMARK');
      expect(events.map(({ type }) => type)).to.deep.equal(['ADDED', 'BOOKMARK']);
      expect(events[1]?.object.metadata).to.deep.include({ annotations: { 'k8s.io/initial-events-end': 'true' } });
    },
  },
];
