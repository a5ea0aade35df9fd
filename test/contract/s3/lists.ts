import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { ERRORS, LIST } from './documentation.ts';
import { newBucket, type S3Subject } from './subjects.ts';

type List = (input?: Partial<ListObjectsV2CommandInput>) => Promise<ListObjectsV2CommandOutput>;

/** A bucket with an object under each key. */
async function bucketOf(aws: S3Subject, ...keys: readonly string[]): Promise<List> {
  const { client, Bucket } = await newBucket(aws);
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  return (input) => client.send(new ListObjectsV2Command({ Bucket, ...input }));
}

const keysOf = ({ Contents = [] }: ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);

export const lists: readonly Assertion<S3Subject>[] = [
  {
    title: 'lists keys in the order of their bytes, with sizes and ETags',
    concern: 'reads',
    source: LIST,
    async holds(aws) {
      const list = await bucketOf(aws, 'b', 'B', 'a/2', 'a', 'ä', 'a-1');
      const answer = await list();
      expect(keysOf(answer)).to.deep.equal(['B', 'a', 'a-1', 'a/2', 'b', 'ä']);
      expect(answer).to.include({ KeyCount: 6, IsTruncated: false });
      expect(answer.Contents?.[0]).to.deep.include({ Size: 1, ETag: '"9d5ed678fe57bcca610140957afab571"' });
    },
  },
  {
    title: 'folds what lies deeper than the delimiter into common prefixes',
    concern: 'reads',
    source: LIST,
    async holds(aws) {
      const list = await bucketOf(aws, 'dr/one', 'dr/two', 'dr/sub/three', 'dr/sub/four', 'other');
      const answer = await list({ Prefix: 'dr/', Delimiter: '/' });
      expect(keysOf(answer)).to.deep.equal(['dr/one', 'dr/two']);
      expect(answer.CommonPrefixes).to.deep.equal([{ Prefix: 'dr/sub/' }]);
      expect(answer.KeyCount).to.equal(3);
    },
  },
  {
    title: 'gives every key once over pages that follow a token',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const list = await bucketOf(aws, 'k1', 'k2', 'k3', 'k4', 'k5');
      const first = await list({ MaxKeys: 2 });
      expect(first).to.include({ KeyCount: 2, MaxKeys: 2, IsTruncated: true });
      const second = await list({ MaxKeys: 2, ContinuationToken: first.NextContinuationToken });
      expect(second).to.include({ ContinuationToken: first.NextContinuationToken, IsTruncated: true });
      const last = await list({ MaxKeys: 2, ContinuationToken: second.NextContinuationToken });
      expect(last.IsTruncated).to.equal(false);
      expect(last.NextContinuationToken).to.equal(undefined);
      expect([first, second, last].flatMap(keysOf)).to.deep.equal(['k1', 'k2', 'k3', 'k4', 'k5']);
    },
  },
  {
    title: 'counts common prefixes for a page, and gives each once',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const list = await bucketOf(aws, 'a/1', 'a/2', 'b', 'c/1');
      const first = await list({ Delimiter: '/', MaxKeys: 1 });
      expect(first.CommonPrefixes).to.deep.equal([{ Prefix: 'a/' }]);
      const rest = await list({ Delimiter: '/', ContinuationToken: first.NextContinuationToken });
      expect([keysOf(rest), rest.CommonPrefixes]).to.deep.equal([['b'], [{ Prefix: 'c/' }]]);
    },
  },
  {
    title: 'begins after the key asked for, which need not be there',
    concern: 'paging',
    source: LIST,
    async holds(aws) {
      const list = await bucketOf(aws, 'a', 'c', 'd');
      expect(keysOf(await list({ StartAfter: 'b' }))).to.deep.equal(['c', 'd']);
      expect(keysOf(await list({ StartAfter: 'c' }))).to.deep.equal(['d']);
    },
  },
  {
    title: 'refuses a token that is none with 400 and InvalidArgument',
    concern: 'paging',
    source: ERRORS,
    deviations: takenBy('ministack', ERRORS, 'It lists what is after the token, as if that were a key.'),
    async holds(aws) {
      const list = await bucketOf(aws, 'a');
      const refusal = await refusalOf(list({ ContinuationToken: 'not-a-token' }));
      expect(refusal).to.include({ name: 'InvalidArgument', status: 400 });
    },
  },
];
