import {
  CreateClusterCommand,
  DescribeClusterCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eks';
import { expect } from 'chai';
import { accepts } from '../accepts.ts';
import type { Assertion, Deviation } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import type { Eks } from '../subjects/eks.ts';

const TAG = 'https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html';

const OTHER_NAME: Deviation = {
  instead: 'It calls it ResourceNotFoundException.',
  seen: /'NotFoundException', but got 'ResourceNotFoundException'/,
  source: TAG,
};

/** A new cluster with these tags; its ARN. */
async function tagged({ eks, clusterInput }: Eks, tags: Record<string, string>): Promise<string> {
  const { cluster } = await eks.send(new CreateClusterCommand(clusterInput({ tags })));
  return cluster?.arn ?? '';
}

async function tagsOf({ eks }: Eks, resourceArn: string): Promise<Record<string, string> | undefined> {
  return (await eks.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
}

export const tags: readonly Assertion<Eks>[] = [
  {
    title: 'gives a cluster the tags of its creation',
    concern: 'writes',
    async holds({ eks, clusterInput }) {
      const input = clusterInput({ tags: { 'eks-dr:run': 'r1', empty: '' } });
      await eks.send(new CreateClusterCommand(input));
      const { cluster } = await eks.send(new DescribeClusterCommand({ name: input.name }));
      expect(cluster?.tags).to.deep.equal({ 'eks-dr:run': 'r1', empty: '' });
    },
  },
  {
    title: 'adds tags to those that are there, and puts a new value in the place of an old one',
    concern: 'writes',
    async holds(subject) {
      const resourceArn = await tagged(subject, { kept: '1', changed: '1' });
      await subject.eks.send(new TagResourceCommand({ resourceArn, tags: { changed: '2', added: '3' } }));
      expect(await tagsOf(subject, resourceArn)).to.deep.equal({ kept: '1', changed: '2', added: '3' });
    },
  },
  {
    title: 'removes the named tags alone, and does not mind those that are not there',
    concern: 'writes',
    async holds(subject) {
      const resourceArn = await tagged(subject, { kept: '1', gone: '1' });
      await subject.eks.send(new UntagResourceCommand({ resourceArn, tagKeys: ['gone', 'never-there'] }));
      expect(await tagsOf(subject, resourceArn)).to.deep.equal({ kept: '1' });
    },
  },
  {
    title: 'knows no tags of a cluster that does not exist: 404 and NotFoundException',
    concern: 'not found',
    source: TAG,
    deviations: { ministack: OTHER_NAME, moto: OTHER_NAME },
    async holds({ eks, account }) {
      const resourceArn = `arn:aws:eks:eu-west-1:${account}:cluster/no-such-cluster`;
      for (const command of [
        new ListTagsForResourceCommand({ resourceArn }),
        new TagResourceCommand({ resourceArn, tags: { a: 'b' } }),
        new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }),
      ]) {
        const refusal = await refusalOf(eks.send(command as TagResourceCommand));
        expect(refusal, command.constructor.name).to.include({ name: 'NotFoundException', status: 404 });
      }
    },
  },
  {
    title: 'takes no ARN of another service for one of its own: 400 and BadRequestException',
    concern: 'validation',
    source: TAG,
    deviations: {
      ministack: {
        instead: 'It calls it InvalidParameterException.',
        seen: /'BadRequestException', but got 'InvalidParameterException'/,
        source: TAG,
      },
      moto: {
        instead: 'It calls it ResourceNotFoundException.',
        seen: /'BadRequestException', but got 'ResourceNotFoundException'/,
        source: TAG,
      },
    },
    async holds({ eks }) {
      const refusal = await refusalOf(eks.send(new ListTagsForResourceCommand({ resourceArn: 'arn:aws:s3:::a-bucket' })));
      expect(refusal).to.include({ name: 'BadRequestException', status: 400 });
    },
  },
  {
    title: 'adds no 51st tag: 400 and BadRequestException',
    concern: 'validation',
    source: TAG,
    deviations: { ministack: accepts(TAG), moto: accepts(TAG) },
    async holds(subject) {
      const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`key-${index}`, '']));
      const resourceArn = await tagged(subject, fifty);
      const refusal = await refusalOf(subject.eks.send(new TagResourceCommand({ resourceArn, tags: { more: '' } })));
      expect(refusal).to.include({ name: 'BadRequestException', status: 400 });
    },
  },
];
