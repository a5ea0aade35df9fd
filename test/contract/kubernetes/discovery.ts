import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, pathOf, refused } from './things.ts';

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
}

export const discovery: readonly Assertion<Cluster>[] = [
  {
    title: '/version tells major, minor and the whole version',
    concern: 'reads',
    async holds(cluster) {
      const version = done(await cluster.ask('GET', '/version'));
      expect(version.major).to.equal('1');
      expect(version.gitVersion).to.match(new RegExp(`^v1\\.${version.minor}\\.`));
    },
  },
  {
    title: '/readyz answers ok to everybody',
    concern: 'reads',
    async holds(cluster) {
      const { status, text } = await cluster.as(null).ask('GET', '/readyz');
      expect({ status, text }).to.deep.equal({ status: 200, text: 'ok' });
    },
  },
  {
    title: 'discovery tells plural, scope, verbs and short names of a kind, and subresources as names of their own',
    concern: 'reads',
    async holds(cluster) {
      const answer = done(await cluster.ask('GET', '/apis/apps/v1'));
      expect(answer).to.include({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
      const resources = answer.resources as Resource[];
      const deployment = resources.find(({ name }) => name === 'deployments');
      expect(deployment).to.deep.include({ kind: 'Deployment', namespaced: true, shortNames: ['deploy'] });
      expect(deployment?.verbs).to.include.members(['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']);
      expect(resources.find(({ name }) => name === 'deployments/scale')).to.include({ kind: 'Scale', group: 'autoscaling', version: 'v1' });
      const core = done(await cluster.ask('GET', '/api/v1')).resources as Resource[];
      expect(core.find(({ name }) => name === 'namespaces')).to.include({ kind: 'Namespace', namespaced: false });
    },
  },
  {
    title: '/apis lists the groups with their preferred versions',
    concern: 'reads',
    async holds(cluster) {
      const { kind, groups } = done(await cluster.ask('GET', '/apis'));
      expect(kind).to.equal('APIGroupList');
      const apps = (groups as { name: string }[]).find(({ name }) => name === 'apps');
      expect(apps).to.deep.include({ name: 'apps', preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } });
    },
  },
  {
    title: 'a group or version that nobody serves is a 404 in plain text',
    concern: 'not found',
    async holds(cluster) {
      for (const path of ['/apis/nothing.example.com/v1', '/apis/nothing.example.com/v1/namespaces/a/things', '/nothing']) {
        const { status, text } = await cluster.ask('GET', path);
        expect({ status, text: text.trim() }, path).to.deep.equal({ status: 404, text: '404 page not found' });
      }
    },
  },
  {
    title: 'a resource that a version doesn’t have is a 404 with a Status',
    concern: 'not found',
    async holds(cluster) {
      refused(await cluster.ask('GET', '/api/v1/things'), 404, 'NotFound', 'the server could not find the requested resource');
      refused(await cluster.ask('GET', pathOf(cluster, 'apps/v1/things', 'a')), 404, 'NotFound');
    },
  },
  {
    title: 'who accepts PartialObjectMetadata is given metadata alone',
    concern: 'reads',
    async holds(cluster) {
      const name = unique('partial');
      await create(cluster, 'configmaps', configMap(name, { a: '1' }));
      const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
      const one = done(await cluster.ask('GET', pathOf(cluster, 'configmaps', name), { accept }));
      expect(one).to.include({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }).and.not.have.property('data');
      expect(one.metadata.name).to.equal(name);
      const listAccept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
      const query = { fieldSelector: `metadata.name=${name}` };
      const list = done(await cluster.ask('GET', pathOf(cluster, 'configmaps'), { accept: listAccept, query }));
      expect(list).to.include({ kind: 'PartialObjectMetadataList' });
      expect(list.items.map(({ metadata }) => metadata.name)).to.deep.equal([name]);
    },
  },
  {
    title: 'what the server can’t write, it refuses with 406',
    concern: 'validation',
    async holds(cluster) {
      const unknownForm = 'application/json;as=PartialObjectMetadataList;v=1;g=meta.k8s.io';
      for (const accept of ['text/html', unknownForm])
        refused(await cluster.ask('GET', pathOf(cluster, 'configmaps'), { accept }), 406, 'NotAcceptable');
    },
  },
];
