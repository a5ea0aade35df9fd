import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAccountAttributesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { dumpEc2 } from '../../../sandbox/ec2/dump.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

describe('sandbox: EC2', () => {
  let running: RunningSandbox;
  let client: EC2Client;
  beforeEach(async () => {
    running = await startAwsSandbox();
    client = new EC2Client(clientConfig(running));
  });
  afterEach(() => running.stop());

  const tagged = (kind: 'vpc' | 'subnet' | 'security-group', Name: string) => [
    { ResourceType: kind, Tags: [{ Key: 'Name', Value: Name }] },
  ];
  const createVpc = async (): Promise<string> => {
    const { Vpc: vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications: tagged('vpc', 'shop-dr') }));
    return vpc?.VpcId ?? '';
  };

  it('has a default network in every region, with zones of its own', async () => {
    const vpcs = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    expect(vpcs.Vpcs).to.have.length(1);
    const subnets = await client.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpcs.Vpcs?.[0]?.VpcId ?? ''] }] }));
    expect(subnets.Subnets?.map(({ AvailabilityZone }) => AvailabilityZone)).to.deep.equal(['eu-west-1a', 'eu-west-1b', 'eu-west-1c']);
    expect(subnets.Subnets?.[0]?.AvailableIpAddressCount).to.equal(4091);
    const frankfurt = new EC2Client(clientConfig(running, { region: 'eu-central-1' }));
    const zones = await frankfurt.send(new DescribeAvailabilityZonesCommand({}));
    expect(zones.AvailabilityZones?.map(({ ZoneName }) => ZoneName)).to.deep.equal(['eu-central-1a', 'eu-central-1b', 'eu-central-1c']);
    const regions = await client.send(new DescribeRegionsCommand({ RegionNames: ['eu-central-1'] }));
    expect(regions.Regions?.[0]?.Endpoint).to.equal('ec2.eu-central-1.amazonaws.com');
    const attributes = await client.send(new DescribeAccountAttributesCommand({}));
    expect(attributes.AccountAttributes?.map(({ AttributeName }) => AttributeName)).to.include('max-instances');
    expect(dumpEc2(running.sandbox.world)).to.deep.equal({ regions: {} });
  });

  it('makes a network and takes it down in the right order only', async () => {
    const VpcId = await createVpc();
    const { Subnet: subnet } = await client.send(
      new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-west-1b' }),
    );
    const { GroupId } = await client.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'nodes', Description: 'nodes' }));
    expect((await errorOf(client.send(new DeleteVpcCommand({ VpcId })))).name).to.equal('DependencyViolation');
    await client.send(new DeleteSecurityGroupCommand({ GroupId }));
    await client.send(new DeleteSubnetCommand({ SubnetId: subnet?.SubnetId }));
    await client.send(new DeleteVpcCommand({ VpcId }));
    expect((await errorOf(client.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })))).name).to.equal('InvalidVpcID.NotFound');
  });

  it('refuses ranges that are outside, overlapping or not ranges', async () => {
    const VpcId = await createVpc();
    const create = (CidrBlock: string) => client.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
    await create('10.0.0.0/20');
    expect((await errorOf(create('10.0.8.0/24'))).name).to.equal('InvalidSubnet.Conflict');
    expect((await errorOf(create('10.1.0.0/24'))).name).to.equal('InvalidSubnet.Range');
    expect((await errorOf(client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/8' })))).name).to.equal('InvalidVpc.Range');
  });

  it('counts the free addresses of a subnet', async () => {
    const VpcId = await createVpc();
    const { Subnet: subnet } = await client.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/28' }));
    const SubnetId = subnet?.SubnetId ?? '';
    const { Subnets: subnets } = await client.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
    expect(subnets?.[0]?.AvailableIpAddressCount).to.equal(11);
  });

  it('adds and removes rules of a security group', async () => {
    const VpcId = await createVpc();
    const { GroupId } = await client.send(
      new CreateSecurityGroupCommand({ VpcId, GroupName: 'db', Description: 'db', TagSpecifications: tagged('security-group', 'db') }),
    );
    const { GroupId: nodes } = await client.send(new CreateSecurityGroupCommand({ VpcId, GroupName: 'nodes', Description: 'nodes' }));
    const IpPermissions = [
      { IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: nodes, Description: 'shop' }] },
    ];
    const { SecurityGroupRules: added } = await client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    expect(added?.[0]?.ReferencedGroupInfo?.GroupId).to.equal(nodes);
    expect((await errorOf(client.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions })))).name).to.equal(
      'InvalidPermission.Duplicate',
    );
    const { SecurityGroups: groups } = await client.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'ip-permission.group-id', Values: [nodes ?? ''] }] }),
    );
    expect(groups?.map(({ GroupName }) => GroupName)).to.include('db');
    expect(groups?.find(({ GroupName }) => GroupName === 'db')?.IpPermissions?.[0]?.UserIdGroupPairs?.[0]?.Description).to.equal('shop');
    expect((await errorOf(client.send(new DeleteSecurityGroupCommand({ GroupId: nodes })))).name).to.equal('DependencyViolation');
    await client.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: [added?.[0]?.SecurityGroupRuleId ?? ''] }));
    const { SecurityGroupRules: rest } = await client.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId ?? ''] }] }),
    );
    expect(rest?.filter(({ IsEgress }) => !IsEgress)).to.deep.equal([]);
    await client.send(new DeleteSecurityGroupCommand({ GroupId: nodes }));
  });

  it('finds things by tag', async () => {
    const VpcId = await createVpc();
    await client.send(new CreateTagsCommand({ Resources: [VpcId], Tags: [{ Key: 'eks-dr:run', Value: 'r1' }] }));
    const { Vpcs: vpcs } = await client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:eks-dr:run', Values: ['r1'] }] }));
    expect(vpcs?.map((vpc) => vpc.VpcId)).to.deep.equal([VpcId]);
    const { Tags: tags } = await client.send(new DescribeTagsCommand({ Filters: [{ Name: 'key', Values: ['eks-dr:*'] }] }));
    expect(tags).to.deep.equal([{ Key: 'eks-dr:run', ResourceId: VpcId, ResourceType: 'vpc', Value: 'r1' }]);
    expect((await errorOf(client.send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })))).name).to.equal(
      'InvalidParameterValue',
    );
  });

  it('answers 501 for an unknown operation, 400 for an unknown parameter, 412 for a dry run', async () => {
    const { DescribeKeyPairsCommand } = await import('@aws-sdk/client-ec2');
    expect((await errorOf(client.send(new DescribeKeyPairsCommand({})))).$metadata?.httpStatusCode).to.equal(501);
    const unknown = await errorOf(client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true })));
    expect(unknown.name).to.equal('UnknownParameter');
    expect((await errorOf(client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true })))).name).to.equal('DryRunOperation');
  });
});
