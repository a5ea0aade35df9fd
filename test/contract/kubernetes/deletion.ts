import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Body } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, patch, pathOf, refused } from './things.ts';

const HOLD = 'example.com/hold';

const statusOf = async (cluster: Cluster, path: string): Promise<number> => (await cluster.ask('GET', path)).status;

/** A ConfigMap that belongs to another. */
function owned(name: string, owner: Body): object {
  const { name: ownerName, uid } = owner.metadata;
  return configMap(
    name,
    {},
    { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: ownerName, uid, blockOwnerDeletion: true }] },
  );
}

async function family(cluster: Cluster, finalizers?: readonly string[]): Promise<{ owner: string; child: string }> {
  const name = unique('owner');
  const owner = await create(cluster, 'configmaps', configMap(name));
  const child = await create(cluster, 'configmaps', owned(`${name}-child`, owner));
  const childPath = pathOf(cluster, 'configmaps', child.metadata.name);
  if (finalizers !== undefined) done(await patch(cluster, childPath, 'merge-patch', { metadata: { finalizers } }));
  return { owner: pathOf(cluster, 'configmaps', name), child: childPath };
}

export const deletion: readonly Assertion<Cluster>[] = [
  {
    title: 'DELETE answers 200 with a Status of success that names the object, and 404 from then on',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('deleted');
      const { metadata } = await create(cluster, 'configmaps', configMap(name));
      const path = pathOf(cluster, 'configmaps', name);
      const { status, body } = await cluster.ask('DELETE', path);
      expect(status).to.equal(200);
      expect(body).to.deep.include({ kind: 'Status', status: 'Success', details: { name, kind: 'configmaps', uid: metadata.uid } });
      refused(await cluster.ask('DELETE', path), 404, 'NotFound', `configmaps "${name}" not found`);
    },
  },
  {
    title: 'DELETE with the uid or the resourceVersion of another is a 409 and deletes nothing',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('guarded');
      const { metadata } = await create(cluster, 'configmaps', configMap(name));
      const path = pathOf(cluster, 'configmaps', name);
      const remove = (preconditions: object) =>
        cluster.ask('DELETE', path, { body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions } });
      const uid = '00000000-0000-4000-8000-000000000000';
      refused(
        await remove({ uid }),
        409,
        'Conflict',
        new RegExp(`the UID in the precondition \\(${uid}\\) does not match the UID in record \\(${metadata.uid}\\)`),
      );
      refused(await remove({ resourceVersion: '1' }), 409, 'Conflict', /the ResourceVersion in the precondition \(1\) does not match/);
      expect(done(await remove({ uid: metadata.uid, resourceVersion: metadata.resourceVersion })).status).to.equal('Success');
    },
  },
  {
    title: 'an object with finalizers stays, marked with the time of its deletion, until the last is off',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('held');
      await create(cluster, 'configmaps', configMap(name, {}, { finalizers: [HOLD] }));
      const path = pathOf(cluster, 'configmaps', name);
      const first = await cluster.ask('DELETE', path);
      expect(first.status).to.equal(200);
      expect(first.body).to.include({ kind: 'ConfigMap' });
      expect(first.body.metadata).to.include.keys('deletionTimestamp');
      expect(done(await cluster.ask('DELETE', path)).metadata.deletionTimestamp).to.equal(first.body.metadata.deletionTimestamp);
      done(await patch(cluster, path, 'merge-patch', { metadata: { finalizers: null } }));
      expect(await statusOf(cluster, path)).to.equal(404);
    },
  },
  {
    title: 'an object that is being deleted takes no new finalizers',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('held');
      await create(cluster, 'configmaps', configMap(name, {}, { finalizers: [HOLD] }));
      const path = pathOf(cluster, 'configmaps', name);
      await cluster.ask('DELETE', path);
      const answer = await patch(cluster, path, 'merge-patch', { metadata: { finalizers: [HOLD, 'example.com/more'] } });
      const [cause] = refused(answer, 422, 'Invalid', /no new finalizers can be added if the object is being deleted/);
      expect(cause).to.include({ reason: 'FieldValueForbidden', field: 'metadata.finalizers' });
      done(await patch(cluster, path, 'merge-patch', { metadata: { finalizers: null } }));
    },
  },
  {
    title: 'a dry run of DELETE deletes nothing',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('dry');
      await create(cluster, 'configmaps', configMap(name));
      const path = pathOf(cluster, 'configmaps', name);
      done(await cluster.ask('DELETE', path, { query: { dryRun: 'All' } }));
      done(await cluster.ask('DELETE', path, { body: { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] } }));
      expect(await statusOf(cluster, path)).to.equal(200);
    },
  },
  {
    title: 'in the background an owner goes at once, what belongs to it later',
    concern: 'consistency',
    async holds(cluster) {
      const { owner, child } = await family(cluster);
      done(await cluster.ask('DELETE', owner, { query: { propagationPolicy: 'Background' } }));
      expect(await statusOf(cluster, owner)).to.equal(404);
      await eventually(
        () => statusOf(cluster, child),
        (status) => status === 404,
      );
    },
  },
  {
    title: 'in the foreground an owner stays, with a finalizer, until what belongs to it is gone',
    concern: 'consistency',
    async holds(cluster) {
      const { owner, child } = await family(cluster, [HOLD]);
      const { metadata } = done(await cluster.ask('DELETE', owner, { query: { propagationPolicy: 'Foreground' } }));
      expect(metadata.finalizers).to.deep.equal(['foregroundDeletion']);
      const held = await eventually(
        async () => (await cluster.ask('GET', child)).body,
        (body) => body.metadata.deletionTimestamp !== undefined,
      );
      expect(held.metadata.finalizers).to.include(HOLD);
      expect(await statusOf(cluster, owner)).to.equal(200);
      done(await patch(cluster, child, 'json-patch', [{ op: 'remove', path: '/metadata/finalizers' }]));
      await eventually(
        () => statusOf(cluster, owner),
        (status) => status === 404,
      );
    },
  },
  {
    title: 'with Orphan what belongs to the owner outlives it, without the reference',
    concern: 'consistency',
    async holds(cluster) {
      const { owner, child } = await family(cluster);
      done(await cluster.ask('DELETE', owner, { query: { propagationPolicy: 'Orphan' } }));
      await eventually(
        () => statusOf(cluster, owner),
        (status) => status === 404,
      );
      const { metadata } = done(await cluster.ask('GET', child));
      expect(metadata.ownerReferences).to.equal(undefined);
    },
  },
  {
    title: 'an unknown propagation policy is a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('propagated');
      await create(cluster, 'configmaps', configMap(name));
      const answer = await cluster.ask('DELETE', pathOf(cluster, 'configmaps', name), { query: { propagationPolicy: 'Sideways' } });
      const [cause] = refused(answer, 422, 'Invalid', /propagationPolicy: Unsupported value: "Sideways"/);
      expect(cause).to.include({ reason: 'FieldValueNotSupported', field: 'propagationPolicy' });
    },
  },
  {
    title: 'DELETE of a collection deletes what the selector matches, and answers with the list',
    concern: 'writes',
    async holds(cluster) {
      const set = unique('set');
      const names = [`${set}-a`, `${set}-b`];
      for (const name of names) await create(cluster, 'configmaps', configMap(name, {}, { labels: { set } }));
      await create(cluster, 'configmaps', configMap(`${set}-c`, {}, { labels: { set: 'another' } }));
      const answer = done(await cluster.ask('DELETE', pathOf(cluster, 'configmaps'), { query: { labelSelector: `set=${set}` } }));
      expect(answer.kind).to.equal('ConfigMapList');
      expect(answer.items.map(({ metadata }) => metadata.name)).to.deep.equal(names);
      expect(await statusOf(cluster, pathOf(cluster, 'configmaps', `${set}-a`))).to.equal(404);
      expect(await statusOf(cluster, pathOf(cluster, 'configmaps', `${set}-c`))).to.equal(200);
    },
  },
  {
    title: 'namespaces can’t be deleted as a collection: a 405',
    concern: 'validation',
    async holds(cluster) {
      const answer = await cluster.ask('DELETE', '/api/v1/namespaces', { query: { labelSelector: 'set=nothing' } });
      refused(answer, 405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
    },
  },
];
