import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { byIds, ec2Response, page, regionOf, tagSet } from './call.ts';
import { filterItems } from './filters.ts';
import { nextEc2Id } from './ids.ts';
import { ec2Region } from './network.ts';
import type { Ec2Region, Instance } from './state.ts';

const stateCodes: Readonly<Record<Instance['state'], number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopped: 80,
};

/** Adds an instance for another system, such as a node of a managed node group. */
export function addInstance(world: World, region: string, options: Omit<Instance, 'id'>): Instance {
  const instance: Instance = { id: nextEc2Id(world.ec2, 'i'), ...options };
  ec2Region(world, region).instances[instance.id] = instance;
  return instance;
}

/** Removes an instance that another system added. */
export function removeInstance(world: World, region: string, id: string): void {
  delete ec2Region(world, region).instances[id];
}

function view(instance: Instance, region: Ec2Region): XmlValue {
  const subnet = region.subnets[instance.subnetId];
  return {
    instanceId: instance.id,
    imageId: instance.imageId,
    instanceState: { code: stateCodes[instance.state], name: instance.state },
    privateDnsName: `ip-${instance.privateIp.replaceAll('.', '-')}.${subnet?.zone.slice(0, -1)}.compute.internal`,
    instanceType: instance.type,
    launchTime: new Date(instance.launchedAt).toISOString(),
    placement: { availabilityZone: subnet?.zone, tenancy: 'default' },
    privateIpAddress: instance.privateIp,
    subnetId: instance.subnetId,
    vpcId: subnet?.vpcId,
    groupSet: instance.securityGroups.map((id) => ({ groupId: id, groupName: region.securityGroups[id]?.name })),
    tagSet: tagSet(instance.tags),
  };
}

export const instanceOperations: QueryOperations = {
  DescribeInstances: {
    parameters: ['InstanceId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const region = regionOf(world, request);
      const found = byIds(call, 'InstanceId', region.instances, 'InvalidInstanceID.NotFound');
      const filtered = filterItems(call, found, {
        'instance-id': (instance) => instance.id,
        'instance-state-name': (instance) => instance.state,
        'instance-type': (instance) => instance.type,
        'subnet-id': (instance) => instance.subnetId,
        'vpc-id': (instance) => region.subnets[instance.subnetId]?.vpcId ?? '',
        'availability-zone': (instance) => region.subnets[instance.subnetId]?.zone ?? '',
        'private-ip-address': (instance) => instance.privateIp,
        'instance.group-id': (instance) => instance.securityGroups,
      });
      const { items, nextToken } = page(call, filtered);
      const reservations = items.map((instance) => ({
        reservationId: instance.id.replace('i-', 'r-'),
        ownerId: world.accountId,
        groupSet: [],
        instancesSet: [view(instance, region)],
      }));
      return ec2Response(call.action, { reservationSet: reservations, nextToken });
    },
  },
};
