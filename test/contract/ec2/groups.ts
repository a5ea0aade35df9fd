import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand, DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { allow, CODES, describeGroup, type Ec2, fromGroup, makeGroup, NOBODY } from './subject.ts';

const CREATE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html';
const DELETE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html';

/** Security groups. */
export const groups: readonly Assertion<Ec2>[] = [
  {
    title: 'makes a security group that lets everything out and nothing in',
    concern: 'writes',
    async holds(subject) {
      const { account, vpcId } = subject;
      const GroupName = unique('group');
      const group = await describeGroup(subject, await makeGroup(subject, { GroupName, Description: 'nodes' }));
      expect(group).to.deep.include({ GroupName, Description: 'nodes', VpcId: vpcId, OwnerId: account, IpPermissions: [] });
      expect(group.IpPermissionsEgress).to.have.length(1);
      expect(group.IpPermissionsEgress?.[0]).to.deep.include({ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
    },
  },
  {
    title: 'refuses a second group of a name in a VPC: 400 and InvalidGroup.Duplicate',
    concern: 'conflicts',
    async holds(subject) {
      const GroupName = unique('group');
      await makeGroup(subject, { GroupName });
      expect(await refusalOf(makeGroup(subject, { GroupName }))).to.include({ name: 'InvalidGroup.Duplicate', status: 400 });
    },
  },
  {
    title: 'makes no group in a VPC that does not exist: 400 and InvalidVpcID.NotFound',
    concern: 'not found',
    source: CODES,
    deviations: { moto: accepts(CODES) },
    async holds(subject) {
      const refusal = await refusalOf(makeGroup(subject, { VpcId: `vpc-${NOBODY}` }));
      expect(refusal).to.include({ name: 'InvalidVpcID.NotFound', status: 400 });
    },
  },
  {
    title: 'makes no group whose name looks like an id: 400 and InvalidParameterValue',
    concern: 'validation',
    source: CREATE,
    deviations: { moto: accepts(CREATE) },
    async holds(subject) {
      const refusal = await refusalOf(makeGroup(subject, { GroupName: 'sg-nodes' }));
      expect(refusal).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'makes no group without a description: 400 and MissingParameter',
    concern: 'validation',
    source: CREATE,
    async holds({ ec2, vpcId }) {
      const input = { VpcId: vpcId, GroupName: unique('group'), Description: undefined };
      expect(await refusalOf(ec2.send(new CreateSecurityGroupCommand(input)))).to.include({ name: 'MissingParameter', status: 400 });
    },
  },
  {
    title: 'makes no group in a dry run, and answers it with 412 and DryRunOperation',
    concern: 'writes',
    async holds(subject) {
      const GroupName = unique('group');
      const refusal = await refusalOf(makeGroup(subject, { GroupName, DryRun: true }));
      expect(refusal).to.include({ name: 'DryRunOperation', status: 412 });
      const Filters = [{ Name: 'group-name', Values: [GroupName] }];
      expect((await subject.ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? []).to.deep.equal([]);
    },
  },
  {
    title: 'describes and deletes no group that does not exist: 400 and InvalidGroup.NotFound',
    concern: 'not found',
    async holds(subject) {
      const GroupId = `sg-${NOBODY}`;
      expect(await refusalOf(describeGroup(subject, GroupId))).to.include({ name: 'InvalidGroup.NotFound', status: 400 });
      const deletion = await refusalOf(subject.ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
      expect(deletion).to.include({ name: 'InvalidGroup.NotFound', status: 400 });
    },
  },
  {
    title: 'tells an id that is none from the id of nothing: 400 and InvalidGroupId.Malformed',
    concern: 'validation',
    source: CODES,
    deviations: { moto: { instead: 'It calls it InvalidGroup.NotFound.', seen: /but got 'InvalidGroup\.NotFound'/, source: CODES } },
    async holds(subject) {
      const refusal = await refusalOf(describeGroup(subject, 'nodes'));
      expect(refusal).to.include({ name: 'InvalidGroupId.Malformed', status: 400 });
    },
  },
  {
    title: 'deletes a group: from then on it does not exist',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await subject.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
      expect((await refusalOf(describeGroup(subject, GroupId))).name).to.equal('InvalidGroup.NotFound');
    },
  },
  {
    title: 'keeps a group that a rule of another one names: 400 and DependencyViolation',
    concern: 'conflicts',
    source: DELETE,
    deviations: { moto: accepts(DELETE) },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, await makeGroup(subject), fromGroup(GroupId));
      const refusal = await refusalOf(subject.ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
      expect(refusal).to.include({ name: 'DependencyViolation', status: 400 });
    },
  },
  {
    title: 'deletes a group that only its own rules name',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, GroupId, fromGroup(GroupId));
      await subject.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
      expect((await refusalOf(describeGroup(subject, GroupId))).name).to.equal('InvalidGroup.NotFound');
    },
  },
  {
    title: 'keeps the default group of a VPC: 400 and CannotDelete',
    concern: 'conflicts',
    source: CODES,
    deviations: { moto: accepts(CODES) },
    async holds({ ec2, vpcId }) {
      const Filters = [
        { Name: 'vpc-id', Values: [vpcId] },
        { Name: 'group-name', Values: ['default'] },
      ];
      const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
      const refusal = await refusalOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId: SecurityGroups[0]?.GroupId })));
      expect(refusal).to.include({ name: 'CannotDelete', status: 400 });
    },
  },
];
