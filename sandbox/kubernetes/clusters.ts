import type { Sandbox } from '../system.ts';
import type { World } from '../world.ts';
import { selfManagedAddons, writeAddon } from './addons.ts';
import { bootstrap } from './bootstrap.ts';
import { joinNodes, type NodeTemplate } from './controllers/nodes.ts';
import { sha } from './ids.ts';
import { type ClusterKey, clusterKey, type KubernetesClusterState } from './state.ts';
import { all, type Context, remove } from './store.ts';

/** Reading and writing a cluster at the present moment; null when there is no such API server. */
export function contextOf(sandbox: Sandbox, ref: ClusterKey): Context | null {
  const cluster = sandbox.world.kubernetes.clusters[clusterKey(ref)];
  return cluster === undefined ? null : { world: sandbox.world, cluster, now: sandbox.clock.now() };
}

/** Starts the API server of an EKS cluster that has become ACTIVE. */
export function createClusterState(sandbox: Sandbox, ref: ClusterKey): void {
  startApiServer(sandbox.world, ref, sandbox.clock.now()).ca = sandbox.ca;
}

/** The same for seeds, which have no listener yet: `now` is sandbox time in ms. */
export function startApiServer(world: World, { region, cluster: name }: ClusterKey, now: number): KubernetesClusterState {
  const eks = world.eks.clusters[clusterKey({ region, cluster: name })];
  const id = eks?.oidcId ?? sha(`${region}/${name}`).slice(0, 32).toUpperCase();
  const cluster: KubernetesClusterState = {
    region,
    cluster: name,
    version: eks?.version ?? '1.34',
    revision: 1,
    counter: 0,
    objects: {},
    queue: [],
    pending: {},
    ranAt: now,
    ca: '',
    issuer: `https://oidc.eks.${region}.amazonaws.com/id/${id}`,
  };
  world.kubernetes.clusters[clusterKey({ region, cluster: name })] = cluster;
  const context = { world, cluster, now };
  bootstrap(context);
  if (eks?.bootstrapSelfManagedAddons !== false) for (const addon of selfManagedAddons) writeAddon(context, addon);
  return cluster;
}

export function deleteClusterState(sandbox: Sandbox, ref: ClusterKey): void {
  delete sandbox.world.kubernetes.clusters[clusterKey(ref)];
}

/** Lets `count` nodes join; they are Ready some time later. */
export function addNodes(sandbox: Sandbox, ref: ClusterKey, count: number, template?: Partial<NodeTemplate>): void {
  const context = contextOf(sandbox, ref);
  if (context !== null) joinNodes(context, count, { nodegroup: 'default', instanceType: 'm6i.2xlarge', labels: {}, ...template });
}

/** Takes the nodes of a node group away, with the pods on them. */
export function removeNodes(sandbox: Sandbox, ref: ClusterKey, nodegroup: string): void {
  const context = contextOf(sandbox, ref);
  if (context === null) return;
  for (const node of all(context.cluster, 'core/nodes')) {
    if (node.metadata.labels?.['eks.amazonaws.com/nodegroup'] === nodegroup) remove(context, 'core/nodes', node.metadata.name);
  }
}

/** The address of a cluster's API server: `https://127.0.0.1:PORT/clusters/<region>/<cluster>`. */
export function endpointOf(sandbox: Sandbox, { region, cluster }: ClusterKey): string {
  return `${sandbox.address('kubernetes')}/clusters/${region}/${cluster}`;
}

/** The cluster behind an address, whether it still exists or not; null for an address that is none of ours. */
export function clusterOfEndpoint(sandbox: Sandbox, url: string): ClusterKey | null {
  const base = `${sandbox.address('kubernetes')}/clusters/`;
  if (!url.startsWith(base)) return null;
  const [region, cluster, ...rest] = url.slice(base.length).replace(/\/$/, '').split('/');
  return region === undefined || cluster === undefined || rest.length > 0 ? null : { region, cluster };
}
