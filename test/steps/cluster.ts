import { defaultNetwork } from '../../sandbox/ec2/network.ts';
import { findCluster, newCluster } from '../../sandbox/eks/clusters.ts';
import { seedCluster as seedRunning, settleCluster } from '../../sandbox/kubernetes/seed.ts';
import type { World } from '../../sandbox/world.ts';

export const REGION = 'eu-central-1';
export const CLUSTER = 'shop-drill-1';
export const RUN = 'drill-1';
export const RUNNER = 'arn:aws:iam::111122223333:role/eks-dr-runner';
export const ARGOCD = 'arn:aws:iam::111122223333:role/argocd-management';

/** Puts an ACTIVE cluster of the run `drill-1` into a world: what create-cluster leaves behind. */
export function seedCluster(world: World, options: { readonly name?: string; readonly tags?: Record<string, string> } = {}): void {
  const { name = CLUSTER, tags = { 'eks-dr:run': RUN } } = options;
  const network = defaultNetwork(world, REGION);
  const cluster = newCluster(
    world,
    REGION,
    { name, roleArn: RUNNER, version: '1.34', subnetIds: network.subnets.map(({ id }) => id), authenticationMode: 'API', tags },
    { now: world.clock, creatorArn: RUNNER },
  );
  world.eks.clusters[`${REGION}/${name}`] = { ...cluster, status: 'ACTIVE' };
  if (findCluster(world, REGION, name) === undefined) throw new Error('the cluster was not seeded');
}

/** The same cluster with an API server that has run for an hour, and Ready nodes. */
export function seedRunningCluster(world: World, options: { readonly nodes?: number } = {}): void {
  const { nodes = 3 } = options;
  seedRunning(world, {
    region: REGION,
    name: CLUSTER,
    roleArn: RUNNER,
    nodeRole: RUNNER,
    version: '1.34',
    subnetIds: defaultNetwork(world, REGION).subnets.map(({ id }) => id),
    authenticationMode: 'API',
    tags: { 'eks-dr:run': RUN },
    admins: [ARGOCD, RUNNER],
    nodes,
    createdAt: world.clock - 3_600_000,
  });
  settleCluster(world, { region: REGION, cluster: CLUSTER }, world.clock);
}
