import { unlessMissing } from '../../clients/aws-errors.ts';
import type { Clients } from '../../clients/clients.ts';
import type { HeldResource, StackRef } from '../../clients/terraform-types.ts';
import { isJsonObject } from '../../kit/json.ts';

/** A tainted object that EKS has, and that it has nothing to say against. */
export interface SoundTaint {
  readonly address: string;
  readonly what: 'cluster' | 'node group';
  readonly status: 'CREATING' | 'ACTIVE';
}

/**
 * The EKS clusters and node groups in a state that are tainted though EKS creates or has them without any issue. The AWS provider leaves
 * them so when its wait is interrupted (resourceClusterCreate, resourceNodeGroupCreate: the id is set before the wait). Where anything in
 * the state depends on one, its creation had come to its end before: such a taint is a person's, and no concern of ours.
 */
export async function soundTaints({ terraform, eks }: Pick<Clients, 'terraform' | 'eks'>, stack: StackRef): Promise<readonly SoundTaint[]> {
  const held = await (await terraform()).resources(stack);
  const dependedOn = new Set(held.flatMap(({ dependsOn }) => dependsOn));
  const unfinished = held.filter(({ tainted, address }) => tainted && !dependedOn.has(withoutIndexes(address)));
  const found = await Promise.all(unfinished.map((resource) => soundTaint({ eks }, stack.region, resource)));
  return found.filter((taint) => taint !== null);
}

async function soundTaint(
  clients: Pick<Clients, 'eks'>,
  region: string,
  { address, type, values }: HeldResource,
): Promise<SoundTaint | null> {
  const id = isJsonObject(values) ? values.id : undefined;
  if (typeof id !== 'string') return null;
  if (type === 'aws_eks_cluster') return verdict(address, 'cluster', await clusterOf(clients, region, id));
  if (type === 'aws_eks_node_group') return verdict(address, 'node group', await nodeGroupOf(clients, region, id));
  return null;
}

interface Described {
  readonly status?: string | undefined;
  readonly health?: { readonly issues?: readonly unknown[] | undefined } | undefined;
}

function verdict(address: string, what: SoundTaint['what'], described: Described | undefined): SoundTaint | null {
  const status = described?.status;
  if ((status !== 'CREATING' && status !== 'ACTIVE') || (described?.health?.issues ?? []).length > 0) return null;
  return { address, what, status };
}

/** The provider's id of a cluster is its name. */
async function clusterOf({ eks }: Pick<Clients, 'eks'>, region: string, name: string): Promise<Described | undefined> {
  const found = await unlessMissing((await eks(region)).describeCluster({ name }), 'ResourceNotFoundException');
  return found?.cluster;
}

/** The provider's id of a node group is `<cluster>:<node group>`. */
async function nodeGroupOf({ eks }: Pick<Clients, 'eks'>, region: string, id: string): Promise<Described | undefined> {
  const [clusterName, nodegroupName] = id.split(':');
  const found = await unlessMissing((await eks(region)).describeNodegroup({ clusterName, nodegroupName }), 'ResourceNotFoundException');
  return found?.nodegroup;
}

function withoutIndexes(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}
