import { securityGroupKind, subnetKind, vpcKind } from './ec2-kinds.ts';
import { clusterKind } from './eks-cluster-kind.ts';
import { addonKind, nodeGroupKind } from './eks-part-kinds.ts';
import { roleAttachmentKind, roleKind } from './iam-kinds.ts';
import type { ResourceKind } from './kinds.ts';
import { addressOf } from './state.ts';
import { type Attributes, isRecord, type MaybeUnknown, unknown, type Value, type Wanted } from './values.ts';
import type { Variables } from './variables.ts';

export const kinds: Readonly<Record<string, ResourceKind>> = {
  aws_vpc: vpcKind,
  aws_subnet: subnetKind,
  aws_security_group: securityGroupKind,
  aws_iam_role: roleKind,
  aws_iam_role_policy_attachment: roleAttachmentKind,
  aws_eks_cluster: clusterKind,
  aws_eks_node_group: nodeGroupKind,
  aws_eks_addon: addonKind,
};

/** The attribute of another resource, or unknown while that one is yet to be made. */
export type Reference = (address: string, attribute: string) => MaybeUnknown;

export interface StackResource {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string;
  readonly dependsOn: readonly string[];
  /** The attributes that the configuration sets. */
  wanted(reference: Reference): Wanted;
}

interface Parameters {
  readonly cluster: string;
  readonly region: string;
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly cidr: string;
  readonly instanceTypes: readonly string[];
  readonly nodes: { readonly desired: number; readonly min: number; readonly max: number };
  readonly publicEndpoint: boolean;
}

const texts = (value: Value | undefined): string[] | null => (Array.isArray(value) ? value.map(String) : null);

function nodesOf(value: Value | undefined): Parameters['nodes'] {
  if (isRecord(value)) return { desired: Number(value.desired ?? 3), min: Number(value.min ?? 3), max: Number(value.max ?? 12) };
  const count = value === undefined || value === null ? 3 : Number(value);
  return { desired: count, min: Math.min(count, 3), max: Math.max(count, 12) };
}

function parametersOf(variables: Variables): Parameters {
  const { cluster_name: cluster, kubernetes_version: version, tags, vpc_cidr: cidr } = variables;
  const single = variables.node_instance_type;
  return {
    cluster: String(cluster ?? ''),
    region: regionOf(variables),
    version: String(version ?? '1.34'),
    tags: isRecord(tags) ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])) : {},
    cidr: String(cidr ?? '10.40.0.0/16'),
    instanceTypes: texts(variables.node_instance_types) ?? [String(single ?? 'm7i.xlarge')],
    nodes: nodesOf(variables.node_count),
    publicEndpoint: variables.endpoint_public_access !== false,
  };
}

export function regionOf(variables: Variables): string {
  return String(variables.region ?? 'eu-central-1');
}

export function tagsOf(variables: Variables): Readonly<Record<string, string>> {
  return parametersOf(variables).tags;
}

function resource(
  type: string,
  name: string,
  options: { readonly index?: string; readonly dependsOn?: readonly string[]; wanted(reference: Reference): Wanted },
): StackResource {
  const { index, dependsOn = [], wanted } = options;
  const parts = { type, name, ...(index === undefined ? {} : { index }) };
  return { ...parts, address: addressOf(parts), dependsOn, wanted };
}

function trustOf(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}

const zoneLetters = ['a', 'b', 'c'];

function subnetCidr(vpc: string, index: number): string {
  const [first = '10', second = '40'] = vpc.split('.');
  return `${first}.${second}.${index * 32}.0/19`;
}

/** A list of references; unknown as a whole as soon as one of them is. */
function allKnown(values: readonly MaybeUnknown[]): MaybeUnknown {
  return values.some((value) => value === unknown) ? unknown : (values as readonly Value[]).toSorted();
}

function networkOf({ cluster, region, cidr, tags }: Parameters): StackResource[] {
  const named = (Name: string, more: Readonly<Record<string, string>> = {}) => ({
    tags: { Name, ...more },
    tags_all: { ...tags, Name, ...more },
  });
  const vpc = resource('aws_vpc', 'this', { wanted: () => ({ cidr_block: cidr, ...named(cluster) }) });
  const subnets = zoneLetters.map((letter, index) =>
    resource('aws_subnet', 'private', {
      index: `${region}${letter}`,
      dependsOn: [vpc.address],
      wanted: (reference) => ({
        vpc_id: reference(vpc.address, 'id'),
        cidr_block: subnetCidr(cidr, index),
        availability_zone: `${region}${letter}`,
        ...named(`${cluster}-private-${region}${letter}`, {
          'kubernetes.io/role/internal-elb': '1',
          [`kubernetes.io/cluster/${cluster}`]: 'shared',
          'karpenter.sh/discovery': cluster,
        }),
      }),
    }),
  );
  const groups = ['cluster', 'node'].map((name) =>
    resource('aws_security_group', name, {
      dependsOn: [vpc.address],
      wanted: (reference) => ({
        name: `${cluster}-${name}`,
        description: `${cluster} ${name}`,
        vpc_id: reference(vpc.address, 'id'),
        ...named(`${cluster}-${name}`, name === 'node' ? { 'karpenter.sh/discovery': cluster } : {}),
      }),
    }),
  );
  return [vpc, ...subnets, ...groups];
}

const nodePolicies = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonSSMManagedInstanceCore',
];
const awsPolicy = (name: string): string => `arn:aws:iam::aws:policy/${name}`;

