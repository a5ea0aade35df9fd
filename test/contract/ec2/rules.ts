import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  type IpRange,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type RevokeSecurityGroupIngressCommandInput,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { allow, CODES, describeGroup, type Ec2, fromGroup, fromRange, makeGroup, NOBODY } from './subject.ts';

const RANGE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html';
// Not in the list of EC2's error codes; known from a client that handles it.
const RULE_CODE = 'https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/errors.go';
const AUTHORIZE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html';

const DESCRIPTION = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UpdateSecurityGroupRuleDescriptionsIngress.html';

const GROUPS = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html';

const revoke = ({ ec2 }: Ec2, input: RevokeSecurityGroupIngressCommandInput) => ec2.send(new RevokeSecurityGroupIngressCommand(input));

/** What writes the rules of security groups. */
export const rules: readonly Assertion<Ec2>[] = [
  {
    title: 'lets a range in, and gives the rule an id',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const { SecurityGroupRules = [] } = await allow(subject, GroupId, fromRange('10.20.0.0/16'));
      expect(SecurityGroupRules).to.have.length(1);
      expect(SecurityGroupRules[0]).to.include({ GroupId, IsEgress: false, FromPort: 443, ToPort: 443, CidrIpv4: '10.20.0.0/16' });
      expect(SecurityGroupRules[0]?.SecurityGroupRuleId).to.match(/^sgr-[0-9a-f]{17}$/);
      const { IpPermissions = [] } = await describeGroup(subject, GroupId);
      expect(IpPermissions).to.have.length(1);
      expect(IpPermissions[0]).to.deep.include({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.20.0.0/16' }] });
    },
  },
  {
    title: 'lets the members of another group in',
    concern: 'writes',
    async holds(subject) {
      const [inner, outer] = [await makeGroup(subject), await makeGroup(subject)];
      await allow(subject, inner, fromGroup(outer));
      const { IpPermissions = [] } = await describeGroup(subject, inner);
      expect(IpPermissions[0]?.UserIdGroupPairs).to.have.length(1);
      expect(IpPermissions[0]?.UserIdGroupPairs?.[0]).to.include({ GroupId: outer, UserId: subject.account });
    },
  },
  {
    title: 'changes the description of a rule, and takes it off when there is none in the request',
    concern: 'writes',
    source: DESCRIPTION,
    deviations: {
      ministack: {
        instead: 'It does not know UpdateSecurityGroupRuleDescriptionsIngress.',
        seen: /Unknown EC2 action/,
        source: DESCRIPTION,
      },
      moto: { instead: 'It keeps the old description.', seen: /Description: 'Offices', CidrIp/, source: DESCRIPTION },
    },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, GroupId, fromRange('10.20.0.0/16'));
      const describe = async (IpRanges: IpRange[]) => {
        const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges }];
        await subject.ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId, IpPermissions }));
        return (await describeGroup(subject, GroupId)).IpPermissions?.[0]?.IpRanges;
      };
      expect(await describe([{ CidrIp: '10.20.0.0/16', Description: 'Offices' }])).to.deep.equal([
        { CidrIp: '10.20.0.0/16', Description: 'Offices' },
      ]);
      expect(await describe([{ CidrIp: '10.20.0.0/16' }])).to.deep.equal([{ CidrIp: '10.20.0.0/16' }]);
    },
  },
  {
    title: 'finds the groups whose rules name a group, by direction',
    concern: 'reads',
    source: GROUPS,
    async holds(subject) {
      const { ec2 } = subject;
      const [inner, outer] = [await makeGroup(subject), await makeGroup(subject)];
      await allow(subject, inner, fromGroup(outer));
      await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: outer, IpPermissions: [fromGroup(inner)] }));
      const naming = async (filter: string, id: string) => {
        const Filters = [{ Name: filter, Values: [id] }];
        const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
        return SecurityGroups.map(({ GroupId }) => GroupId);
      };
      expect(await naming('ip-permission.group-id', outer)).to.deep.equal([inner]);
      expect(await naming('egress.ip-permission.group-id', inner)).to.deep.equal([outer]);
      expect(await naming('ip-permission.group-id', inner)).to.deep.equal([]);
    },
  },
  {
    title: 'refuses a rule that is there already: 400 and InvalidPermission.Duplicate',
    concern: 'conflicts',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, GroupId, fromRange('10.20.0.0/16'));
      const again = await refusalOf(allow(subject, GroupId, fromRange('10.20.0.0/16')));
      expect(again).to.include({ name: 'InvalidPermission.Duplicate', status: 400 });
    },
  },
  {
    title: 'adds none of the rules of a call of which one is there already',
    concern: 'conflicts',
    source: AUTHORIZE,
    deviations: { moto: { instead: 'It adds the others.', seen: /to have a length of 1 but got 2/, source: AUTHORIZE } },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, GroupId, fromRange('10.20.0.0/16'));
      const both = await refusalOf(allow(subject, GroupId, fromRange('10.30.0.0/16', 80), fromRange('10.20.0.0/16')));
      expect(both.name).to.equal('InvalidPermission.Duplicate');
      expect((await describeGroup(subject, GroupId)).IpPermissions).to.have.length(1);
    },
  },
  {
    title: 'takes a rule that differs in its description alone for a duplicate',
    concern: 'conflicts',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const described = (Description: string) => ({ ...fromRange('10.20.0.0/16'), IpRanges: [{ CidrIp: '10.20.0.0/16', Description }] });
      await allow(subject, GroupId, described('one'));
      expect((await refusalOf(allow(subject, GroupId, described('other')))).name).to.equal('InvalidPermission.Duplicate');
    },
  },
  {
    title: 'takes a range in another form for the range that it is',
    concern: 'conflicts',
    source: RANGE,
    deviations: { moto: { instead: 'It keeps the range as it was given.', seen: /expected '100\.68\.0\.18.18' to equal/, source: RANGE } },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const { SecurityGroupRules = [] } = await allow(subject, GroupId, fromRange('100.68.0.18/18'));
      expect(SecurityGroupRules[0]?.CidrIpv4).to.equal('100.68.0.0/18');
      expect((await refusalOf(allow(subject, GroupId, fromRange('100.68.0.0/18')))).name).to.equal('InvalidPermission.Duplicate');
    },
  },
  {
    title: 'takes an IPv6 range in another form for the range that it is',
    concern: 'conflicts',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6Range.html',
    deviations: {
      moto: {
        instead: 'It keeps the range as it was given.',
        seen: /expected '2001:0DB8:.*' to equal/,
        source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Ipv6Range.html',
      },
    },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const from = (CidrIpv6: string) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6 }] });
      const { SecurityGroupRules = [] } = await allow(subject, GroupId, from('2001:0DB8:0000:0000:1::5/64'));
      expect(SecurityGroupRules[0]?.CidrIpv6).to.equal('2001:db8::/64');
      expect((await refusalOf(allow(subject, GroupId, from('2001:db8::/64')))).name).to.equal('InvalidPermission.Duplicate');
    },
  },
  {
    title: 'lets in nothing from what is no range: 400 and InvalidParameterValue',
    concern: 'validation',
    source: CODES,
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      for (const range of ['10.20.0.0/33', '10.20.0.0', 'anywhere']) {
        const refusal = await refusalOf(allow(subject, GroupId, fromRange(range)));
        expect(refusal, range).to.include({ name: 'InvalidParameterValue', status: 400 });
      }
      const wide = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/129' }] };
      expect(await refusalOf(allow(subject, GroupId, wide))).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'lets in no ports from higher to lower: 400 and InvalidParameterValue',
    concern: 'validation',
    source: AUTHORIZE,
    deviations: { moto: accepts(AUTHORIZE) },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const refusal = await refusalOf(allow(subject, GroupId, { ...fromRange('10.20.0.0/16'), FromPort: 443, ToPort: 80 }));
      expect(refusal).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'lets in no members of a group that does not exist: 400 and InvalidGroup.NotFound',
    concern: 'not found',
    async holds(subject) {
      const refusal = await refusalOf(allow(subject, await makeGroup(subject), fromGroup(`sg-${NOBODY}`)));
      expect(refusal).to.include({ name: 'InvalidGroup.NotFound', status: 400 });
    },
  },
  {
    title: 'adds and takes away no rule of a group that does not exist: 400 and InvalidGroup.NotFound',
    concern: 'not found',
    async holds(subject) {
      const input = { GroupId: `sg-${NOBODY}`, IpPermissions: [fromRange('10.20.0.0/16')] };
      expect(await refusalOf(allow(subject, input.GroupId, ...input.IpPermissions))).to.include({ name: 'InvalidGroup.NotFound' });
      expect(await refusalOf(revoke(subject, input))).to.include({ name: 'InvalidGroup.NotFound', status: 400 });
    },
  },
  {
    title: 'takes away the named rule alone',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      await allow(subject, GroupId, fromRange('10.20.0.0/16'), fromRange('10.30.0.0/16', 80));
      await revoke(subject, { GroupId, IpPermissions: [fromRange('10.20.0.0/16')] });
      const { IpPermissions = [] } = await describeGroup(subject, GroupId);
      expect(IpPermissions.map(({ FromPort }) => FromPort)).to.deep.equal([80]);
    },
  },
  {
    title: 'takes away a rule by its id, once: 400 and InvalidSecurityGroupRuleId.NotFound then',
    concern: 'writes',
    source: RULE_CODE,
    deviations: {
      moto: { instead: 'It calls it InvalidPermission.NotFound.', seen: /but got 'InvalidPermission\.NotFound'/, source: RULE_CODE },
    },
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const { SecurityGroupRules = [] } = await allow(subject, GroupId, fromRange('10.20.0.0/16'));
      const input = { GroupId, SecurityGroupRuleIds: [SecurityGroupRules[0]?.SecurityGroupRuleId ?? ''] };
      await revoke(subject, input);
      expect((await describeGroup(subject, GroupId)).IpPermissions).to.deep.equal([]);
      const again = await refusalOf(revoke(subject, input));
      expect(again).to.include({ name: 'InvalidSecurityGroupRuleId.NotFound', status: 400 });
    },
  },
  {
    title: 'takes away no rule that is not there: 400 and InvalidPermission.NotFound',
    concern: 'not found',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const refusal = await refusalOf(revoke(subject, { GroupId, IpPermissions: [fromRange('10.20.0.0/16')] }));
      expect(refusal).to.include({ name: 'InvalidPermission.NotFound', status: 400 });
    },
  },
  {
    title: 'closes the way out when its rule is taken away',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
      await subject.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
      expect((await describeGroup(subject, GroupId)).IpPermissionsEgress).to.deep.equal([]);
    },
  },
  {
    title: 'holds at most 60 rules into a group: 400 and RulesPerSecurityGroupLimitExceeded',
    concern: 'validation',
    source: CODES,
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const ranges = Array.from({ length: 60 }, (_, index) => ({ CidrIp: `10.20.${index}.0/24` }));
      await allow(subject, GroupId, { ...fromRange('10.20.0.0/24'), IpRanges: ranges });
      const refusal = await refusalOf(allow(subject, GroupId, fromRange('10.30.0.0/16')));
      expect(refusal).to.include({ name: 'RulesPerSecurityGroupLimitExceeded', status: 400 });
    },
  },
  {
    title: 'adds no rule in a dry run, and answers it with 412 and DryRunOperation',
    concern: 'writes',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const input = { GroupId, IpPermissions: [fromRange('10.20.0.0/16')], DryRun: true };
      const refusal = await refusalOf(subject.ec2.send(new AuthorizeSecurityGroupIngressCommand(input)));
      expect(refusal).to.include({ name: 'DryRunOperation', status: 412 });
      expect((await describeGroup(subject, GroupId)).IpPermissions).to.deep.equal([]);
    },
  },
];
