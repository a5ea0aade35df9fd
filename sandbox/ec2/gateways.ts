import { texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import { ec2Response, page, regionOf, tagSet } from './call.ts';
import { filterItems } from './filters.ts';

/** NAT gateways and peerings, to read: they come with a world. */
export const gatewayOperations: QueryOperations = {
  DescribeNatGateways: {
    parameters: ['NatGatewayId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const ids = texts(call.parameters, 'NatGatewayId');
      const found = Object.values(regionOf(world, request).natGateways).filter(({ id }) => ids.length === 0 || ids.includes(id));
      const filtered = filterItems(call, found, {
        'nat-gateway-id': ({ id }) => id,
        'vpc-id': ({ vpcId }) => vpcId,
        'subnet-id': ({ subnetId }) => subnetId,
        state: ({ state }) => state,
      });
      const { items, nextToken } = page(call, filtered);
      const views = items.map(({ id, vpcId, subnetId, state, publicIp, tags }) => ({
        natGatewayId: id,
        vpcId,
        subnetId,
        state,
        connectivityType: 'public',
        natGatewayAddressSet: [{ publicIp, isPrimary: true, status: 'succeeded' }],
        tagSet: tagSet(tags),
      }));
      return ec2Response(call.action, { natGatewaySet: views, nextToken });
    },
  },
  DescribeVpcPeeringConnections: {
    parameters: ['VpcPeeringConnectionId', 'Filter', 'MaxResults', 'NextToken', 'DryRun'],
    mutates: false,
    handle(call, request, { world }) {
      const ids = texts(call.parameters, 'VpcPeeringConnectionId');
      const found = Object.values(regionOf(world, request).peerings).filter(({ id }) => ids.length === 0 || ids.includes(id));
      const filtered = filterItems(call, found, {
        'vpc-peering-connection-id': ({ id }) => id,
        'requester-vpc-info.vpc-id': ({ requester }) => requester,
        'accepter-vpc-info.vpc-id': ({ accepter }) => accepter,
        'status-code': ({ status }) => status,
      });
      const { items, nextToken } = page(call, filtered);
      const views = items.map(({ id, requester, accepter, status, tags }) => ({
        vpcPeeringConnectionId: id,
        requesterVpcInfo: { vpcId: requester, ownerId: world.accountId },
        accepterVpcInfo: { vpcId: accepter, ownerId: world.accountId },
        status: { code: status, message: status },
        tagSet: tagSet(tags),
      }));
      return ec2Response(call.action, { vpcPeeringConnectionSet: views, nextToken });
    },
  },
};
