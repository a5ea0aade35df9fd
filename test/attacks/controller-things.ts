import { defaultNetwork, ec2Region } from '../../sandbox/ec2/network.ts';
import { elbRegion } from '../../sandbox/elb/state.ts';
import { ensureInstanceProfile } from '../../sandbox/iam/instance-profiles.ts';
import type { World } from '../../sandbox/world.ts';

/** The ids and ARNs of what is put, by the kinds of the drivers that delete it. */
export type ControllerThings = Readonly<
  Record<
    | 'elb.load-balancer'
    | 'elb.target-group'
    | 'ec2.instance'
    | 'ec2.launch-template'
    | 'ec2.volume'
    | 'ec2.network-interface'
    | 'ec2.security-group'
    | 'iam.instance-profile',
    string
  >
>;

/** Puts one of each thing that controllers of clusters make into a region, as they leave it behind, with these tags. */
export function putControllerThings(world: World, region: string, ids: ControllerThings, tags: Readonly<Record<string, string>>): void {
  const network = ec2Region(world, region);
  const { vpc, subnets } = defaultNetwork(world, region);
  const balancing = elbRegion(world.elb, region);
  const arn = ids['elb.load-balancer'];
  const [group, instanceId] = [ids['ec2.security-group'], ids['ec2.instance']];
  balancing.loadBalancers[arn] = {
    arn,
    name: 'left',
    type: 'network',
    scheme: 'internal',
    dnsName: `left-0.elb.${region}.amazonaws.com`,
    canonicalHostedZoneId: 'Z3F0SRJ5LGBH90',
    vpcId: vpc.id,
    subnetIds: [],
    securityGroupIds: [],
    createdAt: world.clock,
    activeAt: world.clock,
    tags: { ...tags },
  };
  balancing.targetGroups[ids['elb.target-group']] = {
    arn: ids['elb.target-group'],
    name: 'left',
    loadBalancerArn: arn,
    protocol: 'TCP',
    port: 80,
    targetType: 'ip',
    vpcId: vpc.id,
    targets: [],
    tags: { ...tags },
  };
  const instance = { id: instanceId, type: 'm7i.large', zone: `${region}a`, vpcId: vpc.id, launchedAt: world.clock, terminatedAt: null };
  network.instances[instanceId] = { ...instance, tags: { ...tags, 'karpenter.sh/nodepool': 'default' } };
  const volume = { id: ids['ec2.volume'], zone: `${region}a`, sizeGib: 8, instanceId: null };
  network.volumes[volume.id] = { ...volume, tags: { ...tags } };
  const template = ids['ec2.launch-template'];
  network.launchTemplates[template] = { id: template, name: `karpenter.k8s.aws/${template}`, createdAt: world.clock, tags: { ...tags } };
  const profile = { name: ids['iam.instance-profile'], path: '/', role: null, tags };
  ensureInstanceProfile(world, profile, world.clock);
  const made = { vpcId: vpc.id, description: 'left', tags: { ...tags } };
  network.securityGroups[group] = { ...made, id: group, name: `left-${group}`, rules: [] };
  const inUse = Object.values(network.securityGroups).find(({ name, vpcId }) => name === 'default' && vpcId === vpc.id);
  const eni = ids['ec2.network-interface'];
  network.networkInterfaces[eni] = {
    ...made,
    id: eni,
    subnetId: subnets[0]?.id ?? '',
    securityGroupIds: inUse === undefined ? [] : [inUse.id],
    instanceId: null,
  };
}
