import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Body } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { create, done, patch, pathOf } from './things.ts';

const DEPLOYMENTS = 'apps/v1/deployments';

interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

const template = (app: string, image = 'web:1'): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 8080, name: 'http' }] }] },
});

async function deploy(cluster: Cluster, replicas: number): Promise<string> {
  const app = unique('app');
  const spec = { replicas, selector: { matchLabels: { app } }, template: template(app) };
  await create(cluster, DEPLOYMENTS, { metadata: { name: app }, spec });
  return app;
}

function ready(cluster: Cluster, app: string, replicas: number): Promise<Body> {
  const path = pathOf(cluster, DEPLOYMENTS, app);
  return eventually(
    async () => done(await cluster.ask('GET', path)),
    ({ metadata, status }) => {
      const { observedGeneration, availableReplicas = 0, updatedReplicas = 0 } = status as DeploymentStatus;
      return observedGeneration === metadata.generation && availableReplicas === replicas && updatedReplicas === replicas;
    },
  );
}

async function labelled(cluster: Cluster, resource: string, app: string): Promise<readonly Body[]> {
  return done(await cluster.ask('GET', pathOf(cluster, resource), { query: { labelSelector: `app=${app}` } })).items;
}

export const workloads: readonly Assertion<Cluster>[] = [
  {
    title: 'a Deployment gets a ReplicaSet and Ready pods that belong to it, and says that it is available',
    concern: 'consistency',
    async holds(cluster) {
      const app = await deploy(cluster, 2);
      const { status, metadata } = await ready(cluster, app, 2);
      const conditions = (status as DeploymentStatus).conditions ?? [];
      expect(conditions.map(({ type, status: state }) => `${type} ${state}`)).to.have.members(['Available True', 'Progressing True']);
      const [set] = await labelled(cluster, 'apps/v1/replicasets', app);
      expect(set?.metadata.ownerReferences?.[0]).to.deep.include({ kind: 'Deployment', uid: metadata.uid, controller: true });
      const pods = await labelled(cluster, 'pods', app);
      expect(pods).to.have.length(2);
      for (const pod of pods) {
        expect(pod.metadata.name).to.match(new RegExp(`^${set?.metadata.name}-[a-z0-9]{5}$`));
        expect(pod.metadata.ownerReferences?.[0]?.uid).to.equal(set?.metadata.uid);
        expect(pod.status).to.include({ phase: 'Running' });
        expect(pod.spec).to.have.property('nodeName');
      }
    },
  },
  {
    title: 'a new image rolls out by a second ReplicaSet; the first one stays, without pods',
    concern: 'consistency',
    async holds(cluster) {
      const app = await deploy(cluster, 1);
      await ready(cluster, app, 1);
      done(await patch(cluster, pathOf(cluster, DEPLOYMENTS, app), 'merge-patch', { spec: { template: template(app, 'web:2') } }));
      await ready(cluster, app, 1);
      const sets = await eventually(
        () => labelled(cluster, 'apps/v1/replicasets', app),
        (found) => found.some(({ spec }) => (spec as { replicas: number }).replicas === 0),
      );
      expect(sets.map(({ spec }) => (spec as { replicas: number }).replicas).sort()).to.deep.equal([0, 1]);
    },
  },
  {
    title: 'the scale of a Deployment is read and changed by its subresource',
    concern: 'writes',
    async holds(cluster) {
      const app = await deploy(cluster, 1);
      const path = pathOf(cluster, DEPLOYMENTS, app, 'scale');
      const scale = done(await cluster.ask('GET', path));
      expect(scale).to.deep.include({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 1 } });
      expect(scale.status).to.include({ selector: `app=${app}` });
      const put = await cluster.ask('PUT', path, {
        body: { ...scale, metadata: { name: app, namespace: cluster.namespace }, spec: { replicas: 2 } },
      });
      expect(done(put).spec).to.deep.equal({ replicas: 2 });
      await ready(cluster, app, 2);
      expect(done(await patch(cluster, path, 'merge-patch', { spec: { replicas: 0 } })).spec).to.include({});
      await eventually(
        async () => (await labelled(cluster, 'pods', app)).length,
        (left) => left === 0,
      );
    },
  },
  {
    title: 'a deleted Deployment takes its ReplicaSets and pods with it',
    concern: 'consistency',
    async holds(cluster) {
      const app = await deploy(cluster, 1);
      await ready(cluster, app, 1);
      done(await cluster.ask('DELETE', pathOf(cluster, DEPLOYMENTS, app)));
      await eventually(
        async () => [...(await labelled(cluster, 'apps/v1/replicasets', app)), ...(await labelled(cluster, 'pods', app))],
        (left) => left.length === 0,
      );
    },
  },
  {
    title: 'a Service gets an address, and an EndpointSlice and Endpoints with the Ready pods behind it',
    concern: 'consistency',
    async holds(cluster) {
      const app = await deploy(cluster, 1);
      const service = await create(cluster, 'services', {
        metadata: { name: app },
        spec: { selector: { app }, ports: [{ name: 'web', port: 80, targetPort: 'http' }] },
      });
      expect(service.spec).to.include({ type: 'ClusterIP' });
      expect(service.spec)
        .to.have.property('clusterIP')
        .that.matches(/^\d+\.\d+\.\d+\.\d+$/);
      await ready(cluster, app, 1);
      const pods = await labelled(cluster, 'pods', app);
      const slices = (): Promise<readonly Body[]> =>
        cluster
          .ask('GET', pathOf(cluster, 'discovery.k8s.io/v1/endpointslices'), {
            query: { labelSelector: `kubernetes.io/service-name=${app}` },
          })
          .then((answer) => done(answer).items);
      const [slice] = await eventually(slices, ([found]) => JSON.stringify(found ?? {}).includes('"ready":true'));
      expect(slice).to.deep.include({ addressType: 'IPv4', ports: [{ name: 'web', port: 8080, protocol: 'TCP' }] });
      const [endpoint] = (slice as Body).endpoints as { addresses: string[]; targetRef: object }[];
      expect(endpoint?.addresses).to.deep.equal(pods.map(({ status }) => (status as { podIP: string }).podIP));
      expect(endpoint?.targetRef).to.deep.include({ kind: 'Pod', name: pods[0]?.metadata.name });
      const endpoints = await eventually(
        async () => done(await cluster.ask('GET', pathOf(cluster, 'endpoints', app))),
        (body) => body.subsets !== undefined,
      );
      expect(endpoints.subsets).to.have.nested.property('[0].addresses[0].ip', endpoint?.addresses[0]);
    },
  },
  {
    title: 'a StatefulSet numbers its pods from 0, one after the other',
    concern: 'consistency',
    async holds(cluster) {
      const app = unique('app');
      const spec = { replicas: 2, serviceName: app, selector: { matchLabels: { app } }, template: template(app) };
      await create(cluster, 'apps/v1/statefulsets', { metadata: { name: app }, spec });
      const pods = await eventually(
        () => labelled(cluster, 'pods', app),
        (found) => found.length === 2,
      );
      expect(pods.map(({ metadata }) => metadata.name)).to.deep.equal([`${app}-0`, `${app}-1`]);
    },
  },
  {
    title: 'a Job ends Complete when its pods have succeeded',
    concern: 'consistency',
    async holds(cluster) {
      const name = unique('job');
      const containers = [{ name: 'main', image: 'job:1' }];
      await create(cluster, 'batch/v1/jobs', { metadata: { name }, spec: { template: { spec: { containers, restartPolicy: 'Never' } } } });
      const { status } = await eventually(
        async () => done(await cluster.ask('GET', pathOf(cluster, 'batch/v1/jobs', name))),
        (job) => ((job.status as DeploymentStatus).conditions ?? []).some(({ type }) => type === 'Complete'),
      );
      expect(status).to.include({ succeeded: 1 }).and.to.include.keys('startTime', 'completionTime');
    },
  },
  {
    title: 'a new namespace gets its default service account and the CA of the cluster',
    concern: 'consistency',
    async holds(cluster) {
      const namespace = unique('fresh');
      const { metadata, status } = done(await cluster.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } }));
      expect(metadata.labels).to.deep.equal({ 'kubernetes.io/metadata.name': namespace });
      expect(status).to.deep.equal({ phase: 'Active' });
      await eventually(
        async () => (await cluster.ask('GET', pathOf({ namespace }, 'serviceaccounts', 'default'))).status,
        (found) => found === 200,
      );
      const { data } = await eventually(
        async () => (await cluster.ask('GET', pathOf({ namespace }, 'configmaps', 'kube-root-ca.crt'))).body,
        (body) => body.data !== undefined,
      );
      expect((data as Record<string, string>)['ca.crt']).to.match(/^-----BEGIN CERTIFICATE-----/);
      await cluster.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    },
  },
];
