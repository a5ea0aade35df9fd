import { DescribeSecurityGroupsCommand, type DescribeSecurityGroupsCommandInput, type Filter } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { everyPage } from '../every-page.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { CODES, type Ec2, makeGroup } from './subject.ts';

const DESCRIBE = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html';
const FILTER = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html';

const ask = ({ ec2 }: Ec2, input: DescribeSecurityGroupsCommandInput) => ec2.send(new DescribeSecurityGroupsCommand(input));

async function namesFound(subject: Ec2, ...filters: [name: string, ...values: string[]][]): Promise<(string | undefined)[]> {
  const Filters: Filter[] = filters.map(([Name, ...Values]) => ({ Name, Values }));
  const { SecurityGroups = [] } = await ask(subject, { Filters });
  return SecurityGroups.map(({ GroupName }) => GroupName);
}

/** Two new groups with the tag `mark`, of which the first has the tag `one` also. */
async function two(subject: Ec2): Promise<{ readonly mark: string; readonly one: string; readonly other: string }> {
  const mark = unique('mark');
  const [one, other] = [`${mark}-one`, `${mark}-other`];
  const specification = (...keys: string[]) => [
    { ResourceType: 'security-group' as const, Tags: keys.map((Key) => ({ Key, Value: mark })) },
  ];
  await makeGroup(subject, { GroupName: one, TagSpecifications: specification('mark', `key-${mark}`) });
  await makeGroup(subject, { GroupName: other, TagSpecifications: specification('mark') });
  return { mark, one, other };
}

/** Filters and pages, as all Describe operations have them. */
export const reads: readonly Assertion<Ec2>[] = [
  {
    title: 'finds things by a tag, by its key alone, and by name',
    concern: 'reads',
    async holds(subject) {
      const { mark, one, other } = await two(subject);
      expect(await namesFound(subject, ['tag:mark', mark])).to.have.members([one, other]);
      expect(await namesFound(subject, ['tag-key', `key-${mark}`])).to.deep.equal([one]);
      expect(await namesFound(subject, ['group-name', other])).to.deep.equal([other]);
    },
  },
  {
    title: 'finds what meets every filter, and any value of each',
    concern: 'reads',
    async holds(subject) {
      const { mark, one, other } = await two(subject);
      expect(await namesFound(subject, ['group-name', one, other, 'nobody'])).to.have.members([one, other]);
      expect(await namesFound(subject, ['tag:mark', mark], ['group-name', other, 'nobody'])).to.deep.equal([other]);
      expect(await namesFound(subject, ['tag:mark', mark], ['vpc-id', 'vpc-nothing'])).to.deep.equal([]);
    },
  },
  {
    title: 'takes * for any text in a value, and tells case apart',
    concern: 'reads',
    source: FILTER,
    async holds(subject) {
      const { mark, one, other } = await two(subject);
      expect(await namesFound(subject, ['group-name', `${mark}*`])).to.have.members([one, other]);
      expect(await namesFound(subject, ['group-name', `*${mark.slice(-8)}-one`])).to.deep.equal([one]);
      expect(await namesFound(subject, ['group-name', one.toUpperCase()])).to.deep.equal([]);
    },
  },
  {
    title: 'refuses a filter that it does not have: 400 and InvalidParameterValue',
    concern: 'validation',
    source: CODES,
    deviations: { moto: { instead: 'It fails with 500.', seen: /name: 'Error', status: 500/, source: CODES } },
    async holds(subject) {
      expect(await refusalOf(namesFound(subject, ['colour', 'red']))).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'describes groups page by page, none twice and none left out',
    concern: 'paging',
    source: DESCRIBE,
    deviations: { moto: { instead: 'It gives all at once.', seen: /to have a length within 1\.\.5/, source: DESCRIBE } },
    async holds(subject) {
      const mark = unique('paged');
      const names = Array.from({ length: 7 }, (_, index) => `${mark}-${index}`);
      for (const GroupName of names) await makeGroup(subject, { GroupName });
      const Filters = [{ Name: 'group-name', Values: [`${mark}-*`] }];
      const all = await everyPage(async (NextToken) => {
        const page = await ask(subject, { Filters, MaxResults: 5, NextToken });
        expect(page.SecurityGroups).to.have.length.within(1, 5);
        return [page.SecurityGroups, page.NextToken];
      });
      expect(all.map(({ GroupName }) => GroupName)).to.have.members(names);
    },
  },
  {
    title: 'takes pages of 5 to 1000 groups only: 400 and InvalidParameterValue',
    concern: 'validation',
    source: DESCRIBE,
    deviations: { moto: accepts(DESCRIBE) },
    async holds(subject) {
      for (const MaxResults of [4, 1001])
        expect(await refusalOf(ask(subject, { MaxResults }))).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
];