function rolesOf({ cluster, tags }: Parameters): StackResource[] {
  const role = (name: string, service: string, description: string): StackResource =>
    resource('aws_iam_role', name, {
      // IAM allows 64 characters.
      wanted: () => ({
        name: `${cluster.slice(0, 50)}-${name}`,
        description,
        assume_role_policy: trustOf(service),
        tags: {},
        tags_all: { ...tags },
      }),
    });
  const attachment = (roleName: string, policy: string, index?: string): StackResource =>
    resource('aws_iam_role_policy_attachment', roleName, {
      ...(index === undefined ? {} : { index }),
      dependsOn: [`aws_iam_role.${roleName}`],
      wanted: (reference) => ({ role: reference(`aws_iam_role.${roleName}`, 'name'), policy_arn: awsPolicy(policy) }),
    });
  return [
    role('cluster', 'eks.amazonaws.com', `EKS control plane of ${cluster}`),
    attachment('cluster', 'AmazonEKSClusterPolicy'),
    role('node', 'ec2.amazonaws.com', `Nodes of ${cluster}`),
    ...nodePolicies.map((policy) => attachment('node', policy, policy)),
  ];
}

function clusterOf(parameters: Parameters, subnets: readonly string[]): StackResource[] {
  const { cluster, version, tags, instanceTypes, nodes, publicEndpoint } = parameters;
  const tagged = { tags: {}, tags_all: { ...tags } };
  const subnetIds = (reference: Reference): MaybeUnknown => allKnown(subnets.map((address) => reference(address, 'id')));
  const groupIds = (reference: Reference): MaybeUnknown => allKnown([reference('aws_security_group.cluster', 'id')]);
  const controlPlane = resource('aws_eks_cluster', 'this', {
    dependsOn: [...subnets, 'aws_security_group.cluster', 'aws_iam_role.cluster', 'aws_iam_role_policy_attachment.cluster'],
    wanted(reference) {
      const ids = subnetIds(reference);
      const groups = groupIds(reference);
      const ready = ids !== unknown && groups !== unknown;
      const vpc = {
        subnet_ids: ids as Value,
        security_group_ids: groups as Value,
        endpoint_private_access: true,
        endpoint_public_access: publicEndpoint,
      };
      return {
        name: cluster,
        version,
        role_arn: reference('aws_iam_role.cluster', 'arn'),
        access_config: [{ authentication_mode: 'API' }],
        vpc_config: ready ? [vpc] : unknown,
        ...tagged,
      };
    },
  });
  const addon = (name: string, index: string | undefined, addonName: string, dependsOn: readonly string[]): StackResource =>
    resource('aws_eks_addon', name, {
      ...(index === undefined ? {} : { index }),
      dependsOn,
      wanted: () => ({ cluster_name: cluster, addon_name: addonName, ...tagged }),
    });
  const beforeNodes = ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'].map((name) =>
    addon('before_nodes', name, name, [controlPlane.address]),
  );
  const attachments = nodePolicies.map((policy) => `aws_iam_role_policy_attachment.node[${JSON.stringify(policy)}]`);
  const group = resource('aws_eks_node_group', 'base', {
    dependsOn: [controlPlane.address, 'aws_iam_role.node', ...attachments, ...subnets, ...beforeNodes.map(({ address }) => address)],
    wanted: (reference) => ({
      cluster_name: cluster,
      node_group_name: 'base',
      node_role_arn: reference('aws_iam_role.node', 'arn'),
      subnet_ids: subnetIds(reference),
      instance_types: instanceTypes,
      ami_type: 'AL2023_x86_64_STANDARD',
      scaling_config: [{ desired_size: nodes.desired, min_size: nodes.min, max_size: nodes.max }],
      ...tagged,
    }),
  });
  return [controlPlane, ...beforeNodes, group, addon('coredns', undefined, 'coredns', [group.address])];
}

/** The stack that this program knows: a network, roles, an EKS cluster with a node group and add-ons. Dependencies come first. */
export function stackFor(variables: Variables): StackResource[] {
  const parameters = parametersOf(variables);
  const network = networkOf(parameters);
  const subnets = network.filter(({ type }) => type === 'aws_subnet').map(({ address }) => address);
  return [...network, ...rolesOf(parameters), ...clusterOf(parameters, subnets)];
}

/** The outputs of the stack; those that the configuration does not declare are left out by the caller. */
export function outputsFor(variables: Variables, reference: Reference): Readonly<Record<string, MaybeUnknown>> {
  const { cluster, region } = parametersOf(variables);
  const subnets = zoneLetters.map((letter) =>
    reference(addressOf({ type: 'aws_subnet', name: 'private', index: `${region}${letter}` }), 'id'),
  );
  return {
    cluster_name: cluster,
    region,
    vpc_id: reference('aws_vpc.this', 'id'),
    private_subnet_ids: allKnown(subnets),
    node_role_arn: reference('aws_iam_role.node', 'arn'),
    // SQS and EventBridge are not played: the queue has its name alone.
    karpenter_interruption_queue: `${cluster.slice(0, 44)}-interruptions`,
    cluster_security_group_id: reference('aws_eks_cluster.this', 'cluster_security_group_id'),
  };
}

/** Looks attributes up in what exists. */
export function referenceIn(existing: ReadonlyMap<string, { readonly attributes: Attributes }>, pending: ReadonlySet<string>): Reference {
  return (address, attribute) => {
    if (pending.has(address)) return unknown;
    return existing.get(address)?.attributes[attribute] ?? unknown;
  };
}
