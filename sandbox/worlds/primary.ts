import { defaultNetwork } from '../ec2/network.ts';
import { seedCluster } from '../kubernetes/seed.ts';
import type { World } from '../world.ts';
import { BORN, PRIMARY_CLUSTER, PRIMARY_REGION, ROLES, roleArn } from './names.ts';

export const primaryRef = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER } as const;

/** The primary cluster, ACTIVE for months, with its nodes and the roles that may use it. */
export function seedPrimary(world: World, nodes: number): void {
  seedCluster(world, {
    region: PRIMARY_REGION,
    name: PRIMARY_CLUSTER,
    roleArn: roleArn(ROLES.cluster),
    nodeRole: roleArn(ROLES.node),
    version: '1.34',
    subnetIds: defaultNetwork(world, PRIMARY_REGION).subnets.map((subnet) => subnet.id),
    authenticationMode: 'API',
    tags: { environment: 'production' },
    admins: [ROLES.argocd, ROLES.runner, ROLES.admin].map(roleArn),
    nodes,
    createdAt: BORN,
  });
}
