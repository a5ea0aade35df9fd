import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { briefly, configMap, deployment, pathOf, refused, template } from './things.ts';

const post = (cluster: Cluster, resource: string, body: unknown, query: Record<string, string> = {}): Promise<Answer> =>
  cluster.ask('POST', pathOf(cluster, resource), { body, query });

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
        expect(briefly(answer), name).to.include('FieldValueInvalid metadata.name');
        expect(briefly(await post(cluster, 'services', { metadata: { name }, spec: { ports: [{ port: 80 }] } })), name).to.deep.equal([
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
      const causes = briefly(await post(cluster, 'configmaps', configMap(unique('labelled'), {}, metadata)));
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
      expect(briefly(await post(cluster, 'configmaps', configMap(name, { 'a/b': '1' })))).to.deep.equal(['FieldValueInvalid data[a/b]']);
      expect(briefly(await post(cluster, 'secrets', { metadata: { name }, data: { 'a b': '' } }))).to.deep.equal([
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
      expect(briefly(await post(cluster, 'apps/v1/deployments', deployment(name, { template: template(name) })))).to.include(
        'FieldValueRequired spec.selector',
      );
      const spec = { selector: { matchLabels: { app: 'another' } }, template: template(name) };
      expect(briefly(await post(cluster, 'apps/v1/deployments', deployment(name, spec)))).to.deep.equal([
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
      expect(briefly(await post(cluster, 'apps/v1/deployments', deployment(name, spec))).sort()).to.deep.equal([
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
      expect(briefly(await post(cluster, 'services', { metadata: { name }, spec: {} }))).to.deep.equal(['FieldValueRequired spec.ports']);
      const spec = { type: 'Ingress', ports: [{ port: 80 }] };
      expect(briefly(await post(cluster, 'services', { metadata: { name }, spec }))).to.include('FieldValueNotSupported spec.type');
    },
  },
  {
    title: 'a dry run of anything but All is a 422',
    concern: 'validation',
    async holds(cluster) {
      const answer = await post(cluster, 'configmaps', configMap(unique('dry')), { dryRun: 'Server' });
      expect(briefly(answer)).to.deep.equal(['FieldValueNotSupported dryRun']);
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
