import { CreateNodegroupCommand, type CreateNodegroupCommandInput } from '@aws-sdk/client-eks';
import type { Eks } from '../subjects/eks.ts';
import { unique } from '../unique.ts';

type NodegroupInput = CreateNodegroupCommandInput & { readonly clusterName: string; readonly nodegroupName: string };

/** What creates a node group of a new name in the shared cluster. */
export function nodegroupInput(subject: Eks, overrides: Partial<CreateNodegroupCommandInput> = {}): NodegroupInput {
  const { cluster, nodeRole, subnetIds } = subject;
  const scalingConfig = { minSize: 1, desiredSize: 1, maxSize: 2 };
  return {
    clusterName: cluster,
    nodegroupName: unique('group'),
    nodeRole,
    subnets: [...subnetIds],
    scalingConfig,
    ...overrides,
  } as NodegroupInput;
}

/** Creates such a node group; what names it. */
export async function makeNodegroup(
  subject: Eks,
  overrides: Partial<CreateNodegroupCommandInput> = {},
): Promise<{ readonly clusterName: string; readonly nodegroupName: string }> {
  const input = nodegroupInput(subject, overrides);
  await subject.eks.send(new CreateNodegroupCommand(input));
  return { clusterName: input.clusterName, nodegroupName: input.nodegroupName };
}
