import { subnetName, vpcName } from '../ec2/names.ts';
import type { Ec2Region } from '../ec2/state.ts';
import type { World } from '../world.ts';
import type { ElbRegion, LoadBalancer, TargetGroup } from './state.ts';

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Load balancers by region and name, with their listeners and target groups; no ARNs, DNS names, times or targets. */
export function dumpElb({ elb, ec2 }: World): unknown {
  const used = Object.entries(elb.regions).filter(
    ([, { loadBalancers, targetGroups }]) => Object.keys(loadBalancers).length + Object.keys(targetGroups).length > 0,
  );
  return sorted(Object.fromEntries(used.map(([name, region]) => [name, dumpRegion(region, ec2.regions[name])])));
}

function dumpRegion(region: ElbRegion, network: Ec2Region | undefined): unknown {
  const balancers = Object.values(region.loadBalancers).map(
    (balancer) => [balancer.name, dumpBalancer(region, balancer, network)] as const,
  );
  const orphans = Object.values(region.targetGroups).filter((group) => region.loadBalancers[group.loadBalancerArn] === undefined);
  return {
    loadBalancers: sorted(Object.fromEntries(balancers)),
    ...(orphans.length > 0 ? { targetGroups: orphans.map(stackOf).toSorted() } : {}),
  };
}

// Names of target groups are generated: an orphan is known by what it was made for.
function stackOf({ tags }: TargetGroup): string {
  const stack = tags['service.k8s.aws/stack'] ?? tags['ingress.k8s.aws/stack'];
  return `${tags['elbv2.k8s.aws/cluster']} ${stack}`;
}

function dumpBalancer(
  region: ElbRegion,
  { arn, type, scheme, vpcId, subnetIds, tags }: LoadBalancer,
  network: Ec2Region | undefined,
): unknown {
  const listeners = Object.values(region.listeners)
    .filter((listener) => listener.loadBalancerArn === arn)
    .map(({ port, protocol, certificateArn, targetGroupArn }) => {
      const { targetType } = region.targetGroups[targetGroupArn] ?? {};
      return { port, protocol, ...(certificateArn === undefined ? {} : { certificateArn }), targetType };
    })
    .toSorted((a, b) => a.port - b.port);
  const subnets = subnetIds.map((id) => subnetName(network, id)).toSorted();
  return { type, scheme, vpc: vpcName(network?.vpcs[vpcId]), subnets, tags: sorted(tags), listeners };
}
