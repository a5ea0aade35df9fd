import { awsFault } from '../aws/fault.ts';
import { jsonResponse } from '../aws/rest-json.ts';
import { ec2Region } from '../ec2/network.ts';
import { roleExists } from '../iam/principals.ts';
import { addNodes, removeNodes } from '../kubernetes/clusters.ts';
import type { Sandbox } from '../system.ts';
import { announceAccess } from './access.ts';
import { newAccessEntry } from './access-entry.ts';
import { type EksCall, type EksRoute, parameter, seconds } from './call.ts';
import { activeClusterOrFail, clusterOrFail } from './clusters.ts';
import { hex, nextId } from './ids.ts';
import { claimToken, conflict, invalid, notFound, optionalText, page, stringsIn, tagsIn, textIn } from './input.ts';
import type { EksCluster, Nodegroup } from './state.ts';

/** From CreateNodegroup to ACTIVE, and from DeleteNodegroup to gone (ms of sandbox time). */
const CREATE_TIME = 180_000;
const DELETE_TIME = 150_000;

const members = [
  'nodegroupName',
  'scalingConfig',
  'diskSize',
  'subnets',
  'instanceTypes',
  'amiType',
  'remoteAccess',
  'nodeRole',
  'labels',
  'taints',
  'tags',
  'clientRequestToken',
  'launchTemplate',
  'updateConfig',
  'nodeRepairConfig',
  'capacityType',
  'version',
  'releaseVersion',
];

function describe(sandbox: Sandbox, cluster: EksCluster, group: Nodegroup): Record<string, unknown> {
  const { accountId } = sandbox.world;
  return {
    nodegroupName: group.name,
    nodegroupArn: `arn:aws:eks:${cluster.region}:${accountId}:nodegroup/${cluster.name}/${group.name}/${group.id}`,
    clusterName: cluster.name,
    version: group.version,
    releaseVersion: `${group.version}.0-20260801`,
    createdAt: seconds(group.createdAt),
    modifiedAt: seconds(group.createdAt),
    status: group.status,
    capacityType: group.capacityType,
    scalingConfig: group.scaling,
    instanceTypes: group.instanceTypes,
    subnets: group.subnets,
    amiType: group.amiType,
    nodeRole: group.nodeRole,
    labels: group.labels,
    taints: group.taints,
    resources: { autoScalingGroups: [{ name: `eks-${group.name}-${group.id}` }] },
    diskSize: group.diskSize,
    health: { issues: [] },
    updateConfig: { maxUnavailable: 1 },
    tags: group.tags,
  };
}

function groupOrFail(cluster: EksCluster, name: string): Nodegroup {
  const group = cluster.nodegroups[name];
  if (group === undefined) throw notFound(`No node group found for name: ${name}.`, { clusterName: cluster.name, nodegroupName: name });
  return group;
}

function scalingOf(body: Readonly<Record<string, unknown>>): Nodegroup['scaling'] {
  const given = (body.scalingConfig ?? {}) as Record<string, unknown>;
  const number = (name: string, fallback: number): number => (typeof given[name] === 'number' ? given[name] : fallback);
  const scaling = { minSize: number('minSize', 1), maxSize: number('maxSize', 2), desiredSize: number('desiredSize', 2) };
  if (scaling.minSize > scaling.desiredSize) throw invalid("Minimum capacity can't be greater than desired size");
  if (scaling.desiredSize > scaling.maxSize) throw invalid("Desired capacity can't be greater than max size");
  return scaling;
}

function create(call: EksCall): Nodegroup {
  const { sandbox, region, body } = call;
  const { world, clock } = sandbox;
  const cluster = activeClusterOrFail(world, region, parameter(call, 'clusterName'));
  const name = textIn(body, 'nodegroupName');
  const token = optionalText(body, 'clientRequestToken');
  const existing = cluster.nodegroups[name];
  if (existing !== undefined) {
    if (claimToken(existing, token)) return existing;
    throw conflict(`NodeGroup already exists with name ${name} and cluster name ${cluster.name}`, {
      clusterName: cluster.name,
      nodegroupName: name,
    });
  }
  if (!/^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name))
    throw invalid('The nodegroup name must have at most 63 letters, digits, hyphens and underscores');
  const nodeRole = textIn(body, 'nodeRole');
  const now = clock.now();
  if (!roleExists(world, nodeRole, now)) throw invalid(`The role with name ${nodeRole.split('/').at(-1)} cannot be found.`);
  const subnets = stringsIn(body, 'subnets') ?? [];
  if (subnets.length === 0) throw invalid('subnets must not be empty');
  const missing = subnets.find((id) => ec2Region(world, region).subnets[id]?.vpcId !== cluster.vpc.vpcId);
  if (missing !== undefined) throw invalid(`Subnet ${missing} does not exist in the VPC of the cluster`);
  const id = nextId(world);
  const group: Nodegroup = {
    name,
    id,
    status: 'CREATING',
    dueAt: now + CREATE_TIME,
    createdAt: now,
    nodeRole,
    subnets,
    instanceTypes: stringsIn(body, 'instanceTypes') ?? ['t3.medium'],
    amiType: optionalText(body, 'amiType') ?? 'AL2023_x86_64_STANDARD',
    capacityType: optionalText(body, 'capacityType') ?? 'ON_DEMAND',
    diskSize: typeof body.diskSize === 'number' ? body.diskSize : 20,
    version: optionalText(body, 'version') ?? cluster.version,
    scaling: scalingOf(body),
    labels: { ...((body.labels ?? {}) as Record<string, string>) },
    taints: Array.isArray(body.taints) ? body.taints : [],
    tags: tagsIn(body),
    ...(token === undefined ? {} : { clientRequestToken: token }),
  };
  cluster.nodegroups[name] = group;
  admitNodes(call, cluster, nodeRole);
  return group;
}

