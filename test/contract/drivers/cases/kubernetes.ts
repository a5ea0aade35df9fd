import { RUN_LABEL } from '../../../../steps/naming.ts';
import { kubernetesObject } from '../../../../steps/resources/kubernetes-object.ts';
import { kubernetesScale } from '../../../../steps/resources/kubernetes-scale.ts';
import { kubernetesSecret } from '../../../../steps/resources/kubernetes-secret.ts';
import { kubernetesSuspended } from '../../../../steps/resources/kubernetes-suspended.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

async function newNamespace({ clients, cluster }: LawWorld): Promise<string> {
  const name = unique('law');
  await (await clients.kubernetes(cluster)).create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
}

const object: LawCase = {
  driver: kubernetesObject,
  referees: ['kubernetes'],
  async arrange(world) {
    const { cluster: at, run } = world;
    const place = { region: at.region, cluster: at.cluster };
    const namespace = await newNamespace(world);
    const labelled = (labels: Record<string, string> = {}) => ({ metadata: { labels: { ...labels, [RUN_LABEL]: run } } });
    const rbac = 'rbac.authorization.k8s.io';
    const binding = {
      ...labelled(),
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'system:auth-delegator' },
      subjects: [{ kind: 'ServiceAccount', name: 'reviewer', namespace }],
    };
    return [
      {
        id: { ...place, apiVersion: 'v1', kind: 'Namespace', namespace: '', name: unique('law') },
        states: [
          { desired: labelled({ 'istio-injection': 'enabled' }) },
          { desired: { metadata: { ...labelled().metadata, annotations: { note: 'kept' } } } },
          { desired: labelled() },
        ],
      },
      {
        id: { ...place, apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' },
        states: [{ desired: { ...labelled(), data: { a: '1', b: '2' } } }, { desired: { ...labelled(), data: { b: '3' } } }],
      },
      {
        id: { ...place, apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'reviewer' },
        states: [{ desired: labelled() }, { desired: labelled({ a: 'b' }) }],
      },
      {
        id: { ...place, apiVersion: `${rbac}/v1`, kind: 'ClusterRoleBinding', namespace: '', name: unique('law') },
        states: [
          { desired: binding },
          { desired: { ...binding, subjects: [...binding.subjects, { kind: 'ServiceAccount', name: 'other', namespace }] } },
        ],
      },
      {
        id: { ...place, apiVersion: 'v1', kind: 'Service', namespace, name: 'web' },
        states: [80, 8080].map((port) => ({
          desired: { ...labelled(), spec: { selector: { app: 'web' }, ports: [{ name: 'http', port, protocol: 'TCP' }] } },
        })),
      },
    ];
  },
};

const secret: LawCase = {
  driver: kubernetesSecret,
  referees: ['kubernetes'],
  async arrange(world) {
    const { cluster: at, clients, run } = world;
    const [one, two] = [await clients.secrets.field('env:ONE'), await clients.secrets.field('env:TWO')];
    const state = (data: Record<string, typeof one>, labels: Record<string, string> = {}) => ({
      type: 'Opaque',
      labels: { ...labels, [RUN_LABEL]: run },
      data,
    });
    return [
      {
        id: { region: at.region, cluster: at.cluster, namespace: await newNamespace(world), name: 'licence' },
        states: [
          { desired: state({ key: one }), spellings: [state({ key: { ...one, ref: null } })] },
          { desired: state({ key: two, more: one }, { team: 'a' }) },
          { desired: state({ key: two }) },
        ],
      },
    ];
  },
};

const template = (labels: object) => ({
  metadata: { labels },
  spec: { restartPolicy: 'Always', containers: [{ name: 'app', image: 'example.com/app:1' }] },
});

const scale: LawCase = {
  driver: kubernetesScale,
  referees: ['kubernetes'],
  async arrange(world) {
    const namespace = await newNamespace(world);
    const { region, cluster } = world.cluster;
    const kubernetes = await world.clients.kubernetes(world.cluster);
    const app = { app: 'worker' };
    const spec = { replicas: 2, selector: { matchLabels: app }, template: template(app) };
    const kinds = ['Deployment', 'StatefulSet'] as const;
    for (const kind of kinds) {
      const own = kind === 'StatefulSet' ? { serviceName: 'worker' } : {};
      await kubernetes.create({ apiVersion: 'apps/v1', kind, metadata: { name: 'worker', namespace }, spec: { ...spec, ...own } });
    }
    return kinds.map((kind) => ({
      id: { region, cluster, kind, namespace, name: 'worker' },
      states: [0, 3, 0].map((replicas) => ({ desired: { replicas } })),
    }));
  },
};

const suspended: LawCase = {
  driver: kubernetesSuspended,
  referees: ['kubernetes'],
  async arrange(world) {
    const namespace = await newNamespace(world);
    const { region, cluster } = world.cluster;
    const kubernetes = await world.clients.kubernetes(world.cluster);
    const job = { template: { ...template({ app: 'export' }), spec: { ...template({}).spec, restartPolicy: 'Never' } } };
    const metadata = { name: 'export', namespace };
    await kubernetes.create({ apiVersion: 'batch/v1', kind: 'Job', metadata, spec: job });
    await kubernetes.create({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } },
    });
    return ['CronJob', 'Job'].map((kind) => ({
      id: { region, cluster, kind, namespace, name: 'export' },
      states: [true, false, true].map((value) => ({ desired: { suspended: value } })),
    }));
  },
};

export const kubernetesCases: readonly LawCase[] = [object, secret, scale, suspended];
