import { CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import { unique } from '../unique.ts';
import type { Aws } from './aws.ts';

/** A VPC of our own, with a subnet in each of two zones and a security group. */
export interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly [string, string];
  readonly securityGroupId: string;
}

export async function makeNetwork(aws: Aws): Promise<Network> {
  const ec2 = new EC2Client(aws.config());
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const subnetIn = async (zone: string, CidrBlock: string): Promise<string> => {
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${aws.config().region}${zone}` }));
    return Subnet?.SubnetId ?? '';
  };
  const subnetIds = [await subnetIn('a', '10.0.0.0/24'), await subnetIn('b', '10.0.1.0/24')] as const;
  const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: unique('nodes'), Description: 'nodes' }));
  return { vpcId: VpcId, subnetIds, securityGroupId: GroupId };
}