// EKS makes the access entry that lets a managed group's nodes join.
function admitNodes({ sandbox: { world, clock }, region }: EksCall, cluster: EksCluster, nodeRole: string): void {
  if (cluster.authenticationMode === 'CONFIG_MAP' || cluster.accessEntries[nodeRole] !== undefined) return;
  const now = clock.now();
  cluster.accessEntries[nodeRole] = newAccessEntry(world, {
    region,
    cluster: cluster.name,
    principalArn: nodeRole,
    now,
    type: 'EC2_LINUX',
    kubernetesGroups: ['system:nodes'],
    username: 'system:node:{{EC2PrivateDNSName}}',
  });
  announceAccess(cluster, nodeRole, now);
}

function remove(call: EksCall): Record<string, unknown> {
  const { sandbox, region } = call;
  const cluster = clusterOrFail(sandbox.world, region, parameter(call, 'clusterName'));
  const group = groupOrFail(cluster, parameter(call, 'nodegroupName'));
  if (group.status === 'CREATING') {
    throw awsFault(409, 'ResourceInUseException', 'Nodegroup is being created', { clusterName: cluster.name, nodegroupName: group.name });
  }
  if (group.status !== 'DELETING') {
    group.status = 'DELETING';
    group.dueAt = sandbox.clock.now() + DELETE_TIME;
  }
  return describe(sandbox, cluster, group);
}

export function advanceNodegroups(sandbox: Sandbox, cluster: EksCluster, now: number): void {
  const ref = { region: cluster.region, cluster: cluster.name };
  for (const group of Object.values(cluster.nodegroups)) {
    if (group.status === 'ACTIVE' || now < group.dueAt) continue;
    if (group.status === 'CREATING') {
      group.status = 'ACTIVE';
      const labels = { ...group.labels, 'eks.amazonaws.com/capacityType': group.capacityType };
      addNodes(sandbox, ref, group.scaling.desiredSize, {
        nodegroup: group.name,
        instanceType: group.instanceTypes[0] ?? 't3.medium',
        labels,
      });
    } else {
      removeNodes(sandbox, ref, group.name);
      delete cluster.nodegroups[group.name];
    }
  }
}

/** A node group that has long been ACTIVE, for seeds. */
export function seedNodegroup(cluster: EksCluster, name: string, nodeRole: string, size: number, now: number): Nodegroup {
  const group: Nodegroup = {
    name,
    id: hex(`nodegroup/${cluster.arn}/${name}`, 32),
    status: 'ACTIVE',
    dueAt: now,
    createdAt: now,
    nodeRole,
    subnets: cluster.vpc.subnetIds,
    instanceTypes: ['m6i.2xlarge'],
    amiType: 'AL2023_x86_64_STANDARD',
    capacityType: 'ON_DEMAND',
    diskSize: 50,
    version: cluster.version,
    scaling: { minSize: size, maxSize: size * 2, desiredSize: size },
    labels: {},
    taints: [],
    tags: {},
  };
  cluster.nodegroups[name] = group;
  return group;
}

export const nodegroupRoutes: readonly EksRoute[] = [
  {
    name: 'CreateNodegroup',
    method: 'POST',
    pattern: '/clusters/{clusterName}/node-groups',
    body: members,
    run: (call) => {
      const group = create(call);
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      return jsonResponse({ nodegroup: describe(call.sandbox, cluster, group) });
    },
  },
  {
    name: 'ListNodegroups',
    method: 'GET',
    pattern: '/clusters/{clusterName}/node-groups',
    query: ['maxResults', 'nextToken'],
    run: (call) => {
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      const { names, ...next } = page(call.query, Object.keys(cluster.nodegroups));
      return jsonResponse({ nodegroups: names, ...next });
    },
  },
  {
    name: 'DescribeNodegroup',
    method: 'GET',
    pattern: '/clusters/{clusterName}/node-groups/{nodegroupName}',
    run: (call) => {
      const cluster = clusterOrFail(call.sandbox.world, call.region, parameter(call, 'clusterName'));
      return jsonResponse({ nodegroup: describe(call.sandbox, cluster, groupOrFail(cluster, parameter(call, 'nodegroupName'))) });
    },
  },
  {
    name: 'DeleteNodegroup',
    method: 'DELETE',
    pattern: '/clusters/{clusterName}/node-groups/{nodegroupName}',
    run: (call) => jsonResponse({ nodegroup: remove(call) }),
  },
];
