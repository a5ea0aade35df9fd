import { groupName, subnetName, vpcName } from '../ec2/names.ts';
import type { World } from '../world.ts';
import type { EksCluster } from './state.ts';

const byKey = <T, U>(record: Readonly<Record<string, T>>, render: (value: T) => U): Record<string, U> =>
  Object.fromEntries(
    Object.entries(record)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, render(value)]),
  );

/** The clusters by region and name, without ids and times. */
export function dumpEks(world: World): unknown {
  return byKey(world.eks.clusters, (cluster) => dumpCluster(world, cluster));
}

function dumpCluster({ ec2 }: World, cluster: EksCluster): unknown {
  const { clusterSecurityGroupId: _, vpcId, subnetIds, securityGroupIds, ...vpc } = cluster.vpc;
  const region = ec2.regions[cluster.region];
  return {
    status: cluster.status,
    version: cluster.version,
    roleArn: cluster.roleArn,
    authenticationMode: cluster.authenticationMode,
    vpc: {
      ...vpc,
      name: vpcName(region?.vpcs[vpcId]),
      subnets: subnetIds.map((id) => subnetName(region, id)).toSorted(),
      securityGroups: securityGroupIds.map((id) => groupName(region, id)).toSorted(),
    },
    tags: byKey(cluster.tags, String),
    nodegroups: byKey(cluster.nodegroups, ({ status, nodeRole, instanceTypes, scaling, labels, tags }) => ({
      status,
      nodeRole,
      instanceTypes,
      scaling,
      labels: byKey(labels, String),
      tags: byKey(tags, String),
    })),
    addons: byKey(cluster.addons, ({ status, version, tags }) => ({ status, version, tags: byKey(tags, String) })),
    podIdentityAssociations: Object.values(cluster.podIdentityAssociations)
      .map(({ id: _id, clientRequestToken: _token, externalId: _external, createdAt: _created, modifiedAt: _modified, ...rest }) => rest)
      .toSorted((a, b) => (`${a.namespace}/${a.serviceAccount}` < `${b.namespace}/${b.serviceAccount}` ? -1 : 1)),
    accessEntries: byKey(cluster.accessEntries, ({ type, kubernetesGroups, username, tags, policies }) => ({
      type,
      kubernetesGroups: kubernetesGroups.toSorted(),
      username,
      tags: byKey(tags, String),
      policies: byKey(policies, ({ accessScope }) => accessScope),
    })),
  };
}
