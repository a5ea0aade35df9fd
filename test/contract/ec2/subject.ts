import {
  AuthorizeSecurityGroupIngressCommand,
  type AuthorizeSecurityGroupIngressCommandOutput,
  CreateSecurityGroupCommand,
  type CreateSecurityGroupCommandInput,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import type { Opened } from '../contract.ts';
import type { Aws } from '../subjects/aws.ts';
import { makeNetwork, type Network } from '../subjects/network.ts';
import { unique } from '../unique.ts';

/** EC2 with a network that the assertions share. */
export interface Ec2 extends Aws, Network {
  readonly ec2: EC2Client;
}

/** Well-formed ids of nothing. */
export const NOBODY = '0123456789abcdef0';

/** Where EC2's error codes are explained. */
export const CODES = 'https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html';

export async function openedEc2({ subject: aws, close }: Opened<Aws>): Promise<Opened<Ec2>> {
  const ec2 = new EC2Client(aws.config());
  return { subject: { ...aws, ...(await makeNetwork(aws)), ec2 }, close };
}

/** A new security group in the shared VPC; its id. */
export async function makeGroup({ ec2, vpcId }: Ec2, overrides: Partial<CreateSecurityGroupCommandInput> = {}): Promise<string> {
  const input = { VpcId: vpcId, GroupName: unique('group'), Description: 'of a test', ...overrides };
  return (await ec2.send(new CreateSecurityGroupCommand(input))).GroupId ?? '';
}

export async function describeGroup({ ec2 }: Ec2, id: string): Promise<SecurityGroup> {
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return SecurityGroups[0] ?? {};
}

/** TCP from a range of addresses. */
export function fromRange(CidrIp: string, port = 443): IpPermission {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] };
}

/** TCP from the members of a group. */
export function fromGroup(GroupId: string, port = 443): IpPermission {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, UserIdGroupPairs: [{ GroupId }] };
}

export function allow(
  { ec2 }: Ec2,
  GroupId: string,
  ...IpPermissions: IpPermission[]
): Promise<AuthorizeSecurityGroupIngressCommandOutput> {
  return ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
}
