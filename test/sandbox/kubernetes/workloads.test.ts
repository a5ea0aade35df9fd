import { AppsV1Api, CoreV1Api, type KubernetesObject, type KubernetesObjectApi, Watch } from '@kubernetes/client-node';
import { expect } from 'chai';
import { healthOf } from '../../../sandbox/kubernetes/delivery.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import type { World } from '../../../sandbox/world.ts';
import { eventually, kubeConfig, objectApi, shop, shopWorld, startPlatform } from './platform.ts';

const deployment = (name: string, container: object, replicas = 2): KubernetesObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example.com/main:1', ...container }] },
      },
    },
  }) as KubernetesObject;

describe('sandbox: workloads', () => {
  let running: RunningSandbox;
  let api: KubernetesObjectApi;
  let apps: AppsV1Api;
  let core: CoreV1Api;
  const health = (name: string): string =>
    healthOf(running.sandbox, shop, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'default' } });
  const read = (name: string) => apps.readNamespacedDeployment({ namespace: 'default', name });

  before(async () => {
    running = await startPlatform();
    const config = await kubeConfig(running);
    api = await objectApi(running);
    apps = config.makeApiClient(AppsV1Api);
    core = config.makeApiClient(CoreV1Api);
  });
  after(() => running.stop());

  it('runs the pods of a deployment and makes endpoints for its service', async () => {
    await api.create(deployment('web', {}));
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    };
    const made = (await api.create(service as KubernetesObject)) as { spec?: { clusterIP?: string } };
    expect(made.spec?.clusterIP).to.match(/^172\.20\./);
    await eventually(
      () => read('web'),
      ({ status }) => status?.readyReplicas === 2,
    );
    expect(health('web')).to.equal('Healthy');
    const endpoints = await eventually(
      () => core.readNamespacedEndpoints({ namespace: 'default', name: 'web' }),
      ({ subsets }) => subsets?.[0]?.addresses?.length === 2,
    );
    expect(endpoints.subsets?.[0]?.ports?.[0]?.port).to.equal(8080);
  });

  it('reports images that are missing and containers that crash, and gives up after the progress deadline', async () => {
    await api.create(deployment('broken', { image: 'example.com/main:missing' }));
    await api.create(deployment('crashing', { env: [{ name: 'CRASH', value: '1' }] }));
    const waiting = async (app: string): Promise<string | undefined> => {
      const { items } = await core.listNamespacedPod({ namespace: 'default', labelSelector: `app=${app}` });
      return items[0]?.status?.containerStatuses?.[0]?.state?.waiting?.reason;
    };
    await eventually(
      () => waiting('broken'),
      (reason) => reason === 'ImagePullBackOff',
    );
    await eventually(
      () => waiting('crashing'),
      (reason) => reason === 'CrashLoopBackOff',
    );
    await eventually(
      async () => health('broken'),
      (state) => state === 'Degraded',
    );
  }).timeout(10_000);

  it('replaces pods when the template changes', async () => {
    await api.create(deployment('rolled', {}, 1));
    await eventually(
      () => read('rolled'),
      ({ status }) => status?.readyReplicas === 1,
    );
    await api.patch(deployment('rolled', { image: 'example.com/main:2' }, 1));
    await eventually(
      () => core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=rolled' }),
      ({ items }) =>
        items.length === 1 && items[0]?.spec?.containers[0]?.image === 'example.com/main:2' && items[0]?.status?.phase === 'Running',
    );
    await eventually(
      async () => health('rolled'),
      (state) => state === 'Healthy',
    );
  });

  it('scales, and deletes pods with their deployment', async () => {
    await api.create(deployment('scaled', {}, 1));
    await apps.patchNamespacedDeploymentScale({
      namespace: 'default',
      name: 'scaled',
      body: [{ op: 'replace', path: '/spec/replicas', value: 3 }],
    });
    const pods = () => core.listNamespacedPod({ namespace: 'default', labelSelector: 'app=scaled' });
    await eventually(pods, ({ items }) => items.length === 3);
    await apps.deleteNamespacedDeployment({ namespace: 'default', name: 'scaled' });
    await eventually(pods, ({ items }) => items.length === 0);
  });

  it('streams changes to a watch that starts from a resourceVersion', async () => {
    const { metadata } = await core.listNamespacedConfigMap({ namespace: 'default' });
    const events: string[] = [];
    const watch = new Watch(await kubeConfig(running));
    const controller = await watch.watch(
      '/api/v1/namespaces/default/configmaps',
      { resourceVersion: metadata?.resourceVersion, labelSelector: 'watched=yes' },
      (phase: string, object: KubernetesObject) => events.push(`${phase} ${object.metadata?.name}`),
      () => undefined,
    );
    const labels = { watched: 'yes' };
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'seen', labels } } });
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'unseen' } } });
    await core.replaceNamespacedConfigMap({
      namespace: 'default',
      name: 'seen',
      body: { metadata: { name: 'seen', labels }, data: { a: '1' } },
    });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: 'seen' });
    await eventually(
      async () => events.length,
      (count) => count >= 3,
    );
    controller.abort();
    expect(events).to.deep.equal(['ADDED seen', 'MODIFIED seen', 'DELETED seen']);
  });
});

describe('sandbox: a saved Kubernetes API', () => {
  let running: RunningSandbox;

  before(async () => {
    running = await startPlatform({ world: JSON.parse(JSON.stringify(shopWorld())) as World });
  });
  after(() => running.stop());

  it('tells a watch from before its history that it is too old', async () => {
    const failures: string[] = [];
    const watch = new Watch(await kubeConfig(running));
    const seen = (phase: string, object: { code?: number }): number => failures.push(`${phase} ${object.code}`);
    await new Promise<void>((resolve, reject) => {
      watch.watch('/api/v1/configmaps', { resourceVersion: '1' }, seen, () => resolve()).catch(reject);
    });
    expect(failures).to.deep.equal(['ERROR 410']);
  });

  it('goes on with its controllers', async () => {
    const api = await objectApi(running);
    await api.create(deployment('later', {}));
    const wanted = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'later', namespace: 'default' } };
    await eventually(
      async () => healthOf(running.sandbox, shop, wanted),
      (state) => state === 'Healthy',
    );
  });
});
