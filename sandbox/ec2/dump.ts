import type { World } from '../world.ts';
import { groupName, lastingName, vpcName } from './names.ts';
import { pristineRegion } from './network.ts';
import type { Ec2Region, SecurityGroup, SecurityGroupRule, Vpc } from './state.ts';

const sortJson = <T>(items: readonly T[]): T[] => [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function ruleView(region: Ec2Region, { id: _id, group, ...rule }: SecurityGroupRule): unknown {
  return { ...rule, ...(group === undefined ? {} : { group: groupName(region, group) }) };
}

function groupView(region: Ec2Region, group: SecurityGroup): unknown {
  const { description, tags, rules } = group;
  return { name: lastingName(group), description, tags, rules: sortJson(rules.map((rule) => ruleView(region, rule))) };
}

function vpcView(region: Ec2Region, vpc: Vpc): unknown {
  const subnets = Object.values(region.subnets).filter((subnet) => subnet.vpcId === vpc.id);
  const groups = Object.values(region.securityGroups).filter((group) => group.vpcId === vpc.id);
  return {
    name: vpcName(vpc),
    cidr: vpc.cidr,
    tags: vpc.tags,
    subnets: sortJson(subnets.map(({ cidr, zone, tags }) => ({ cidr, zone, tags }))),
    securityGroups: sortJson(groups.map((group) => groupView(region, group))),
  };
}

/** Nothing where there are none. */
function listed<T>(name: string, items: readonly T[], view: (item: T) => unknown): Record<string, unknown> {
  return items.length === 0 ? {} : { [name]: sortJson(items.map(view)) };
}

function regionView(region: Ec2Region): unknown {
  const running = Object.values(region.instances).filter(({ terminatedAt }) => terminatedAt === null);
  return {
    ...(running.length === 0
      ? {}
      : { instances: sortJson(running.map(({ type, tags: { 'karpenter.sh/nodeclaim': _name, ...tags } }) => ({ type, tags }))) }),
    ...listed('volumes', Object.values(region.volumes), ({ zone, sizeGib, tags }) => ({ zone, sizeGib, tags })),
    ...listed('networkInterfaces', Object.values(region.networkInterfaces), ({ description, tags }) => ({ description, tags })),
    ...listed('launchTemplates', Object.values(region.launchTemplates), ({ tags }) => ({ tags })),
    vpcs: sortJson(Object.values(region.vpcs).map((vpc) => vpcView(region, vpc))),
  };
}

/** EC2 without ids. A region that is as AWS handed it over is left out: merely looking at one brings it into the state. */
export function dumpEc2(world: World): unknown {
  const regions = Object.entries(world.ec2.regions).map(([name, region]) => [name, regionView(region)] as const);
  const touched = regions.filter(([name, view]) => JSON.stringify(view) !== JSON.stringify(regionView(pristineRegion(name))));
  return { regions: Object.fromEntries(touched) };
}
