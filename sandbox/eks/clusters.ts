import { awsFault } from '../aws/fault.ts';
import { ec2Region, networkOf } from '../ec2/network.ts';
import { roleExists } from '../iam/principals.ts';
import { createClusterState, deleteClusterState } from '../kubernetes/clusters.ts';
import type { Sandbox } from '../system.ts';
import type { World } from '../world.ts';
import { effectiveNow } from './access.ts';
import { newAccessEntry } from './access-entry.ts';
import { clusterAdminPolicy } from './access-policies.ts';
import type { ClusterInput } from './cluster-input.ts';
import { hex, nextId } from './ids.ts';
import { claimToken, invalid, notFound } from './input.ts';
import type { AccessEntry, AuthenticationMode, EksCluster } from './state.ts';

/** From CreateCluster to ACTIVE, and from DeleteCluster to gone (ms of sandbox time). */
const CREATE_TIME = 570_000;
const DELETE_TIME = 150_000;
const supportedVersions = ['1.31', '1.32', '1.33', '1.34', '1.35'];
const latestVersion = '1.34';

/** The cluster of that name in the region, whatever its status. */
export function findCluster(world: World, region: string, name: string): EksCluster | undefined {
  return world.eks.clusters[`${region}/${name}`];
}

export function clusterOrFail(world: World, region: string, name: string): EksCluster {
  const cluster = findCluster(world, region, name);
  if (cluster === undefined) throw notFound(`No cluster found for name: ${name}.`);
  return cluster;
}

/** The cluster, refused while it is being created or deleted. */
export function activeClusterOrFail(world: World, region: string, name: string): EksCluster {
  const cluster = clusterOrFail(world, region, name);
  if (cluster.status !== 'ACTIVE') {
    const message = `Cluster is not in ACTIVE status: it is ${cluster.status}`;
    throw awsFault(400, 'InvalidRequestException', message, { clusterName: name });
  }
  return cluster;
}

const modes: readonly string[] = ['API', 'API_AND_CONFIG_MAP', 'CONFIG_MAP'];

/** Starts to create a cluster for `creatorArn` (a role or user). Throws EKS's own faults. */
export function createCluster(sandbox: Sandbox, region: string, input: ClusterInput, creatorArn: string): EksCluster {
  const { world, clock } = sandbox;
  const existing = findCluster(world, region, input.name);
  if (existing !== undefined) {
    const same = claimToken(existing, input.clientRequestToken);
    if (same) return existing;
    throw awsFault(409, 'ResourceInUseException', `Cluster already exists with name: ${input.name}`, { clusterName: input.name });
  }
  const cluster = newCluster(world, region, input, { now: clock.now(), creatorArn });
  world.eks.clusters[`${region}/${input.name}`] = cluster;
  return cluster;
}

