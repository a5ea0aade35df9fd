import { AuthorizeSecurityGroupIngressCommand, DescribeSecurityGroupRulesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { allow, CODES, type Ec2, fromRange, makeGroup, NOBODY } from './subject.ts';

const DESCRIBE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroupRules.html';

/** DescribeSecurityGroupRules: the rules one by one, with ids and tags. */
export const ruleReads: readonly Assertion<Ec2>[] = [
  {
    title: 'describes the rules of a group one by one: a range each',
    concern: 'reads',
    async holds(subject) {
      const id = await makeGroup(subject);
      await allow(subject, id, { ...fromRange(''), IpRanges: [{ CidrIp: '10.20.0.0/16' }, { CidrIp: '10.30.0.0/16' }] });
      const Filters = [{ Name: 'group-id', Values: [id] }];
      const { SecurityGroupRules = [] } = await subject.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
      const ranges = SecurityGroupRules.filter(({ IsEgress }) => !IsEgress).map(({ CidrIpv4 }) => CidrIpv4);
      expect(ranges).to.have.members(['10.20.0.0/16', '10.30.0.0/16']);
      expect(SecurityGroupRules.filter(({ IsEgress }) => IsEgress)).to.have.length(1);
    },
  },
  {
    title: 'gives the tags of a rule, and finds it by them',
    concern: 'reads',
    async holds(subject) {
      const GroupId = await makeGroup(subject);
      const TagSpecifications = [{ ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'eks-dr:run', Value: GroupId }] }];
      const input = { GroupId, IpPermissions: [fromRange('10.20.0.0/16')], TagSpecifications };
      await subject.ec2.send(new AuthorizeSecurityGroupIngressCommand(input));
      const Filters = [{ Name: 'tag:eks-dr:run', Values: [GroupId] }];
      const { SecurityGroupRules = [] } = await subject.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
      expect(SecurityGroupRules.map((rule) => [rule.CidrIpv4, rule.Tags])).to.deep.equal([
        ['10.20.0.0/16', [{ Key: 'eks-dr:run', Value: GroupId }]],
      ]);
    },
  },
  {
    title: 'describes rules page by page, none twice and none left out',
    concern: 'paging',
    source: DESCRIBE,
    deviations: { moto: { instead: 'It gives all at once.', seen: /to have a length within 1\.\.5/, source: DESCRIBE } },
    async holds(subject) {
      const id = await makeGroup(subject);
      const ranges = Array.from({ length: 12 }, (_, index) => `10.20.${index}.0/24`);
      await allow(subject, id, { ...fromRange(''), IpRanges: ranges.map((CidrIp) => ({ CidrIp })) });
      const Filters = [{ Name: 'group-id', Values: [id] }];
      const all = await everyPage(async (NextToken) => {
        const page = await subject.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters, MaxResults: 5, NextToken }));
        expect(page.SecurityGroupRules).to.have.length.within(1, 5);
        return [page.SecurityGroupRules, page.NextToken];
      });
      expect(all.filter(({ IsEgress }) => !IsEgress).map(({ CidrIpv4 }) => CidrIpv4)).to.have.members(ranges);
      expect(all).to.have.length(13);
    },
  },
  {
    title: 'describes no rule that does not exist: 400 and InvalidSecurityGroupRuleId.NotFound',
    concern: 'not found',
    source: CODES,
    async holds({ ec2 }) {
      const refusal = await refusalOf(ec2.send(new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [`sgr-${NOBODY}`] })));
      expect(refusal).to.include({ name: 'InvalidSecurityGroupRuleId.NotFound', status: 400 });
    },
  },
];
