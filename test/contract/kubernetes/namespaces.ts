import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Body } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { configMap, create, done, patch, pathOf, refused } from './things.ts';

const HOLD = 'example.com/hold';

const statusOf = async (cluster: Cluster, path: string): Promise<number> => (await cluster.ask('GET', path)).status;

/** A namespace that is being deleted, with a ConfigMap in it that a finalizer holds; `release` lets it go. */
async function doomed(cluster: Cluster): Promise<{ namespace: string; path: string; deleted: Body; release: () => Promise<void> }> {
  const namespace = unique('doomed');
  const path = `/api/v1/namespaces/${namespace}`;
  done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } }));
  await create({ ...cluster, namespace }, 'configmaps', configMap('held', {}, { finalizers: [HOLD] }));
  const deleted = done(await cluster.ask('DELETE', path));
  const release = async (): Promise<void> => {
    done(await patch(cluster, pathOf({ namespace }, 'configmaps', 'held'), 'merge-patch', { metadata: { finalizers: null } }));
  };
  return { namespace, path, deleted, release };
}

export const namespaceDeletion: readonly Assertion<Cluster>[] = [
  {
    title: 'a namespace that is being deleted takes nothing new: a 403 with the cause NamespaceTerminating',
    concern: 'conflicts',
    async holds(cluster) {
      const { namespace, deleted, release } = await doomed(cluster);
      expect(deleted).to.include({ kind: 'Namespace' }).and.have.nested.property('status.phase', 'Terminating');
      const answer = await cluster.ask('POST', pathOf({ namespace }, 'secrets'), { body: { metadata: { name: 'late' } } });
      const causes = refused(
        answer,
        403,
        'Forbidden',
        `secrets "late" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
      );
      expect(causes).to.deep.equal([
        { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
      ]);
      await release();
    },
  },
  {
    title: 'a namespace that can’t be emptied says by which finalizers it is held',
    concern: 'consistency',
    async holds(cluster) {
      const { path, release } = await doomed(cluster);
      const stuck = await eventually(
        async () => (await cluster.ask('GET', path)).body.status as { conditions?: { type: string; status: string; message: string }[] },
        ({ conditions = [] }) => conditions.some(({ type }) => type === 'NamespaceFinalizersRemaining'),
      );
      const saying = (type: string) => stuck.conditions?.find((condition) => condition.type === type);
      expect(saying('NamespaceFinalizersRemaining')).to.include({
        status: 'True',
        message: `Some content in the namespace has finalizers remaining: ${HOLD} in 1 resource instances`,
      });
      expect(saying('NamespaceContentRemaining')).to.include({
        status: 'True',
        message: 'Some resources are remaining: configmaps. has 1 resource instances',
      });
      await release();
    },
  },
  {
    title: 'a namespace that is being deleted may be deleted again, and is a 409 to create',
    concern: 'conflicts',
    async holds(cluster) {
      const { namespace, path, release } = await doomed(cluster);
      const again = await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
      refused(again, 409, 'AlreadyExists', `object is being deleted: namespaces "${namespace}" already exists`);
      done(await cluster.ask('DELETE', path));
      await release();
    },
  },
  {
    title: 'a deleted namespace goes with all that is in it',
    concern: 'consistency',
    async holds(cluster) {
      const namespace = unique('doomed');
      const path = `/api/v1/namespaces/${namespace}`;
      done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } }));
      await create({ ...cluster, namespace }, 'configmaps', configMap('a'));
      done(await cluster.ask('DELETE', path));
      await eventually(
        () => statusOf(cluster, path),
        (status) => status === 404,
      );
      expect((await cluster.ask('GET', pathOf({ namespace }, 'configmaps', 'a'))).status).to.equal(404);
    },
  },
];
