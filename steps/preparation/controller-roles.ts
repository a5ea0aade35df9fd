import { policyName } from '../addons/controller-role.ts';
import { controllerPolicy } from '../addons/load-balancer-controller.ts';
import { madeRole, type RoleToMake, roleArnOf } from '../addons/made-role.ts';
import type { Estate } from '../estate/estate.ts';
import { nodeRoleToMake } from '../karpenter/node-role.ts';
import { controllerPolicies } from '../karpenter/policies.ts';
import type { Resource } from '../kit/resource.ts';
import { recoveryClusterPatterns } from '../naming.ts';
import { shortened } from '../rendering/recovered-name.ts';
import { podStatement } from '../workload-identity/pod-trust.ts';
import { SOME_CLUSTER, widenedPolicy } from './widened-policy.ts';

/** A role of an add-on that is made ahead of time, and the field of the estate that then names it. */
export interface PreparedRole {
  readonly field: 'loadBalancerController.roleArn' | 'karpenter.roleArn' | 'karpenter.nodeRoleArn';
  readonly roleArn: string;
  /** In waves. */
  readonly resources: readonly (readonly Resource[])[];
}

export interface PreparationPlace {
  readonly estate: Pick<Estate, 'name' | 'addons'>;
  /** The target's, for which the roles are good. */
  readonly target: string;
  readonly region: string;
  readonly accountId: string;
  readonly run: string;
}

/**
 * The roles of the add-ons that can be there before any cluster is: those that EKS Pod Identity hands out, and that of Karpenter's nodes.
 * A role that the estate names already is somebody else's, unless it is the one that an earlier preparation made.
 */
export async function controllerRoles(place: PreparationPlace): Promise<PreparedRole[]> {
  const { loadBalancerController, karpenter, permissionsBoundary } = place.estate.addons;
  const wanted: Wanted[] = [];
  if (loadBalancerController?.identity === 'pod-identity') {
    const role = await loadBalancerRole(place);
    wanted.push({ field: 'loadBalancerController.roleArn', named: loadBalancerController.roleArn, role });
  }
  if (karpenter !== undefined) {
    const node = nodeRole(place);
    const nodeRoleArn = karpenter.nodeRoleArn ?? arnOf(place, node.name);
    if (karpenter.identity === 'pod-identity') {
      wanted.push({ field: 'karpenter.roleArn', named: karpenter.roleArn, role: await karpenterRole(place, nodeRoleArn) });
    }
    wanted.push({ field: 'karpenter.nodeRoleArn', named: karpenter.nodeRoleArn, role: node });
  }
  return wanted
    .filter(({ named, role }) => named === undefined || named === arnOf(place, role.name))
    .map(({ field, role }) => ({ field, roleArn: arnOf(place, role.name), resources: madeRole(role, { ...place, permissionsBoundary }) }));
}

interface Wanted {
  readonly field: PreparedRole['field'];
  /** What the estate says. */
  readonly named: string | undefined;
  readonly role: RoleToMake;
}

function nodeRole(place: PreparationPlace): RoleToMake {
  const description = `The nodes that Karpenter brings to the recovery clusters of ${place.estate.name}`;
  return nodeRoleToMake(nameIn(place, 'karpenter-node'), description, place.region);
}

/** EKS Pod Identity hands these out, in whichever cluster. */
const PODS = { Version: '2012-10-17', Statement: [podStatement] };

async function loadBalancerRole(place: PreparationPlace): Promise<RoleToMake> {
  const name = nameIn(place, 'load-balancer-controller');
  // It names no cluster: the controller keeps to what carries the tags of its own.
  const description = `The AWS Load Balancer Controllers of the recovery clusters of ${place.estate.name}`;
  return { name, description, trust: PODS, policies: [{ name, document: await controllerPolicy(place.region) }] };
}

async function karpenterRole(place: PreparationPlace, nodeRoleArn: string): Promise<RoleToMake> {
  const { estate, region, accountId } = place;
  // A queue is expected to start with the name of its cluster, as that of the reference stack does.
  const queue = estate.addons.karpenter?.interruptionQueueOutput === undefined ? null : SOME_CLUSTER;
  const policies = await controllerPolicies({ cluster: SOME_CLUSTER, region, accountId, nodeRoleArn, queue });
  const patterns = recoveryClusterPatterns(estate);
  return {
    name: nameIn(place, 'karpenter'),
    description: `Karpenter in the recovery clusters of ${estate.name}`,
    trust: PODS,
    policies: policies.map(({ part, document }) => ({
      name: policyName(fullName(place, 'karpenter'), part),
      document: widenedPolicy(document, patterns),
    })),
  };
}

/** Unlike any name of a recovery's own roles, which start with its cluster's. */
function fullName({ estate, target }: PreparationPlace, what: string): string {
  return `${estate.name}-eks-dr-${target}-${what}`;
}

function nameIn(place: PreparationPlace, what: string): string {
  return shortened(fullName(place, what));
}

function arnOf({ region, accountId }: PreparationPlace, name: string): string {
  return roleArnOf(region, accountId, name);
}
