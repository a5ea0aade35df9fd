import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, patch, pathOf, refused } from './things.ts';

const put = (cluster: Cluster, resource: string, name: string, body: unknown) =>
  cluster.ask('PUT', pathOf(cluster, resource, name), { body });

export const writes: readonly Assertion<Cluster>[] = [
  {
    title: 'POST creates with 201 and gives the object its uid, resourceVersion, time and manager',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('created');
      const answer = await cluster.ask('POST', pathOf(cluster, 'configmaps'), { body: configMap(name, { a: '1' }) });
      expect(answer.status).to.equal(201);
      const { uid, resourceVersion, creationTimestamp, managedFields } = answer.body.metadata;
      expect(uid).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(resourceVersion).to.match(/^\d+$/);
      expect(creationTimestamp).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(managedFields?.[0]).to.deep.include({
        manager: 'contract',
        operation: 'Update',
        fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } },
      });
    },
  },
  {
    title: 'POST of what exists is a 409 AlreadyExists',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('twice');
      await create(cluster, 'secrets', { metadata: { name } });
      const answer = await cluster.ask('POST', pathOf(cluster, 'secrets'), { body: { metadata: { name } } });
      refused(answer, 409, 'AlreadyExists', `secrets "${name}" already exists`);
      expect(answer.body.details).to.deep.equal({ name, kind: 'secrets' });
    },
  },
  {
    title: 'generateName makes names of five more characters',
    concern: 'writes',
    async holds(cluster) {
      const prefix = `${unique('made')}-`;
      const names = await Promise.all(
        [1, 2].map(async () => (await create(cluster, 'configmaps', { metadata: { generateName: prefix } })).metadata.name),
      );
      for (const name of names) expect(name.slice(prefix.length)).to.match(/^[a-z0-9]{5}$/);
      expect(names[0]).to.not.equal(names[1]);
    },
  },
  {
    title: 'POST without a name is a 422',
    concern: 'validation',
    async holds(cluster) {
      const answer = await cluster.ask('POST', pathOf(cluster, 'configmaps'), { body: { metadata: {} } });
      const causes = refused(
        answer,
        422,
        'Invalid',
        'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      );
      expect(causes).to.deep.equal([
        { reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field: 'metadata.name' },
      ]);
    },
  },
  {
    title: 'POST with a resourceVersion is a 500',
    concern: 'validation',
    async holds(cluster) {
      const body = configMap(unique('versioned'), {}, { resourceVersion: '1' });
      const answer = await cluster.ask('POST', pathOf(cluster, 'configmaps'), { body });
      expect(answer.status).to.equal(500);
      expect(answer.body.message).to.equal('resourceVersion should not be set on objects to be created');
    },
  },
  {
    title: 'POST with another namespace, kind or version than the path’s is a 400',
    concern: 'validation',
    async holds(cluster) {
      const post = (body: object) => cluster.ask('POST', pathOf(cluster, 'configmaps'), { body });
      const elsewhere = await post(configMap('a', {}, { namespace: 'default' }));
      refused(elsewhere, 400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request');
      refused(await post({ ...configMap('a'), kind: 'Secret' }), 400, 'BadRequest', /Secret/);
      refused(await post({ ...configMap('a'), apiVersion: 'apps/v1' }), 400, 'BadRequest', /apps\/v1/);
    },
  },
  {
    title: 'POST into a namespace that is not there is a 404 for the namespace',
    concern: 'not found',
    async holds(cluster) {
      const namespace = unique('nowhere');
      const answer = await cluster.ask('POST', pathOf({ namespace }, 'secrets'), { body: { metadata: { name: 'a' } } });
      refused(answer, 404, 'NotFound', `namespaces "${namespace}" not found`);
      expect(answer.body.details).to.deep.equal({ name: namespace, kind: 'namespaces' });
    },
  },
  {
    title: 'GET of what is not there is a 404 that names it',
    concern: 'not found',
    async holds(cluster) {
      const answer = await cluster.ask('GET', pathOf(cluster, 'apps/v1/deployments', 'nothing'));
      refused(answer, 404, 'NotFound', 'deployments.apps "nothing" not found');
      expect(answer.body.details).to.deep.equal({ name: 'nothing', group: 'apps', kind: 'deployments' });
    },
  },
  {
    title: 'PUT with a resourceVersion that is not the present one is a 409 Conflict',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('raced');
      const first = await create(cluster, 'configmaps', configMap(name, { a: '1' }));
      done(await put(cluster, 'configmaps', name, { ...first, data: { a: '2' } }));
      const message = `Operation cannot be fulfilled on configmaps "${name}": the object has been modified; please apply your changes to the latest version and try again`;
      refused(await put(cluster, 'configmaps', name, { ...first, data: { a: '3' } }), 409, 'Conflict', message);
    },
  },
  {
    title: 'PUT without a resourceVersion replaces whatever is there',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('replaced');
      await create(cluster, 'configmaps', configMap(name, { a: '1', b: '1' }, { labels: { tier: 'web' } }));
      const { data, metadata } = done(await put(cluster, 'configmaps', name, configMap(name, { a: '2' })));
      expect({ data, labels: metadata.labels }).to.deep.equal({ data: { a: '2' }, labels: undefined });
    },
  },
  {
    title: 'PUT of what is not there is a 404',
    concern: 'not found',
    async holds(cluster) {
      const name = unique('absent');
      refused(await put(cluster, 'configmaps', name, configMap(name)), 404, 'NotFound', `configmaps "${name}" not found`);
    },
  },
  {
    title: 'PUT with another uid is a 409',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('another');
      const { metadata } = await create(cluster, 'configmaps', configMap(name));
      const uid = '00000000-0000-4000-8000-000000000000';
      const answer = await put(cluster, 'configmaps', name, configMap(name, { a: '1' }, { uid }));
      refused(answer, 409, 'Conflict', new RegExp(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`));
    },
  },
  {
    title: 'PUT of the same leaves the resourceVersion as it is',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('kept');
      const first = await create(cluster, 'configmaps', configMap(name, { a: '1' }));
      expect(done(await put(cluster, 'configmaps', name, first)).metadata.resourceVersion).to.equal(first.metadata.resourceVersion);
    },
  },
  {
    title: 'PUT changes nothing of the status',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('service');
      const ports = [{ port: 80 }];
      const service = await create(cluster, 'services', { metadata: { name }, spec: { ports } });
      const status = {
        conditions: [{ type: 'Checked', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z', reason: 'Asked', message: '' }],
      };
      expect(done(await put(cluster, 'services', name, { ...service, status })).status).to.deep.equal({ loadBalancer: {} });
      const own = done(await cluster.ask('PUT', pathOf(cluster, 'services', name, 'status'), { body: { ...service, status } }));
      expect(own.status).to.have.nested.property('conditions[0].type', 'Checked');
    },
  },
  {
    title: 'the generation counts changes of what is wanted, not of metadata',
    concern: 'writes',
    async holds(cluster) {
      const app = unique('counted');
      const template = { metadata: { labels: { app } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
      const spec = { replicas: 0, selector: { matchLabels: { app } }, template };
      const made = await create(cluster, 'apps/v1/deployments', { metadata: { name: app }, spec });
      expect(made.metadata.generation).to.equal(1);
      const path = pathOf(cluster, 'apps/v1/deployments', app);
      expect(done(await patch(cluster, path, 'merge-patch', { metadata: { labels: { a: 'b' } } })).metadata.generation).to.equal(1);
      expect(done(await patch(cluster, path, 'merge-patch', { spec: { minReadySeconds: 1 } })).metadata.generation).to.equal(2);
    },
  },
  {
    title: 'a Secret’s stringData is stored as data, encoded, over what data says, and never shown',
    concern: 'writes',
    async holds(cluster) {
      const body = { metadata: { name: unique('secret') }, data: { a: 'YQ==', b: 'Yg==' }, stringData: { b: 'c' } };
      const { data, stringData, type } = await create(cluster, 'secrets', body);
      expect({ data, stringData, type }).to.deep.equal({ data: { a: 'YQ==', b: 'Yw==' }, stringData: undefined, type: 'Opaque' });
    },
  },
  {
    title: 'a dry run of POST answers as if it had created, and stores nothing',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('dry');
      const answer = await cluster.ask('POST', pathOf(cluster, 'configmaps'), { body: configMap(name), query: { dryRun: 'All' } });
      expect(answer.status).to.equal(201);
      expect(answer.body.metadata).to.include.keys('uid', 'creationTimestamp').and.not.include.keys('resourceVersion');
      expect((await cluster.ask('GET', pathOf(cluster, 'configmaps', name))).status).to.equal(404);
    },
  },
];
