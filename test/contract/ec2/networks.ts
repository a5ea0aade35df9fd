import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { CODES, type Ec2, NOBODY } from './subject.ts';

const CREATE_VPC = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpc.html';
const CREATE_SUBNET = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html';

/** An assertion that there comes no subnet of such an input. */
function refusesSubnet(
  what: string,
  code: string,
  input: { CidrBlock?: string; VpcId?: string; AvailabilityZone?: string },
): Assertion<Ec2> {
  return {
    title: `creates no subnet ${what}: 400 and ${code}`,
    concern: 'validation',
    source: CODES,
    async holds({ ec2, vpcId }) {
      const refusal = await refusalOf(ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: '10.0.200.0/24', ...input })));
      expect(refusal).to.include({ name: code, status: 400 });
    },
  };
}

/** An assertion that there comes no VPC of such a range. */
function refusesVpc(what: string, code: string, CidrBlock: string): Assertion<Ec2> {
  return {
    title: `creates no VPC ${what}: 400 and ${code}`,
    concern: 'validation',
    source: CODES,
    async holds({ ec2 }) {
      expect(await refusalOf(ec2.send(new CreateVpcCommand({ CidrBlock })))).to.include({ name: code, status: 400 });
    },
  };
}

/** VPCs and subnets. */
export const networks: readonly Assertion<Ec2>[] = [
  refusesVpc('that is larger than a /16', 'InvalidVpc.Range', '10.0.0.0/8'),
  refusesVpc('that is smaller than a /28', 'InvalidVpc.Range', '10.0.0.0/29'),
  refusesVpc('of what is no range', 'InvalidParameterValue', '10.0.0.0.0/16'),
  refusesSubnet('outside of its VPC', 'InvalidSubnet.Range', { CidrBlock: '10.1.0.0/24' }),
  refusesSubnet('that overlaps another one', 'InvalidSubnet.Conflict', { CidrBlock: '10.0.0.0/23' }),
  refusesSubnet('in a VPC that does not exist', 'InvalidVpcID.NotFound', { VpcId: `vpc-${NOBODY}` }),
  refusesSubnet('in a zone that does not exist', 'InvalidParameterValue', { AvailabilityZone: 'eu-west-1z' }),
  {
    title: 'keeps a range in its canonical form: without the bits of a host',
    concern: 'writes',
    source: CREATE_VPC,
    deviations: {
      moto: {
        instead: 'It keeps the range as it was given.',
        seen: /expected \[ '10\.68\.0\.18.18', '10\.68\.0\.77.24' \]/,
        source: CREATE_VPC,
      },
    },
    async holds({ ec2 }) {
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.68.0.18/18' }));
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.68.0.77/24' }));
      await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
      await ec2.send(new DeleteVpcCommand({ VpcId: Vpc?.VpcId }));
      expect([Vpc?.CidrBlock, Subnet?.CidrBlock]).to.deep.equal(['10.68.0.0/18', '10.68.0.0/24']);
    },
  },
  {
    title: 'keeps five addresses of every subnet to itself',
    concern: 'reads',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html',
    async holds({ ec2, subnetIds }) {
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...subnetIds] }));
      expect(Subnets.map(({ AvailableIpAddressCount }) => AvailableIpAddressCount)).to.deep.equal([251, 251]);
    },
  },
  {
    title: 'describes no VPC and no subnet that does not exist',
    concern: 'not found',
    async holds({ ec2 }) {
      const vpc = await refusalOf(ec2.send(new DescribeVpcsCommand({ VpcIds: [`vpc-${NOBODY}`] })));
      expect(vpc).to.include({ name: 'InvalidVpcID.NotFound', status: 400 });
      const subnet = await refusalOf(ec2.send(new DescribeSubnetsCommand({ SubnetIds: [`subnet-${NOBODY}`] })));
      expect(subnet).to.include({ name: 'InvalidSubnetID.NotFound', status: 400 });
    },
  },
  {
    title: 'deletes no VPC and no subnet that does not exist',
    concern: 'not found',
    async holds({ ec2 }) {
      const vpc = await refusalOf(ec2.send(new DeleteVpcCommand({ VpcId: `vpc-${NOBODY}` })));
      expect(vpc).to.include({ name: 'InvalidVpcID.NotFound', status: 400 });
      const subnet = await refusalOf(ec2.send(new DeleteSubnetCommand({ SubnetId: `subnet-${NOBODY}` })));
      expect(subnet).to.include({ name: 'InvalidSubnetID.NotFound', status: 400 });
    },
  },
  {
    title: 'keeps a VPC as long as it has subnets: 400 and DependencyViolation',
    concern: 'conflicts',
    source: CODES,
    async holds({ ec2, vpcId }) {
      expect(await refusalOf(ec2.send(new DeleteVpcCommand({ VpcId: vpcId })))).to.include({ name: 'DependencyViolation', status: 400 });
    },
  },
  {
    title: 'finds subnets by VPC and zone',
    concern: 'reads',
    async holds({ ec2, vpcId, subnetIds }) {
      const filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'availability-zone', Values: ['eu-west-1b', 'eu-west-1c'] },
      ];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: filters }));
      expect(Subnets.map(({ SubnetId }) => SubnetId)).to.deep.equal([subnetIds[1]]);
    },
  },
  {
    title: 'makes no subnet in a dry run, and answers it with 412 and DryRunOperation',
    concern: 'writes',
    source: CREATE_SUBNET,
    deviations: { moto: accepts(CREATE_SUBNET) },
    async holds({ ec2, vpcId }) {
      const input = { VpcId: vpcId, CidrBlock: '10.0.250.0/24' };
      const refusal = await refusalOf(ec2.send(new CreateSubnetCommand({ ...input, DryRun: true })));
      expect(refusal).to.include({ name: 'DryRunOperation', status: 412 });
      const filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'cidr-block', Values: [input.CidrBlock] },
      ];
      expect((await ec2.send(new DescribeSubnetsCommand({ Filters: filters }))).Subnets ?? []).to.deep.equal([]);
    },
  },
];
