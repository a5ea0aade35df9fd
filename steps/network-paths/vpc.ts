import type { Ec2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';

/** The other side of a peering. */
export interface PeeredVpc {
  /** Of the peering: pcx-… */
  readonly id: string;
  readonly vpcId: string;
  readonly region: string;
  readonly accountId: string;
}

/** The public addresses of the NAT gateways of a VPC. */
export async function natAddresses(ec2: Ec2, vpcId: string): Promise<string[]> {
  const gateways = await allPages(async (NextToken) => {
    const page = await ec2.describeNatGateways({ Filter: [{ Name: 'vpc-id', Values: [vpcId] }], MaxResults: 1000, NextToken });
    return [page.NatGateways, page.NextToken];
  });
  return gateways.flatMap(({ NatGatewayAddresses = [] }) => NatGatewayAddresses.flatMap(({ PublicIp }) => PublicIp ?? []));
}

/** The VPCs that are peered with a VPC, whoever asked for the peering. */
export async function peeringsOf(ec2: Ec2, vpcId: string): Promise<PeeredVpc[]> {
  const sides = [
    ['requester-vpc-info.vpc-id', 'AccepterVpcInfo'],
    ['accepter-vpc-info.vpc-id', 'RequesterVpcInfo'],
  ] as const;
  const found = await Promise.all(
    sides.map(async ([filter, other]) => {
      const Filters = [
        { Name: filter, Values: [vpcId] },
        { Name: 'status-code', Values: ['active'] },
      ];
      const peerings = await allPages(async (NextToken) => {
        const page = await ec2.describeVpcPeeringConnections({ Filters, MaxResults: 1000, NextToken });
        return [page.VpcPeeringConnections, page.NextToken];
      });
      return peerings.map((peering) => ({
        id: peering.VpcPeeringConnectionId ?? '',
        vpcId: peering[other]?.VpcId ?? '',
        region: peering[other]?.Region ?? '',
        accountId: peering[other]?.OwnerId ?? '',
      }));
    }),
  );
  return found.flat();
}
