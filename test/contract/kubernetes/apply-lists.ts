import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { apply, create, done, pathOf, refused } from './things.ts';

const deployment = (name: string, containers: readonly object[], spec: object = {}): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    ...spec,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers } },
  },
});

interface Container {
  readonly name: string;
  readonly env?: readonly object[];
  readonly ports?: readonly object[];
}

function containersOf({ body }: Answer): readonly Container[] {
  return (body.spec as { template: { spec: { containers: Container[] } } }).template.spec.containers;
}

function applyDeployment(cluster: Cluster, body: object, manager: string): Promise<Answer> {
  const { metadata } = body as { metadata: { name: string } };
  return apply(cluster, body, manager, { path: pathOf(cluster, 'apps/v1/deployments', metadata.name) });
}

const secret = (name: string, content: object): object => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...content });

export const applyingLists: readonly Assertion<Cluster>[] = [
  {
    title: 'server-side apply merges containers by name, and their variables and ports by key',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('merged');
      const ports = [{ containerPort: 80 }, { containerPort: 81, name: 'admin' }];
      await applyDeployment(
        cluster,
        deployment(name, [
          { name: 'web', image: 'web:1', ports },
          { name: 'side', image: 'side:1' },
        ]),
        'one',
      );
      const env = [{ name: 'A', value: '1' }];
      const [web, side] = containersOf(await applyDeployment(cluster, deployment(name, [{ name: 'web', image: 'web:1', env }]), 'two'));
      expect(web).to.deep.include({ name: 'web', env });
      expect(web?.ports).to.have.length(2);
      expect(side?.name).to.equal('side');
      const smaller = await applyDeployment(
        cluster,
        deployment(name, [{ name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] }]),
        'one',
      );
      const [left, ...others] = containersOf(smaller);
      expect(others).to.deep.equal([]);
      expect(left).to.deep.include({ ports: [{ containerPort: 80, protocol: 'TCP' }], env });
    },
  },
  {
    title: 'server-side apply names a field inside of a list by the key of its item',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('keyed');
      done(await applyDeployment(cluster, deployment(name, [{ name: 'web', image: 'web:1' }]), 'one'));
      const answer = await applyDeployment(cluster, deployment(name, [{ name: 'web', image: 'web:2' }]), 'two');
      const causes = refused(answer, 409, 'Conflict');
      expect(causes.map(({ field }) => field)).to.deep.equal(['.spec.template.spec.containers[name="web"].image']);
    },
  },
  {
    title: 'what the server fills in by default is owned by nobody: another manager may set it',
    concern: 'conflicts',
    async holds(cluster) {
      const name = unique('defaulted');
      const containers = [{ name: 'web', image: 'web:1' }];
      done(await applyDeployment(cluster, deployment(name, containers), 'one'));
      const answer = done(await applyDeployment(cluster, deployment(name, containers, { revisionHistoryLimit: 3 }), 'two'));
      expect(answer.spec).to.include({ revisionHistoryLimit: 3, progressDeadlineSeconds: 600 });
    },
  },
  {
    title: 'server-side apply of an object leaves its status alone, and owns nothing of it',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('stated');
      const path = pathOf(cluster, 'apps/v1/deployments', name);
      const body = { ...deployment(name, [{ name: 'web', image: 'web:1' }]), status: { replicas: 7 } };
      const { metadata, status } = done(await apply(cluster, body, 'one', { path }));
      expect(status).to.not.have.property('replicas');
      expect(metadata.managedFields?.find(({ manager }) => manager === 'one')?.fieldsV1).to.have.keys('f:spec');
    },
  },
  {
    title: 'server-side apply of the status changes nothing else',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('stated');
      await create(cluster, 'apps/v1/deployments', deployment(name, [{ name: 'web', image: 'web:1' }]));
      const path = pathOf(cluster, 'apps/v1/deployments', name, 'status');
      const body = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name },
        spec: { replicas: 9 },
        status: { conditions: [{ type: 'Checked', status: 'True' }] },
      };
      const answer = done(await apply(cluster, body, 'checker', { path }));
      expect(answer.spec).to.include({ replicas: 0 });
      const entry = answer.metadata.managedFields?.find(({ manager }) => manager === 'checker');
      expect(entry).to.include({ operation: 'Apply', subresource: 'status' });
      expect(entry?.fieldsV1).to.have.keys('f:status');
    },
  },
  {
    title: 'server-side apply of a Secret’s stringData stores it encoded as data; owned is what was applied',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('secret');
      const path = pathOf(cluster, 'secrets', name);
      const { data, stringData, metadata } = done(await apply(cluster, secret(name, { stringData: { password: 'x' } }), 'one', { path }));
      expect({ data, stringData }).to.deep.equal({ data: { password: 'eA==' }, stringData: undefined });
      expect(metadata.managedFields?.[0]?.fieldsV1).to.deep.equal({ 'f:stringData': { 'f:password': {} } });
    },
  },
  {
    title: 'server-side apply of a Secret’s data removes a key that is no longer applied',
    concern: 'writes',
    async holds(cluster) {
      const name = unique('secret');
      const path = pathOf(cluster, 'secrets', name);
      done(await apply(cluster, secret(name, { type: 'Opaque', data: { a: 'YQ==', b: 'Yg==' } }), 'one', { path }));
      const answer = done(await apply(cluster, secret(name, { type: 'Opaque', data: { a: 'YQ==' } }), 'one', { path }));
      expect(answer).to.deep.include({ data: { a: 'YQ==' }, type: 'Opaque' });
    },
  },
];
