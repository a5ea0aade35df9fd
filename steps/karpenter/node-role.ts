import type { ControllerPlace } from '../addons/controller-role.ts';
import { madeRole, type RoleToMake, roleArnOf } from '../addons/made-role.ts';
import type { Resource } from '../kit/resource.ts';
import { shortened } from '../rendering/recovered-name.ts';
import { eksAccessEntry } from '../resources/eks-access-entry.ts';
import { dnsSuffixOf } from './policies.ts';

/** What a node needs: to join, to give pods addresses, to pull images, to be reached through Session Manager. */
const policies = [
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonSSMManagedInstanceCore',
];

export interface NodeRole {
  readonly arn: string;
  /** As an EC2NodeClass names it. */
  readonly name: string;
  /** In waves: the role and its access entry, without which its nodes can't join. */
  readonly resources: readonly (readonly Resource[])[];
}

/** The role of Karpenter's nodes; a prepared one gets its access entry only. */
export function nodeRole(prepared: string | undefined, place: ControllerPlace): NodeRole {
  const { cluster, region, accountId, run } = place;
  const own = shortened(`${cluster}-karpenter-node`);
  const arn = prepared ?? roleArnOf(region, accountId, own);
  const entry = eksAccessEntry.resource({ region, cluster, principalArn: arn }, { type: 'EC2_LINUX', groups: [], run: run.id });
  const description = `The nodes that Karpenter brings to ${cluster}`;
  const made = prepared === undefined ? madeRole(nodeRoleToMake(own, description, region), { ...place, run: run.id }) : [];
  return { arn, name: arn.split('/').at(-1) ?? own, resources: [...made, [entry]] };
}

/** The role itself, with what its nodes need. */
export function nodeRoleToMake(name: string, description: string, region: string): RoleToMake {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: `ec2.${dnsSuffixOf(region)}` }, Action: 'sts:AssumeRole' }],
  };
  return { name, description, trust, awsPolicies: policies };
}
