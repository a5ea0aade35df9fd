import { AddTagsCommand, DescribeTagsCommand, RemoveTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { type Elb, nobody } from './subject.ts';

const ADD = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html';
const DESCRIBE = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html';

const pairs = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const add = ({ elb }: Elb, arn: string, tags: Readonly<Record<string, string>>) =>
  elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags: pairs(tags) }));

async function tagsOf({ elb }: Elb, arn: string): Promise<Record<string, string>> {
  const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns: [arn] }));
  expect(TagDescriptions.map(({ ResourceArn }) => ResourceArn)).to.deep.equal([arn]);
  return Object.fromEntries((TagDescriptions[0]?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}

export const tags: readonly Assertion<Elb>[] = [
  {
    title: 'gives a load balancer the tags of its creation',
    concern: 'reads',
    async holds(subject) {
      const { arn } = await subject.make({ 'elbv2.k8s.aws/cluster': 'shop', empty: '' });
      expect(await tagsOf(subject, arn)).to.include({ 'elbv2.k8s.aws/cluster': 'shop', empty: '' });
    },
  },
  {
    title: 'gives the tags of several things at once',
    concern: 'reads',
    async holds(subject) {
      const [one, other] = [await subject.make({ a: '1' }), await subject.make({ a: '2' })];
      const answer = await subject.elb.send(new DescribeTagsCommand({ ResourceArns: [other.arn, one.arn] }));
      const found = (answer.TagDescriptions ?? []).map(({ ResourceArn, Tags }) => [
        ResourceArn,
        Tags?.find(({ Key }) => Key === 'a')?.Value,
      ]);
      expect(found).to.have.deep.members([
        [one.arn, '1'],
        [other.arn, '2'],
      ]);
    },
  },
  {
    title: 'gives the tags of at most 20 things at once: 400 and ValidationError for more',
    concern: 'validation',
    source: DESCRIBE,
    deviations: { ministack: accepts(DESCRIBE), moto: accepts(DESCRIBE) },
    async holds(subject) {
      const { arn } = await subject.make();
      const ResourceArns = Array.from({ length: 21 }, () => arn);
      const refusal = await refusalOf(subject.elb.send(new DescribeTagsCommand({ ResourceArns })));
      expect(refusal).to.include({ name: 'ValidationError', status: 400 });
    },
  },
  {
    title: 'adds tags to those that are there, and puts a new value in the place of an old one',
    concern: 'writes',
    async holds(subject) {
      const { arn } = await subject.make({ kept: '1', changed: '1' });
      await add(subject, arn, { changed: '2', added: '3' });
      expect(await tagsOf(subject, arn)).to.include({ kept: '1', changed: '2', added: '3' });
    },
  },
  {
    title: 'removes the named tags alone, and does not mind those that are not there',
    concern: 'writes',
    async holds(subject) {
      const { arn } = await subject.make({ kept: '1', gone: '1' });
      await subject.elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ['gone', 'never-there'] }));
      expect(await tagsOf(subject, arn))
        .to.include({ kept: '1' })
        .and.not.have.property('gone');
    },
  },
  {
    title: 'takes no tag twice in one call: 400 and DuplicateTagKeys',
    concern: 'validation',
    source: ADD,
    deviations: { ministack: accepts(ADD), moto: accepts(ADD) },
    async holds(subject) {
      const { arn } = await subject.make();
      const Tags = [...pairs({ a: '1' }), ...pairs({ a: '2' })];
      const refusal = await refusalOf(subject.elb.send(new AddTagsCommand({ ResourceArns: [arn], Tags })));
      expect(refusal).to.include({ name: 'DuplicateTagKeysException', status: 400 });
    },
  },
  {
    title: 'holds at most 50 tags: 400 and TooManyTags for more',
    concern: 'validation',
    source: ADD,
    deviations: { ministack: accepts(ADD), moto: accepts(ADD) },
    async holds(subject) {
      const { arn } = await subject.make();
      const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`key-${index}`, '']));
      expect(await refusalOf(add(subject, arn, many))).to.include({ name: 'TooManyTagsException', status: 400 });
    },
  },
  {
    title: 'knows no tags of a load balancer that does not exist: 400 and LoadBalancerNotFound',
    concern: 'not found',
    source: DESCRIBE,
    deviations: { moto: accepts(DESCRIBE) },
    async holds(subject) {
      const { elb } = subject;
      const arn = nobody(subject);
      for (const call of [
        elb.send(new DescribeTagsCommand({ ResourceArns: [arn] })),
        add(subject, arn, { a: '1' }),
        elb.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: ['a'] })),
      ])
        expect(await refusalOf(call)).to.include({ name: 'LoadBalancerNotFoundException', status: 400 });
    },
  },
];
