import { CoreV1Api, type CoreV1Event, type KubernetesObject, type KubernetesObjectApi, type V1Pod } from '@kubernetes/client-node';
import { expect } from 'chai';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { eventually, kubeConfig, objectApi, startPlatform } from './platform.ts';

const namespace = 'default';
const deployment = (name: string, container: object, pod: object = {}): KubernetesObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'example.com/main:1', ...container }], ...pod },
      },
    },
  }) as KubernetesObject;

describe('sandbox: pods that cannot start', () => {
  let running: RunningSandbox;
  let api: KubernetesObjectApi;
  let core: CoreV1Api;

  before(async () => {
    running = await startPlatform();
    api = await objectApi(running);
    core = (await kubeConfig(running)).makeApiClient(CoreV1Api);
  });
  after(() => running.stop());

  async function podOf(app: string): Promise<V1Pod | undefined> {
    return (await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items[0];
  }
  const waiting = (pod: V1Pod | undefined) => pod?.status?.containerStatuses?.[0]?.state?.waiting;
  const isReady = (pod: V1Pod | undefined) => pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
  const untilWaiting = async (app: string, why: string): Promise<V1Pod | undefined> =>
    eventually(
      () => podOf(app),
      (pod) => waiting(pod)?.reason === why,
    );
  const untilReady = (app: string) =>
    eventually(
      () => podOf(app),
      (pod) => isReady(pod) === true,
    );
  const untilWarned = async (reason: string, about: string): Promise<CoreV1Event | undefined> => {
    const fieldSelector = `type=Warning,reason=${reason}`;
    const found = await eventually(
      async () =>
        (await core.listNamespacedEvent({ namespace, fieldSelector })).items.find(({ involvedObject }) =>
          involvedObject.name?.startsWith(about),
        ),
      (event) => event !== undefined,
    );
    return found;
  };

  it('wait for the Secret that their environment names, and start by themselves once it is there', async () => {
    await api.create(deployment('env', { envFrom: [{ secretRef: { name: 'db' } }] }));
    expect(waiting(await untilWaiting('env', 'CreateContainerConfigError'))?.message).to.equal('secret "db" not found');
    await api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace } } as KubernetesObject);
    await untilReady('env');
  });

  it('wait for the key that their environment names, but for none that is optional', async () => {
    const valueFrom = { configMapKeyRef: { name: 'settings', key: 'level' } };
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace } } as KubernetesObject);
    await api.create(deployment('key', { env: [{ name: 'LEVEL', valueFrom }] }));
    const optional = { configMapKeyRef: { name: 'nowhere', key: 'level', optional: true } };
    await api.create(deployment('optional', { env: [{ name: 'LEVEL', valueFrom: optional }] }));
    expect(waiting(await untilWaiting('key', 'CreateContainerConfigError'))?.message).to.equal(
      `couldn't find key level in ConfigMap default/settings`,
    );
    await untilReady('optional');
  });

  it('stay in ContainerCreating while a volume lacks its ConfigMap; an event says so', async () => {
    await api.create(deployment('mount', {}, { volumes: [{ name: 'conf', configMap: { name: 'conf' } }] }));
    const event = await untilWarned('FailedMount', 'mount-');
    expect(event?.message).to.equal('MountVolume.SetUp failed for volume "conf" : configmap "conf" not found');
    expect(waiting(await podOf('mount'))?.reason).to.equal('ContainerCreating');
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace } } as KubernetesObject);
    await untilReady('mount');
  });

  it('pull an image again after pauses, until the registry has it', async () => {
    const { kubernetes } = running.sandbox.world;
    kubernetes.missingImages = ['registry.example.com/shop/*'];
    await api.create(deployment('image', { image: 'registry.example.com/shop/cart:1' }));
    const message = waiting(await untilWaiting('image', 'ImagePullBackOff'))?.message;
    expect(message).to.match(/^Back-off pulling image "registry\.example\.com\/shop\/cart:1": ErrImagePull: rpc error: code = NotFound/);
    kubernetes.missingImages = [];
    await untilReady('image');
  });

  it('are refused where the quota of the namespace is used up; an event of their ReplicaSet says so', async () => {
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few', namespace } };
    await api.create({ ...quota, spec: { hard: { pods: '0' } } } as KubernetesObject);
    await api.create(deployment('quota', {}));
    const event = await untilWarned('FailedCreate', 'quota-');
    expect(event?.involvedObject.kind).to.equal('ReplicaSet');
    expect(event?.message).to.match(
      /^Error creating: pods "quota-\S+" is forbidden: exceeded quota: few, requested: pods=1, used: pods=\d, limited: pods=0$/,
    );
    await core.deleteNamespacedResourceQuota({ namespace, name: 'few' });
    await untilReady('quota');
  });

  it('are pending in the words of the scheduler', async () => {
    await api.create(deployment('elsewhere', {}, { nodeSelector: { disk: 'fast' } }));
    const pod = await eventually(
      () => podOf('elsewhere'),
      (found) => found?.status?.conditions?.[0]?.reason === 'Unschedulable',
    );
    expect(pod?.status?.conditions?.[0]?.message).to.match(
      /^0\/3 nodes are available: 3 node\(s\) didn't match Pod's node affinity\/selector\. preemption: /,
    );
  });
});
