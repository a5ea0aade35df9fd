import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { ArgoCd } from '../subjects/argocd/argocd.ts';
import { accepted, create, get, newApplication, newPlace } from './things.ts';

const DIFFERENT = 'existing application spec is different, use upsert flag to force update';

export const writes: readonly Assertion<ArgoCd>[] = [
  {
    title: 'creates an application in its own namespace, version and generation included',
    concern: 'writes',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const { metadata, spec } = accepted(await create(argocd, place.application({}, { labels: { run: 'one' }, annotations: { a: 'b' } })));
      expect(metadata).to.include({ name: place.name, namespace: 'argocd', generation: 1 });
      expect(metadata).to.deep.include({ labels: { run: 'one' }, annotations: { a: 'b' } });
      expect(metadata.uid).to.match(/^[0-9a-f-]{36}$/);
      expect(metadata.resourceVersion).to.match(/^\d+$/);
      expect(metadata).to.not.have.property('finalizers');
      expect(spec).to.deep.equal(place.application().spec);
    },
  },
  {
    title: 'takes an application without a project for one of the project default',
    concern: 'writes',
    async holds(argocd) {
      const place = await newPlace(argocd);
      expect(accepted(await create(argocd, place.application({ project: '' }))).spec.project).to.equal('default');
    },
  },
  {
    title: 'takes an equal application again as the one that is there',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newPlace(argocd);
      const { metadata } = accepted(await create(argocd, place.application()));
      const again = accepted(await create(argocd, place.application()));
      expect(again.metadata.uid).to.equal(metadata.uid);
    },
  },
  {
    title: 'refuses a different application of the same name with 400 and code 3',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newApplication(argocd);
      const others = [
        place.application({ revisionHistoryLimit: 3 }),
        place.application({}, { labels: { run: 'two' } }),
        place.application({}, { finalizers: ['example.com/hold'] }),
      ];
      for (const other of others) {
        const { status, body } = await create(argocd, other);
        expect(status).to.equal(400);
        expect(body).to.deep.equal({ error: DIFFERENT, code: 3, message: DIFFERENT });
      }
    },
  },
  {
    title: 'replaces the spec and merges labels and annotations when asked to upsert',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newApplication(argocd, { metadata: { labels: { run: 'one', kept: 'yes' }, annotations: { a: 'b' } } });
      const wanted = place.application({ revisionHistoryLimit: 3 }, { labels: { run: 'two' } });
      const { metadata, spec } = accepted(await create(argocd, wanted, '?upsert=true'));
      expect(spec).to.deep.equal(wanted.spec);
      expect(metadata.labels).to.deep.equal({ run: 'two', kept: 'yes' });
      expect(metadata.annotations).to.include({ a: 'b' });
    },
  },
  {
    title: 'replaces spec, labels and finalizers by an update, whatever version it was made from',
    concern: 'conflicts',
    async holds(argocd) {
      const place = await newApplication(argocd, { spec: { revisionHistoryLimit: 3 }, metadata: { labels: { run: 'one' } } });
      const { metadata } = accepted(await get(argocd, place.name));
      for (const resourceVersion of [metadata.resourceVersion, '1']) {
        const wanted = place.application(
          {},
          { labels: { seen: 'yes' }, finalizers: ['resources-finalizer.argocd.argoproj.io'], resourceVersion },
        );
        const { status, body } = await argocd.call('PUT', `/api/v1/applications/${place.name}`, { body: wanted });
        expect(status).to.equal(200);
        expect(body.spec).to.deep.equal(wanted.spec);
        expect(body.metadata.labels).to.deep.equal({ seen: 'yes' });
        expect(body.metadata.finalizers).to.deep.equal(['resources-finalizer.argocd.argoproj.io']);
        expect(body.metadata.uid).to.equal(metadata.uid);
      }
    },
  },
  {
    title: 'replaces the spec alone at its own address',
    concern: 'writes',
    async holds(argocd) {
      const place = await newApplication(argocd, { metadata: { labels: { run: 'one' } } });
      const { spec } = place.application({ revisionHistoryLimit: 4 });
      const { status, body } = await argocd.call('PUT', `/api/v1/applications/${place.name}/spec`, { body: spec });
      expect(status).to.equal(200);
      expect(body).to.deep.equal(spec);
      const read = accepted(await get(argocd, place.name));
      expect(read.spec).to.deep.equal(spec);
      expect(read.metadata.labels).to.deep.equal({ run: 'one' });
    },
  },
  {
    title: 'changes an application by a merge patch and by a JSON patch',
    concern: 'writes',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const patch = (patchType: string, value: unknown) =>
        argocd.call('PATCH', `/api/v1/applications/${name}`, { body: { patch: JSON.stringify(value), patchType } });
      const merged = accepted(await patch('merge', { metadata: { labels: { colour: 'blue' } }, spec: { revisionHistoryLimit: 2 } }));
      expect(merged.metadata.labels).to.deep.equal({ colour: 'blue' });
      expect(merged.spec.revisionHistoryLimit).to.equal(2);
      const steps = [
        { op: 'test', path: '/metadata/labels/colour', value: 'blue' },
        { op: 'remove', path: '/metadata/labels/colour' },
        { op: 'add', path: '/spec/revisionHistoryLimit', value: 5 },
      ];
      const patched = accepted(await patch('json', steps));
      expect(patched.metadata).to.not.have.property('labels');
      expect(patched.spec.revisionHistoryLimit).to.equal(5);
    },
  },
  {
    title: 'refuses a patch that doesn’t apply with 500 and code 2, and one of an unknown type with 400 and code 3',
    concern: 'validation',
    async holds(argocd) {
      const { name } = await newApplication(argocd);
      const patch = (patchType: string, text: string) =>
        argocd.call('PATCH', `/api/v1/applications/${name}`, { body: { patch: text, patchType } });
      const absent = await patch('json', '[{"op":"remove","path":"/metadata/labels/nothing"}]');
      expect(absent.status).to.equal(500);
      expect(absent.body.code).to.equal(2);
      expect(absent.body.message).to.match(/^error applying patch: /);
      expect((await patch('merge', '{')).body.code).to.equal(2);
      const unknown = await patch('strategic', '{}');
      expect(unknown.status).to.equal(400);
      expect(unknown.body).to.include({ code: 3, message: "Patch type 'strategic' is not supported" });
    },
  },
];
