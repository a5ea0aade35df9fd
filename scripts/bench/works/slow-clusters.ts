import { defaultNetwork } from '../../../sandbox/ec2/network.ts';
import { ec2 } from '../../../sandbox/ec2/system.ts';
import { eks } from '../../../sandbox/eks/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { seedCluster } from '../../../sandbox/kubernetes/seed.ts';
import { kubernetes } from '../../../sandbox/kubernetes/system.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { BORN, RECOVERY_REGION as REGION, ROLES, roleArn } from '../../../sandbox/worlds/names.ts';
import { startSlow } from './start-slow.ts';

/** Starts fresh clusters of one run in the sandbox. Every answer comes this much later. */
export async function startSlowClusters(names: readonly string[], run: string, latencyMs: number): Promise<RunningSandbox> {
  const world = emptyWorld();
  const runner = roleArn(ROLES.runner);
  for (const name of names) {
    seedCluster(world, {
      region: REGION,
      name,
      roleArn: runner,
      nodeRole: runner,
      version: '1.34',
      subnetIds: defaultNetwork(world, REGION).subnets.map(({ id }) => id),
      authenticationMode: 'API',
      tags: { 'eks-dr:run': run },
      admins: [runner],
      nodes: 1,
      createdAt: BORN,
    });
  }
  return startSlow(world, [sts, iam, ec2, eks, kubernetes], latencyMs);
}