/** A new cluster in status CREATING, checked as EKS checks it; not yet in the world. */
export function newCluster(
  world: World,
  region: string,
  input: ClusterInput,
  { now, creatorArn }: { readonly now: number; readonly creatorArn: string },
): EksCluster {
  validate(world, region, input, now);
  const { name } = input;
  const id = nextId(world);
  const subnets = ec2Region(world, region).subnets;
  const vpcId = subnets[input.subnetIds[0] ?? '']?.vpcId ?? '';
  const mode = (input.authenticationMode ?? 'CONFIG_MAP') as AuthenticationMode;
  const admin = input.bootstrapClusterCreatorAdminPermissions !== false;
  const entries = admin ? { [creatorArn]: creatorEntry(world, region, name, creatorArn, now) } : {};
  return {
    name,
    region,
    arn: `arn:aws:eks:${region}:${world.accountId}:cluster/${name}`,
    oidcId: hex(`oidc/${id}`, 32).toUpperCase(),
    status: 'CREATING',
    dueAt: now + CREATE_TIME,
    createdAt: now,
    version: input.version ?? latestVersion,
    platformVersion: 'eks.5',
    roleArn: input.roleArn,
    vpc: {
      vpcId,
      subnetIds: [...input.subnetIds],
      securityGroupIds: [...(input.securityGroupIds ?? [])],
      clusterSecurityGroupId: `sg-0${hex(`cluster-sg/${id}`, 16)}`,
      endpointPublicAccess: input.endpointPublicAccess ?? true,
      endpointPrivateAccess: input.endpointPrivateAccess ?? false,
      publicAccessCidrs: [...(input.publicAccessCidrs ?? ['0.0.0.0/0'])],
    },
    serviceIpv4Cidr: input.serviceIpv4Cidr ?? '172.20.0.0/16',
    authenticationMode: mode,
    bootstrapSelfManagedAddons: input.bootstrapSelfManagedAddons !== false,
    logging: input.logging ?? {
      clusterLogging: [{ types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'], enabled: false }],
    },
    tags: { ...input.tags },
    ...(input.clientRequestToken === undefined ? {} : { clientRequestToken: input.clientRequestToken }),
    nodegroups: {},
    addons: {},
    podIdentityAssociations: {},
    accessEntries: entries,
    effective: Object.fromEntries(Object.values(entries).map((entry) => [entry.principalArn, effectiveNow(entry)])),
    pendingAccess: [],
  };
}

function creatorEntry(world: World, region: string, cluster: string, principalArn: string, now: number): AccessEntry {
  const policy = {
    policyArn: clusterAdminPolicy,
    accessScope: { type: 'cluster' as const, namespaces: [] },
    associatedAt: now,
    modifiedAt: now,
  };
  return newAccessEntry(world, { region, cluster, principalArn, now, policies: { [clusterAdminPolicy]: policy } });
}

function validate(world: World, region: string, input: ClusterInput, now: number): void {
  const { name, roleArn, version, authenticationMode = 'CONFIG_MAP', subnetIds } = input;
  const fail = (message: string): Error => invalid(message, { clusterName: name });
  if (!/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name))
    throw fail('The cluster name must match ^[0-9A-Za-z][A-Za-z0-9-_]* and have at most 100 characters');
  if (version !== undefined && !supportedVersions.includes(version)) throw fail(`unsupported Kubernetes version ${version}`);
  if (!modes.includes(authenticationMode)) throw fail(`Value '${authenticationMode}' is not a valid authenticationMode`);
  if (authenticationMode === 'CONFIG_MAP' && input.bootstrapClusterCreatorAdminPermissions === false) {
    throw fail('bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to CONFIG_MAP');
  }
  if (!roleExists(world, roleArn, now)) throw fail(`roleArn, ${roleArn}, does not exist`);
  const { subnets, securityGroups } = ec2Region(world, region);
  const missing = subnetIds.find((id) => subnets[id] === undefined);
  if (missing !== undefined) throw fail(`The subnet ID '${missing}' does not exist`);
  const vpcs = new Set(subnetIds.map((id) => subnets[id]?.vpcId));
  if (vpcs.size > 1) throw fail('Provided subnets belong to different VPCs');
  const zones = new Set(subnetIds.map((id) => subnets[id]?.zone));
  if (zones.size < 2) throw fail('Subnets specified must be in at least two different AZs');
  const group = input.securityGroupIds?.find((id) => securityGroups[id] === undefined);
  if (group !== undefined) throw fail(`The security group '${group}' does not exist`);
}

/** Starts to delete a cluster. Its load balancers stay behind: nobody is left to remove them. */
export function deleteCluster(sandbox: Sandbox, region: string, name: string): EksCluster {
  const { world, clock } = sandbox;
  const cluster = clusterOrFail(world, region, name);
  if (Object.keys(cluster.nodegroups).length > 0) {
    throw awsFault(409, 'ResourceInUseException', 'Cluster has nodegroups attached', {
      clusterName: name,
      nodegroupName: Object.keys(cluster.nodegroups)[0],
    });
  }
  if (cluster.status === 'CREATING') {
    throw awsFault(409, 'ResourceInUseException', `Cluster has an in-progress creation: ${name}`, { clusterName: name });
  }
  if (cluster.status === 'DELETING') return cluster;
  cluster.status = 'DELETING';
  cluster.dueAt = clock.now() + DELETE_TIME;
  return cluster;
}

/** The security group that EKS makes for a cluster: nodes and control plane are in it. */
export function createClusterSecurityGroup(world: World, cluster: EksCluster): void {
  const { clusterSecurityGroupId: id, vpcId } = cluster.vpc;
  if (networkOf(world, cluster.region, vpcId) === null) return;
  const rule = { protocol: '-1', fromPort: -1, toPort: -1, tags: {} };
  ec2Region(world, cluster.region).securityGroups[id] = {
    id,
    vpcId,
    name: `eks-cluster-sg-${cluster.name}-${hex(cluster.oidcId, 8)}`,
    description:
      'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.',
    rules: [
      { ...rule, id: `sgr-0${hex(`${id}/in`, 16)}`, egress: false, group: id },
      { ...rule, id: `sgr-0${hex(`${id}/out`, 16)}`, egress: true, cidr: '0.0.0.0/0' },
    ],
    tags: {
      Name: `eks-cluster-sg-${cluster.name}`,
      'aws:eks:cluster-name': cluster.name,
      [`kubernetes.io/cluster/${cluster.name}`]: 'owned',
    },
  };
}

/** Moves one cluster to where it should be by `now`; it may cease to exist. */
export function advanceCluster(sandbox: Sandbox, cluster: EksCluster, now: number): void {
  if (cluster.status === 'ACTIVE' || now < cluster.dueAt) return;
  const { world } = sandbox;
  const ref = { region: cluster.region, cluster: cluster.name };
  if (cluster.status === 'CREATING') {
    cluster.status = 'ACTIVE';
    createClusterSecurityGroup(world, cluster);
    createClusterState(sandbox, ref);
    return;
  }
  deleteClusterState(sandbox, ref);
  delete ec2Region(world, cluster.region).securityGroups[cluster.vpc.clusterSecurityGroupId];
  delete world.eks.clusters[`${cluster.region}/${cluster.name}`];
}
