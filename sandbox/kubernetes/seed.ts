import { effectiveNow } from '../eks/access.ts';
import { newAccessEntry } from '../eks/access-entry.ts';
import { clusterAdminPolicy } from '../eks/access-policies.ts';
import type { ClusterInput } from '../eks/cluster-input.ts';
import { createClusterSecurityGroup, newCluster } from '../eks/clusters.ts';
import { seedNodegroup } from '../eks/nodegroups.ts';
import type { World } from '../world.ts';
import { startApiServer } from './clusters.ts';
import { joinNodes } from './controllers/nodes.ts';
import { runControllers } from './controllers/run.ts';
import { applyIn } from './delivery.ts';
import type { KubeObject } from './object.ts';
import { type ClusterKey, clusterKey } from './state.ts';

export interface ClusterSeed extends ClusterInput {
  readonly region: string;
  readonly nodeRole: string;
  readonly nodes: number;
  /** Roles with an access entry and AmazonEKSClusterAdminPolicy. */
  readonly admins: readonly string[];
  /** When it was made (ms of sandbox time): before the world's clock. */
  readonly createdAt: number;
}

/** Puts a running cluster with Ready nodes into a world that is not served yet. */
export function seedCluster(world: World, seed: ClusterSeed): ClusterKey {
  const { region, name, nodeRole, nodes, admins, createdAt } = seed;
  const input = { ...seed, bootstrapClusterCreatorAdminPermissions: seed.authenticationMode === undefined };
  const cluster = newCluster(world, region, input, { now: createdAt, creatorArn: admins[0] ?? seed.roleArn });
  const ref = { region, cluster: name };
  world.eks.clusters[clusterKey(ref)] = cluster;
  cluster.status = 'ACTIVE';
  createClusterSecurityGroup(world, cluster);
  for (const principalArn of admins) {
    const policy = {
      policyArn: clusterAdminPolicy,
      accessScope: { type: 'cluster' as const, namespaces: [] },
      associatedAt: createdAt,
      modifiedAt: createdAt,
    };
    const entry = newAccessEntry(world, {
      region,
      cluster: name,
      principalArn,
      now: createdAt,
      policies: { [clusterAdminPolicy]: policy },
    });
    cluster.accessEntries[principalArn] = entry;
    cluster.effective[principalArn] = effectiveNow(entry);
  }
  const group = seedNodegroup(cluster, 'system', nodeRole, nodes, createdAt);
  const state = startApiServer(world, ref, createdAt);
  joinNodes({ world, cluster: state, now: createdAt }, nodes, {
    nodegroup: group.name,
    instanceType: group.instanceTypes[0] ?? 'm6i.2xlarge',
    labels: {},
  });
  return ref;
}

/** Applies objects to a seeded cluster as of a time (ms): namespaces first, in the order given. */
export function seedObjects(world: World, ref: ClusterKey, objects: readonly KubeObject[], manager: string, now: number): void {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  if (cluster === undefined) throw new Error(`There is no cluster ${clusterKey(ref)} to seed.`);
  const context = { world, cluster, now };
  for (const object of objects) {
    applyIn(context, object, manager);
    // A custom resource may follow its definition at once.
    if (object.kind === 'CustomResourceDefinition') runControllers({ ...context, now: now + 1_000 });
  }
}

/** Lets the controllers of a seeded cluster work up to a time (ms): pods run, load balancers have names. */
export function settleCluster(world: World, ref: ClusterKey, now: number): void {
  const cluster = world.kubernetes.clusters[clusterKey(ref)];
  if (cluster !== undefined) runControllers({ world, cluster, now });
}
