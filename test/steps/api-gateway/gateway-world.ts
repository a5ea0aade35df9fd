import { ec2Region } from '../../../sandbox/ec2/network.ts';
import { elbRegion, type LoadBalancer } from '../../../sandbox/elb/state.ts';
import type { World } from '../../../sandbox/world.ts';
import { PRIMARY_CLUSTER, PRIMARY_REGION } from '../../../sandbox/worlds/names.ts';

export const NEW_CLUSTER = 'shop-new';

const listenersOf = (world: World, region: string, { arn }: LoadBalancer) =>
  Object.values(elbRegion(world.elb, region).listeners)
    .filter(({ loadBalancerArn }) => loadBalancerArn === arn)
    .map((listener) => ({ arn: listener.arn, protocol: listener.protocol, port: listener.port }));

const placeOf = (world: World, region: string, balancer: LoadBalancer) => ({
  dnsName: balancer.dnsName,
  zoneId: balancer.canonicalHostedZoneId,
  arn: balancer.arn,
  listeners: listenersOf(world, region, balancer),
});

/** The load balancers of the primary, each with a successor of another cluster in a region. */
export function withSuccessors(world: World, region: string) {
  const old = elbRegion(world.elb, PRIMARY_REGION);
  const fresh = elbRegion(world.elb, region);
  const subnets = Object.values(ec2Region(world, region).subnets);
  const [group] = Object.values(ec2Region(world, region).securityGroups);
  const primary = Object.values(old.loadBalancers).filter(({ tags }) => tags['elbv2.k8s.aws/cluster'] === PRIMARY_CLUSTER);
  return primary.map((balancer) => {
    const made: LoadBalancer = {
      ...balancer,
      arn: balancer.arn.replace(PRIMARY_REGION, region).replace(`/${balancer.name}/`, `/new-${balancer.name}/`),
      name: `new-${balancer.name}`,
      dnsName: `new-${balancer.dnsName.replace(PRIMARY_REGION, region)}`,
      vpcId: subnets[0]?.vpcId ?? '',
      subnetIds: subnets.map(({ id }) => id),
      securityGroupIds: group === undefined ? [] : [group.id],
      tags: { ...balancer.tags, 'elbv2.k8s.aws/cluster': NEW_CLUSTER },
    };
    fresh.loadBalancers[made.arn] = made;
    for (const listener of Object.values(old.listeners).filter(({ loadBalancerArn }) => loadBalancerArn === balancer.arn)) {
      const arn = listener.arn.replace(PRIMARY_REGION, region).replace(`/${balancer.name}/`, `/new-${balancer.name}/`);
      fresh.listeners[arn] = { ...listener, arn, loadBalancerArn: made.arn };
    }
    const stack = balancer.tags['service.k8s.aws/stack'] ?? balancer.tags['ingress.k8s.aws/stack'] ?? '';
    const { type, scheme } = balancer;
    return { stack, type, scheme, old: placeOf(world, PRIMARY_REGION, balancer), new: placeOf(world, region, made) };
  });
}
