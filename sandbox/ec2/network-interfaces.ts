import { awsFault } from '../aws/fault.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { attachedTo } from './attachment.ts';
import { byIds, ec2Response, page, regionOf, required, tagSet } from './call.ts';
import { filterItems } from './filters.ts';
import type { NetworkInterface } from './state.ts';

/** Interfaces are made by what runs in clusters, through no API that the sandbox serves; anybody may delete what nothing uses. */
export const networkInterfaceOperations: QueryOperations = {
  DescribeNetworkInterfaces: {
    parameters: ['NetworkInterfaceId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const status = (one: NetworkInterface) => (attachedTo(region, one, clock.now()) === null ? 'available' : 'in-use');
      const found = byIds(call, 'NetworkInterfaceId', region.networkInterfaces, 'InvalidNetworkInterfaceID.NotFound');
      const filtered = filterItems(call, found, {
        'network-interface-id': ({ id }) => id,
        status,
        'vpc-id': ({ vpcId }) => vpcId,
        'subnet-id': ({ subnetId }) => subnetId,
        'group-id': ({ securityGroupIds }) => securityGroupIds,
        description: ({ description }) => description,
      });
      const { items, nextToken } = page(call, filtered);
      const views = items.map((one) => ({
        networkInterfaceId: one.id,
        description: one.description,
        interfaceType: 'interface',
        status: status(one),
        vpcId: one.vpcId,
        subnetId: one.subnetId,
        groupSet: one.securityGroupIds.map((groupId) => ({ groupId })),
        tagSet: tagSet(one.tags),
      }));
      return ec2Response(call.action, { networkInterfaceSet: views, nextToken });
    },
  },
  DeleteNetworkInterface: {
    parameters: ['NetworkInterfaceId', 'DryRun'],
    mutates: true,
    handle(call, request, { world, clock }) {
      const region = regionOf(world, request);
      const id = required(call, 'NetworkInterfaceId');
      const one = region.networkInterfaces[id];
      if (one === undefined) throw awsFault(400, 'InvalidNetworkInterfaceID.NotFound', `The networkInterface ID '${id}' does not exist`);
      if (attachedTo(region, one, clock.now()) !== null)
        throw awsFault(400, 'InvalidParameterValue', `Network interface '${id}' is currently in use.`);
      delete region.networkInterfaces[id];
      return ec2Response(call.action, { return: true });
    },
  },
};
