import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Body } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { apply, configMap, create, done, pathOf, refused } from './things.ts';

const managersOf = ({ metadata }: Body): string[] =>
  (metadata.managedFields ?? []).map(({ manager, operation }) => `${manager} ${operation}`).sort();

export const applying: readonly Assertion<Cluster>[] = [
  {
    title: 'server-side apply creates what is not there with 201, and answers 200 from then on',
    concern: 'writes',
    async holds(cluster) {
      const object = configMap(unique('applied'), { a: '1' });
      expect((await apply(cluster, object)).status).to.equal(201);
      expect((await apply(cluster, object)).status).to.equal(200);
    },
  },
  {
    title: 'server-side apply of the same leaves the resourceVersion and the times of managedFields as they are',
    concern: 'writes',
    async holds(cluster) {
      const object = configMap(unique('same'), { a: '1' }, { labels: { tier: 'web' } });
      const first = done(await apply(cluster, object));
      expect(done(await apply(cluster, object)).metadata).to.deep.equal(first.metadata);
    },
  },
  {
    title: 'server-side apply records the fields that were applied, and no others, as the manager’s',
    concern: 'writes',
    async holds(cluster) {
      const { metadata } = done(await apply(cluster, configMap(unique('owned'), { a: '1' }, { labels: { tier: 'web' } })));
      expect(metadata.managedFields).to.have.length(1);
      expect(metadata.managedFields?.[0]).to.deep.include({
        manager: 'one',
        operation: 'Apply',
        apiVersion: 'v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:tier': {} } } },
      });
    },
  },
  {
    title: 'server-side apply of another manager’s field is a 409 with a cause FieldManagerConflict that names field and manager',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('contested');
      done(await apply(cluster, configMap(name, { a: '1', b: '1' })));
      const answer = await apply(cluster, configMap(name, { a: '2', c: '3' }), 'two');
      const causes = refused(answer, 409, 'Conflict', 'Apply failed with 1 conflict: conflict with "one": .data.a');
      expect(causes).to.deep.equal([{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }]);
    },
  },
  {
    title: 'server-side apply names every conflict, in the message by manager, and changes nothing',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('contested');
      done(await apply(cluster, configMap(name, { a: '1', b: '1' }), 'two'));
      done(await apply(cluster, configMap(name, { c: '1' }), 'one'));
      const answer = await apply(cluster, configMap(name, { a: '2', b: '2', c: '2', d: '2' }), 'three');
      const causes = refused(
        answer,
        409,
        'Conflict',
        'Apply failed with 3 conflicts: conflicts with "one":\n- .data.c\nconflicts with "two":\n- .data.a\n- .data.b',
      );
      expect(causes.map(({ field, message }) => `${message} ${field}`)).to.have.members([
        'conflict with "one" .data.c',
        'conflict with "two" .data.a',
        'conflict with "two" .data.b',
      ]);
      const { body } = await cluster.ask('GET', pathOf(cluster, 'configmaps', name));
      expect(body.data).to.deep.equal({ a: '1', b: '1', c: '1' });
    },
  },
  {
    title: 'server-side apply conflicts with who created the object by POST, named with its version',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('posted');
      done(
        await cluster.ask('POST', pathOf(cluster, 'configmaps'), { body: configMap(name, { a: '1' }), query: { fieldManager: 'poster' } }),
      );
      const answer = await apply(cluster, configMap(name, { a: '2' }));
      refused(answer, 409, 'Conflict', 'Apply failed with 1 conflict: conflict with "poster" using v1: .data.a');
    },
  },
  {
    title: 'server-side apply with force takes the field over, and the loser no longer owns it',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('forced');
      done(await apply(cluster, configMap(name, { a: '1' }), 'one'));
      const taken = done(await apply(cluster, configMap(name, { a: '2' }), 'two', { force: true }));
      expect(taken.data).to.deep.equal({ a: '2' });
      expect(managersOf(taken)).to.deep.equal(['two Apply']);
    },
  },
  {
    title: 'server-side apply of the same value makes both managers owners, and a field goes with its last one',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('shared');
      done(await apply(cluster, configMap(name, { a: '1', b: '2' }), 'one'));
      const both = done(await apply(cluster, configMap(name, { b: '2' }), 'two'));
      expect(managersOf(both)).to.deep.equal(['one Apply', 'two Apply']);
      expect(done(await apply(cluster, configMap(name, { a: '1' }), 'one')).data).to.deep.equal({ a: '1', b: '2' });
      expect(done(await apply(cluster, configMap(name), 'two')).data).to.deep.equal({ a: '1' });
    },
  },
  {
    title: 'server-side apply removes a field that the manager no longer applies',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('shrunk');
      done(await apply(cluster, configMap(name, { a: '1', b: '2' }, { labels: { tier: 'web' } })));
      const shrunk = done(await apply(cluster, configMap(name, { a: '1' })));
      expect(shrunk.data).to.deep.equal({ a: '1' });
      expect(shrunk.metadata.labels).to.equal(undefined);
    },
  },
  {
    title: 'an update that changes a field makes it the updater’s, away from who applied it',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('edited');
      const applied = done(await apply(cluster, configMap(name, { a: '1', b: '1' })));
      const path = pathOf(cluster, 'configmaps', name);
      const body = { ...applied, data: { a: '2', b: '1' } };
      const edited = done(await cluster.ask('PUT', path, { body, query: { fieldManager: 'editor' } }));
      const fields = Object.fromEntries((edited.metadata.managedFields ?? []).map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
      expect(fields).to.deep.equal({ one: { 'f:data': { 'f:b': {} } }, editor: { 'f:data': { 'f:a': {} } } });
    },
  },
  {
    title: 'server-side apply of a resourceVersion that is not the present one is a 409',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('versioned');
      const { metadata } = done(await apply(cluster, configMap(name, { a: '1' })));
      const stale = { resourceVersion: metadata.resourceVersion };
      done(await apply(cluster, configMap(name, { a: '2' }, stale)));
      const message = `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`;
      refused(await apply(cluster, configMap(name, { a: '3' }, stale)), 409, 'Conflict', message);
    },
  },
  {
    title: 'server-side apply of a uid is a 409 where nothing is, and a 422 where something else is',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('identified');
      const uid = '00000000-0000-4000-8000-000000000000';
      refused(await apply(cluster, configMap(name, { a: '1' }, { uid })), 409, 'Conflict', /uid mismatch/);
      done(await apply(cluster, configMap(name, { a: '1' })));
      refused(
        await apply(cluster, configMap(name, { a: '1' }, { uid })),
        422,
        'Invalid',
        /metadata\.uid: Invalid value: .*: field is immutable$/,
      );
    },
  },
  {
    title: 'server-side apply without a field manager is a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('nobody');
      const answer = await apply(cluster, configMap(name), '');
      const causes = refused(answer, 422, 'Invalid', /fieldManager: Required value: is required for apply patch/);
      expect(causes[0]).to.include({ reason: 'FieldValueRequired', field: 'fieldManager' });
    },
  },
  {
    title: 'server-side apply of managedFields is a 400',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('managed');
      const { metadata } = done(await apply(cluster, configMap(name, { a: '1' })));
      const answer = await apply(cluster, configMap(name, { a: '1' }, { managedFields: metadata.managedFields }));
      refused(answer, 400, 'BadRequest', 'metadata.managedFields must be nil');
    },
  },
  {
    title: 'server-side apply of a field that the type doesn’t have is a 500 that names it, whatever fieldValidation says',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('unknown');
      const body = { ...configMap(name, { a: '1' }, { namespace: cluster.namespace }), datta: {} };
      const answer = await apply(cluster, body);
      expect(answer.status).to.equal(500);
      expect(answer.body).to.deep.include({
        kind: 'Status',
        code: 500,
        message: `failed to create typed patch object (${cluster.namespace}/${name}; /v1, Kind=ConfigMap): .datta: field not declared in schema`,
      });
      const number = await apply(cluster, configMap(name, { a: 1 }));
      expect(number.status).to.equal(500);
      expect(number.body.message).to.match(/: \.data\.a: expected string, got /);
    },
  },
  {
    title: 'server-side apply takes YAML',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('yaml');
      const body = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata:\n  a: |\n    1\n`;
      const answer = await cluster.ask('PATCH', pathOf(cluster, 'configmaps', name), {
        body,
        query: { fieldManager: 'one' },
        contentType: 'application/apply-patch+yaml',
      });
      expect(done(answer).data).to.deep.equal({ a: '1\n' });
    },
  },
  {
    title: 'server-side apply in a dry run shows the outcome and its conflicts, and stores nothing',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('dry');
      const path = pathOf(cluster, 'configmaps', name);
      expect(done(await apply(cluster, configMap(name, { a: '1' }), 'one', { dryRun: true })).data).to.deep.equal({ a: '1' });
      expect((await cluster.ask('GET', path)).status).to.equal(404);
      const { metadata } = await create(cluster, 'configmaps', configMap(name, { a: '1' }));
      refused(await apply(cluster, configMap(name, { a: '2' }), 'one', { dryRun: true }), 409, 'Conflict');
      done(await apply(cluster, configMap(name, { b: '2' }), 'one', { dryRun: true }));
      expect((await cluster.ask('GET', path)).body.metadata).to.deep.equal(metadata);
    },
  },
  {
    title: 'server-side apply into a namespace that is not there is a 404 for the namespace',
    concern: 'not found',
    async holds(cluster) {
      const namespace = unique('nowhere');
      const answer = await apply({ ...cluster, namespace }, configMap('a', { a: '1' }));
      refused(answer, 404, 'NotFound', `namespaces "${namespace}" not found`);
    },
  },
];
