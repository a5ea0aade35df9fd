import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import type { Resource } from '../kit/resource.ts';
import { ec2Instance } from '../resources/ec2-instance.ts';
import { ec2LaunchTemplate } from '../resources/ec2-launch-template.ts';
import { ec2NetworkInterface } from '../resources/ec2-network-interface.ts';
import { ec2SecurityGroup } from '../resources/ec2-security-group.ts';
import { ec2Volume } from '../resources/ec2-volume.ts';
import { elbLoadBalancer } from '../resources/elb-load-balancer.ts';
import { elbTargetGroup } from '../resources/elb-target-group.ts';
import { iamInstanceProfile } from '../resources/iam-instance-profile.ts';
import { BALANCING_TAG, clustersOf, EKS_TAG, INTERFACE_TAG, ownedTag, TEMPLATE_TAG } from './cluster-tags.ts';
import { instances, launchTemplates, networkInterfaces, securityGroups, volumes } from './ec2-things.ts';
import { loadBalancers, targetGroups } from './elb-things.ts';
import type { Filters, Found } from './found.ts';
import { instanceProfiles } from './iam-things.ts';

/** The drivers of everything that {@link findLeftovers} finds. */
export const leftoverDrivers = [
  elbLoadBalancer,
  elbTargetGroup,
  ec2Instance,
  ec2LaunchTemplate,
  ec2NetworkInterface,
  ec2Volume,
  ec2SecurityGroup,
  iamInstanceProfile,
];

/** What the controllers of a cluster had made in its region, by the tags of the cluster on it. */
export interface Leftovers {
  readonly loadBalancers: readonly Found[];
  readonly targetGroups: readonly Found[];
  readonly instances: readonly Found[];
  readonly launchTemplates: readonly Found[];
  readonly networkInterfaces: readonly Found[];
  readonly volumes: readonly Found[];
  readonly securityGroups: readonly Found[];
}

/**
 * Instances are those of Karpenter alone: a node group's go with it. A security group is left by the load balancer controller, or by EKS
 * where the cluster itself is gone: those of the Terraform module, which may carry the tag of the cluster as well, Terraform destroys.
 */
export async function findLeftovers(clients: Pick<Clients, 'ec2' | 'eks' | 'elb'>, { region, cluster }: ClusterRef): Promise<Leftovers> {
  const [ec2, elb, eks] = await Promise.all([clients.ec2(region), clients.elb(region), clients.eks(region)]);
  const owned = { Name: `tag:${ownedTag(cluster)}`, Values: ['owned'] };
  const tagged = (tag: string): Filters => [{ Name: `tag:${tag}`, Values: [cluster] }];
  const isOfCluster = ({ tags }: Found): boolean => clustersOf(tags).includes(cluster);
  const exists = (await unlessMissing(eks.describeCluster({ name: cluster }), 'ResourceNotFoundException')) !== null;
  const [balancers, groups, running, templates, interfaces, disks, balancing, ofEks] = await Promise.all([
    loadBalancers(elb),
    targetGroups(elb),
    instances(ec2, [owned, { Name: 'tag-key', Values: ['karpenter.sh/nodepool'] }]),
    launchTemplates(ec2, tagged(TEMPLATE_TAG)),
    networkInterfaces(ec2, tagged(INTERFACE_TAG)),
    volumes(ec2, [owned]),
    securityGroups(ec2, tagged(BALANCING_TAG)),
    exists ? [] : securityGroups(ec2, tagged(EKS_TAG)),
  ]);
  return {
    loadBalancers: balancers.filter(isOfCluster),
    targetGroups: groups.filter(isOfCluster),
    instances: running,
    launchTemplates: templates,
    networkInterfaces: interfaces,
    volumes: disks,
    securityGroups: [...balancing, ...ofEks],
  };
}

/** The instance profiles that Karpenter made for the nodes of a cluster. A role can't be deleted while it is in one. */
export async function clusterProfiles(clients: Pick<Clients, 'iam'>, cluster: string): Promise<Found[]> {
  return (await instanceProfiles(await clients.iam(), cluster)).filter(({ tags }) => clustersOf(tags).includes(cluster));
}

/** Their deletion, in the order in which AWS lets them go: what uses something goes before it. */
export function deletionOf(leftovers: Leftovers, profiles: readonly Found[], { region, cluster }: ClusterRef, run: string): Resource[][] {
  const deletions = (driver: (typeof leftoverDrivers)[number], found: readonly Found[]): Resource[] =>
    found.map(({ id }) => driver.resource({ region, cluster, run, id }, null));
  return [
    [...deletions(elbLoadBalancer, leftovers.loadBalancers), ...deletions(ec2Instance, leftovers.instances)],
    [
      ...deletions(elbTargetGroup, leftovers.targetGroups),
      ...deletions(ec2LaunchTemplate, leftovers.launchTemplates),
      ...deletions(iamInstanceProfile, profiles),
      ...deletions(ec2NetworkInterface, leftovers.networkInterfaces),
      ...deletions(ec2Volume, leftovers.volumes),
    ],
    deletions(ec2SecurityGroup, leftovers.securityGroups),
  ];
}
