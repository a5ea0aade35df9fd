import { CreateTagsCommand, DeleteTagsCommand, DescribeTagsCommand, type Tag } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { CODES, describeGroup, type Ec2, makeGroup, NOBODY } from './subject.ts';

const TAGS = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteTags.html';
const LIMITS = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions';

const tag = (Key: string, Value: string): Tag => ({ Key, Value });

const add = ({ ec2 }: Ec2, id: string, ...Tags: Tag[]) => ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
const remove = ({ ec2 }: Ec2, id: string, ...Tags: Tag[]) => ec2.send(new DeleteTagsCommand({ Resources: [id], Tags }));

/** A new group with these tags; its id. */
function tagged(subject: Ec2, ...Tags: Tag[]): Promise<string> {
  return makeGroup(subject, { TagSpecifications: [{ ResourceType: 'security-group', Tags }] });
}

async function tagsOf(subject: Ec2, id: string): Promise<Record<string, string>> {
  const { Tags = [] } = await describeGroup(subject, id);
  return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}

export const tags: readonly Assertion<Ec2>[] = [
  {
    title: 'gives a group the tags of its creation',
    concern: 'writes',
    async holds(subject) {
      expect(await tagsOf(subject, await tagged(subject, tag('eks-dr:run', 'r1'), tag('empty', '')))).to.deep.equal({
        'eks-dr:run': 'r1',
        empty: '',
      });
    },
  },
  {
    title: 'adds tags any number of times, the last value winning',
    concern: 'writes',
    async holds(subject) {
      const id = await tagged(subject, tag('kept', '1'));
      await add(subject, id, tag('run', 'r1'));
      await add(subject, id, tag('run', 'r1'));
      await add(subject, id, tag('run', 'r2'));
      expect(await tagsOf(subject, id)).to.deep.equal({ kept: '1', run: 'r2' });
    },
  },
  {
    title: 'removes a tag by its key, or by key and value when that is still its value',
    concern: 'writes',
    source: TAGS,
    async holds(subject) {
      const id = await tagged(subject, tag('a', '1'), tag('b', '1'), tag('c', '1'));
      await remove(subject, id, { Key: 'a' }, tag('b', '2'), tag('c', '1'));
      expect(await tagsOf(subject, id)).to.deep.equal({ b: '1' });
    },
  },
  {
    title: 'does not mind the removal of a tag that is not there',
    concern: 'not found',
    async holds(subject) {
      const id = await tagged(subject, tag('kept', '1'));
      await remove(subject, id, { Key: 'never-there' });
      expect(await tagsOf(subject, id)).to.deep.equal({ kept: '1' });
    },
  },
  {
    title: 'tags nothing that does not exist, and calls it as its kind does: 400 and InvalidGroup.NotFound for a group',
    concern: 'not found',
    source: 'https://github.com/katosys/kato/issues/24',
    async holds(subject) {
      expect(await refusalOf(add(subject, `sg-${NOBODY}`, tag('a', '1')))).to.include({ name: 'InvalidGroup.NotFound', status: 400 });
      expect(await refusalOf(add(subject, `vpc-${NOBODY}`, tag('a', '1')))).to.include({ name: 'InvalidVpcID.NotFound', status: 400 });
    },
  },
  {
    title: 'takes no tag of which the key starts with “aws:”: 400 and InvalidParameterValue',
    concern: 'validation',
    source: LIMITS,
    deviations: { moto: accepts(LIMITS) },
    async holds(subject) {
      const refusal = await refusalOf(add(subject, await makeGroup(subject), tag('aws:mine', '1')));
      expect(refusal).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'takes no key of more than 128 characters and no value of more than 256: 400 and InvalidParameterValue',
    concern: 'validation',
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html',
    deviations: { moto: accepts('https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Tag.html') },
    async holds(subject) {
      const id = await makeGroup(subject);
      await add(subject, id, tag('k'.repeat(127), 'v'.repeat(256)));
      for (const wrong of [tag('k'.repeat(129), 'v'), tag('k', 'v'.repeat(257))])
        expect(await refusalOf(add(subject, id, wrong))).to.include({ name: 'InvalidParameterValue', status: 400 });
    },
  },
  {
    title: 'adds no 51st tag: 400 and TagLimitExceeded',
    concern: 'validation',
    source: CODES,
    async holds(subject) {
      const fifty = Array.from({ length: 50 }, (_, index) => tag(`key-${index}`, ''));
      const refusal = await refusalOf(add(subject, await tagged(subject, ...fifty), tag('more', '')));
      expect(refusal).to.include({ name: 'TagLimitExceeded', status: 400 });
    },
  },
  {
    title: 'lists the tags of a thing with its kind',
    concern: 'reads',
    async holds(subject) {
      const id = await tagged(subject, tag('a', '1'));
      const { Tags = [] } = await subject.ec2.send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }] }));
      expect(Tags).to.deep.equal([{ ResourceId: id, ResourceType: 'security-group', Key: 'a', Value: '1' }]);
    },
  },
];
