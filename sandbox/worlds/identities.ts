import type { World } from '../world.ts';
import { BORN, RECOVERY_REGION, ROLES, roleArn, STATE_BUCKET } from './names.ts';

const trustOf = (principal: Readonly<Record<string, string>>): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] });

/** The platform's roles beside those of every account, and the bucket for Terraform's state in the recovery region. */
export function seedIdentities(world: World): void {
  const account = { AWS: `arn:aws:iam::${world.accountId}:root` };
  addRole(world, ROLES.admin, account, 'The platform team');
  addRole(world, ROLES.cluster, { Service: 'eks.amazonaws.com' }, 'Control plane of shop-prod', ['AmazonEKSClusterPolicy']);
  addRole(world, ROLES.node, { Service: 'ec2.amazonaws.com' }, 'Nodes of shop-prod', [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEKS_CNI_Policy',
    'AmazonEC2ContainerRegistryPullOnly',
  ]);
  world.iam.identities[roleArn(ROLES.admin)] = { allow: ['*'] };
  world.s3.buckets[STATE_BUCKET] = { region: RECOVERY_REGION, objects: {} };
}

/** Puts a role into the world that has long been known to everyone. */
export function addRole(
  world: World,
  name: string,
  principal: Readonly<Record<string, string>>,
  description: string,
  policies: readonly string[] = [],
): void {
  world.iam.counter += 1;
  world.iam.roles[name] = {
    name,
    path: '/',
    arn: roleArn(name),
    id: `AROA${String(world.iam.counter).padStart(4, '0')}${name
      .replaceAll(/[^a-z]/g, '')
      .toUpperCase()
      .padEnd(13, 'X')
      .slice(0, 13)}`,
    trust: trustOf(principal),
    description,
    maxSessionDuration: 3600,
    tags: {},
    attached: policies.map((policy) => `arn:aws:iam::aws:policy/${policy}`),
    inline: {},
    createdAt: BORN,
    visibleAt: BORN,
  };
}
