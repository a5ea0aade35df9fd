import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { endpointOf } from '../../../sandbox/kubernetes/clusters.ts';
import { runtimeOf } from '../../../sandbox/kubernetes/runtime.ts';
import { seedCluster, settleCluster } from '../../../sandbox/kubernetes/seed.ts';
import { clusterKey } from '../../../sandbox/kubernetes/state.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { startFullSandbox } from '../../../sandbox/start.ts';
import type { World } from '../../../sandbox/world.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { seedIdentities } from '../../../sandbox/worlds/identities.ts';
import { ROLES, roleArn } from '../../../sandbox/worlds/names.ts';
import { askJson } from '../../real/servers/ask.ts';
import type { Running } from '../../real/servers/running.ts';
import { readState } from '../../real/servers/state.ts';
import type { Opened } from '../contract.ts';
import { defineWidgets, type Widgets } from '../kubernetes/widgets.ts';
import { unique } from '../unique.ts';
import { eksToken } from './eks-token.ts';
import { type KubernetesHttp, kubernetesHttp } from './kubernetes-http.ts';

/** A cluster with three nodes, as its administrator sees it. */
export interface Cluster extends KubernetesHttp {
  /** Made for this run, deleted after it. */
  readonly namespace: string;
  /** A custom resource, defined when it is first asked for. */
  widgets(): Promise<Widgets>;
  /** Compacts the history of all objects up to now. */
  forgetHistory(): Promise<void>;
}

export const REGION = 'eu-west-1';
export const CLUSTER = 'contract';
const HOUR_MS = 3_600_000;

/** A world with one cluster that has been running for an hour; its first administrator is the sandbox's runner. */
export function worldWithCluster(): World {
  const world = emptyWorld();
  seedIdentities(world);
  const ref = seedCluster(world, {
    name: CLUSTER,
    region: REGION,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    nodes: 3,
    admins: [roleArn(ROLES.runner)],
    createdAt: world.clock - HOUR_MS,
    subnetIds: defaultNetwork(world, REGION).subnets.map(({ id }) => id),
    authenticationMode: 'API',
  });
  settleCluster(world, ref, world.clock);
  return world;
}

/** The API server of that cluster, with a token of the runner. */
export async function adminOf(running: RunningSandbox): Promise<KubernetesHttp> {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = running.environment;
  const token = await eksToken({ cluster: CLUSTER, region: REGION, credentials: { accessKeyId, secretAccessKey } });
  const ref = { region: REGION, cluster: CLUSTER };
  return kubernetesHttp({ url: endpointOf(running.sandbox, ref), ca: running.sandbox.ca }, token);
}

export async function sandboxCluster(): Promise<Opened<Cluster>> {
  const world = worldWithCluster();
  const running = await startFullSandbox({ world, scale: 60 });
  const forgetHistory = async (): Promise<void> => {
    const state = world.kubernetes.clusters[clusterKey({ region: REGION, cluster: CLUSTER })];
    if (state !== undefined) runtimeOf(state).journal.length = 0;
  };
  return inNamespace(await adminOf(running), forgetHistory, () => running.stop());
}

/** The recovery cluster: Argo CD works on the other one. */
export async function realCluster({ kubernetes }: Running): Promise<Opened<Cluster> | null> {
  if (kubernetes === undefined) return null;
  const { recovery } = kubernetes;
  const admin = kubernetesHttp(recovery, recovery.adminToken);
  const forgetHistory = async (): Promise<void> => {
    const { body } = await admin.ask('GET', '/api/v1/namespaces', { query: { limit: '1' } });
    const port = (await readState())?.ports['etcd-recovery'];
    const revision = body.metadata.resourceVersion;
    await askJson(`http://127.0.0.1:${port}/v3/kv/compaction`, { method: 'POST', body: { revision } });
  };
  return inNamespace(admin, forgetHistory, async () => undefined);
}

async function inNamespace(admin: KubernetesHttp, forgetHistory: () => Promise<void>, stop: () => Promise<void>): Promise<Opened<Cluster>> {
  const namespace = unique('contract');
  await admin.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
  let defined: Promise<Widgets> | undefined;
  const widgets = (): Promise<Widgets> => {
    defined ??= defineWidgets(admin, `${unique('contract')}.example.com`, namespace);
    return defined;
  };
  return {
    subject: { ...admin, namespace, widgets, forgetHistory },
    async close() {
      const known = await defined?.catch(() => undefined);
      if (known !== undefined) await admin.ask('DELETE', known.definition);
      await admin.ask('DELETE', `/api/v1/namespaces/${namespace}`);
      await stop();
    },
  };
}
