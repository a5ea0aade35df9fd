import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { configMap, create, patch, pathOf, refused } from './things.ts';

const post = (cluster: Cluster, resource: string, body: unknown, query: Record<string, string> = {}): Promise<Answer> =>
  cluster.ask('POST', pathOf(cluster, resource), { body, query });

const brief = (answer: Answer): string[] => refused(answer, 422, 'Invalid').map(({ reason, field }) => `${reason} ${field}`);

const deployment = (name: string, spec: object): object => ({ metadata: { name }, spec });
const template = (app: string, containers: readonly object[] = [{ name: 'web', image: 'web:1' }]): object => ({
  metadata: { labels: { app } },
  spec: { containers },
});

export const validation: readonly Assertion<Cluster>[] = [
  {
    title: 'a name that is no DNS subdomain is a 422 with the cause',
    concern: 'validation',
    async holds(cluster) {
      const answer = await post(cluster, 'configmaps', configMap('Not_A_Name'));
      const [cause] = refused(answer, 422, 'Invalid', /^ConfigMap "Not_A_Name" is invalid: metadata\.name: Invalid value: "Not_A_Name": /);
      expect(cause).to.include({ reason: 'FieldValueInvalid', field: 'metadata.name' });
      expect(answer.body.details).to.deep.include({ name: 'Not_A_Name', kind: 'ConfigMap' });
    },
  },
  {
    title: 'a namespace’s name is a label of at most 63 characters, a Service’s too',
    concern: 'validation',
    async holds(cluster) {
      for (const name of ['a.b', 'a'.repeat(64)]) {
        const answer = await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name } } });
        expect(brief(answer), name).to.include('FieldValueInvalid metadata.name');
        expect(brief(await post(cluster, 'services', { metadata: { name }, spec: { ports: [{ port: 80 }] } })), name).to.deep.equal([
          'FieldValueInvalid metadata.name',
        ]);
      }
    },
  },
  {
    title: 'labels and annotations that are badly formed are a 422',
    concern: 'validation',
    async holds(cluster) {
      const metadata = { labels: { 'bad key': 'a', good: 'bad value' }, annotations: { 'bad/key/': 'a' } };
      const causes = brief(await post(cluster, 'configmaps', configMap(unique('labelled'), {}, metadata)));
      expect(causes.sort()).to.deep.equal([
        'FieldValueInvalid metadata.annotations',
        'FieldValueInvalid metadata.labels',
        'FieldValueInvalid metadata.labels',
      ]);
    },
  },
  {
    title: 'keys of data that are no file names are a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('keys');
      expect(brief(await post(cluster, 'configmaps', configMap(name, { 'a/b': '1' })))).to.deep.equal(['FieldValueInvalid data[a/b]']);
      expect(brief(await post(cluster, 'secrets', { metadata: { name }, data: { 'a b': '' } }))).to.deep.equal([
        'FieldValueInvalid data[a b]',
      ]);
    },
  },
  {
    title: 'a value of another type than the field’s is a 400',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('typed');
      refused(await post(cluster, 'configmaps', configMap(name, { a: 1 })), 400, 'BadRequest', /cannot unmarshal number/);
      const spec = { replicas: 'three', selector: { matchLabels: { app: name } }, template: template(name) };
      refused(await post(cluster, 'apps/v1/deployments', deployment(name, spec)), 400, 'BadRequest', /cannot unmarshal string/);
    },
  },
  {
    title: 'a Secret’s data that is not Base64 is a 400',
    concern: 'validation',
    async holds(cluster) {
      const answer = await post(cluster, 'secrets', { metadata: { name: unique('secret') }, data: { a: 'no base64!' } });
      refused(answer, 400, 'BadRequest', /illegal base64 data/);
    },
  },
  {
    title: 'a Secret of more than 1 MiB is a 422',
    concern: 'validation',
    async holds(cluster) {
      const data = { a: Buffer.alloc(1024 * 1024 + 1).toString('base64') };
      const causes = refused(await post(cluster, 'secrets', { metadata: { name: unique('large') }, data }), 422, 'Invalid');
      expect(causes[0]).to.include({ reason: 'FieldValueTooLong', field: 'data' });
    },
  },
  {
    title: 'a field that the type doesn’t have is dropped with a warning, or a 400 with fieldValidation=Strict',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('unknown');
      const body = { ...configMap(name, { a: '1' }), datta: { b: '2' } };
      refused(
        await post(cluster, 'configmaps', body, { fieldValidation: 'Strict' }),
        400,
        'BadRequest',
        /strict decoding error: unknown field "datta"$/,
      );
      const lax = await post(cluster, 'configmaps', body);
      expect(lax.status).to.equal(201);
      expect(lax.body).to.not.have.property('datta');
      expect(lax.headers.warning).to.equal('299 - "unknown field \\"datta\\""');
    },
  },
  {
    title: 'an unknown field deep in a Deployment is named by its path with fieldValidation=Strict',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('unknown');
      const containers = [{ name: 'web', image: 'web:1', imagePullPolice: 'Always' }];
      const spec = { selector: { matchLabels: { app: name } }, template: template(name, containers) };
      const answer = await post(cluster, 'apps/v1/deployments', deployment(name, spec), { fieldValidation: 'Strict' });
      refused(answer, 400, 'BadRequest', /unknown field "spec\.template\.spec\.containers\[0\]\.imagePullPolice"$/);
    },
  },
  {
    title: 'a Deployment without selector, or with one that its pods don’t match, is a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('selecting');
      expect(brief(await post(cluster, 'apps/v1/deployments', deployment(name, { template: template(name) })))).to.include(
        'FieldValueRequired spec.selector',
      );
      const spec = { selector: { matchLabels: { app: 'another' } }, template: template(name) };
      expect(brief(await post(cluster, 'apps/v1/deployments', deployment(name, spec)))).to.deep.equal([
        'FieldValueInvalid spec.template.metadata.labels',
      ]);
    },
  },
  {
    title: 'a Deployment names every mistake at once',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('mistaken');
      const spec = { replicas: -1, selector: { matchLabels: { app: name } }, template: template(name, [{ name: 'web' }]) };
      expect(brief(await post(cluster, 'apps/v1/deployments', deployment(name, spec))).sort()).to.deep.equal([
        'FieldValueInvalid spec.replicas',
        'FieldValueRequired spec.template.spec.containers[0].image',
      ]);
    },
  },
  {
    title: 'a Service without ports, or of an unknown type, is a 422',
    concern: 'validation',
    async holds(cluster) {
      const name = unique('service');
      expect(brief(await post(cluster, 'services', { metadata: { name }, spec: {} }))).to.deep.equal(['FieldValueRequired spec.ports']);
      const spec = { type: 'Ingress', ports: [{ port: 80 }] };
      expect(brief(await post(cluster, 'services', { metadata: { name }, spec }))).to.include('FieldValueNotSupported spec.type');
    },
  },
  {
    title: 'a dry run of anything but All is a 422',
    concern: 'validation',
    async holds(cluster) {
      const answer = await post(cluster, 'configmaps', configMap(unique('dry')), { dryRun: 'Server' });
      expect(brief(answer)).to.deep.equal(['FieldValueNotSupported dryRun']);
    },
  },
  {
    title: 'a body that is no JSON is a 400',
    concern: 'validation',
    async holds(cluster) {
      refused(await post(cluster, 'configmaps', '{"metadata":'), 400, 'BadRequest');
    },
  },
];

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
        expect(brief(await patch(cluster, path, 'merge-patch', { immutable: false }))).to.deep.equal(['FieldValueForbidden immutable']);
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
      expect(brief(answer)).to.include('FieldValueInvalid spec.clusterIPs[0]');
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
      expect(brief(await patch(cluster, path, 'merge-patch', { spec: { serviceName: 'another' } }))).to.deep.equal([
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
