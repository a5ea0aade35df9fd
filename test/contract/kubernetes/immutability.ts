import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import { unique } from '../unique.ts';
import { briefly, create, deployment, patch, pathOf, refused, template } from './things.ts';

/** What may not change once it is there. */
export const immutability: readonly Assertion<Cluster>[] = [
  {
    title: 'a Secret’s type may not change: a 422 with the cause',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('secret');
      await create(cluster, 'secrets', { metadata: { name }, type: 'Opaque' });
      const answer = await patch(cluster, pathOf(cluster, 'secrets', name), 'merge-patch', { type: 'example.com/other' });
      const causes = refused(
        answer,
        422,
        'Invalid',
        `Secret "${name}" is invalid: type: Invalid value: "example.com/other": field is immutable`,
      );
      expect(causes).to.deep.equal([
        { reason: 'FieldValueInvalid', message: 'Invalid value: "example.com/other": field is immutable', field: 'type' },
      ]);
    },
  },
  {
    title: 'a Secret or ConfigMap that says so is immutable from then on, but for its metadata',
    concern: 'validation',
    async holds(cluster) {
      for (const resource of ['secrets', 'configmaps']) {
        const name = unique('frozen');
        await create(cluster, resource, { metadata: { name }, immutable: true, data: { a: 'YQ==' } });
        const path = pathOf(cluster, resource, name);
        const causes = refused(
          await patch(cluster, path, 'merge-patch', { data: { a: 'Yg==' } }),
          422,
          'Invalid',
          /field is immutable when `immutable` is set$/,
        );
        expect(causes[0]).to.include({ reason: 'FieldValueForbidden', field: 'data' });
        expect(briefly(await patch(cluster, path, 'merge-patch', { immutable: false }))).to.deep.equal(['FieldValueForbidden immutable']);
        expect((await patch(cluster, path, 'merge-patch', { metadata: { labels: { a: 'b' } } })).status).to.equal(200);
      }
    },
  },
  {
    title: 'a Service’s cluster address may not change',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('service');
      await create(cluster, 'services', { metadata: { name }, spec: { ports: [{ port: 80 }] } });
      const spec = { clusterIP: '10.0.0.99', clusterIPs: ['10.0.0.99'] };
      const answer = await patch(cluster, pathOf(cluster, 'services', name), 'merge-patch', { spec });
      expect(briefly(answer)).to.include('FieldValueInvalid spec.clusterIPs[0]');
    },
  },
  {
    title: 'a Deployment’s selector may not change',
    concern: 'validation',
    async holds(cluster) {
      const app = unique('selecting');
      const spec = { replicas: 0, selector: { matchLabels: { app } }, template: template(app) };
      await create(cluster, 'apps/v1/deployments', deployment(app, spec));
      const labels = { app, more: 'b' };
      const change = { spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } } };
      const causes = refused(
        await patch(cluster, pathOf(cluster, 'apps/v1/deployments', app), 'merge-patch', change),
        422,
        'Invalid',
        /field is immutable$/,
      );
      expect(causes[0]).to.include({ reason: 'FieldValueInvalid', field: 'spec.selector' });
    },
  },
  {
    title: 'a StatefulSet may change little: the rest is forbidden',
    concern: 'validation',
    async holds(cluster) {
      const app = unique('stateful');
      const spec = { replicas: 0, serviceName: app, selector: { matchLabels: { app } }, template: template(app) };
      await create(cluster, 'apps/v1/statefulsets', deployment(app, spec));
      const path = pathOf(cluster, 'apps/v1/statefulsets', app);
      expect(briefly(await patch(cluster, path, 'merge-patch', { spec: { serviceName: 'another' } }))).to.deep.equal([
        'FieldValueForbidden spec',
      ]);
    },
  },
  {
    title: 'the role of a RoleBinding may not change',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('binding');
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
      const resource = 'rbac.authorization.k8s.io/v1/rolebindings';
      await create(cluster, resource, { metadata: { name }, roleRef, subjects: [] });
      const answer = await patch(cluster, pathOf(cluster, resource, name), 'merge-patch', { roleRef: { ...roleRef, name: 'edit' } });
      expect(refused(answer, 422, 'Invalid', /cannot change roleRef$/)[0]).to.include({ field: 'roleRef' });
    },
  },
];
