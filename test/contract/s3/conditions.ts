import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { takenBy } from '../taken-by.ts';
import { CONDITIONAL_DELETES, CONDITIONAL_READS, CONDITIONAL_WRITES, PUT } from './documentation.ts';
import { newBucket, type S3Subject } from './subjects.ts';

const Key = 'drill/terraform.tfstate.tflock';
const STALE = '"00000000000000000000000000000000"';

interface Place {
  readonly client: S3Client;
  readonly Bucket: string;
}

function put({ client, Bucket }: Place, Body: string, condition: Partial<PutObjectCommandInput> = {}): Promise<PutObjectCommandOutput> {
  return client.send(new PutObjectCommand({ Bucket, Key, Body, ...condition }));
}

async function content({ client, Bucket }: Place): Promise<string | undefined> {
  return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
}

export const conditions: readonly Assertion<S3Subject>[] = [
  {
    title: 'writes with If-None-Match: * where nothing is, and answers 412 and PreconditionFailed where something is',
    concern: 'conflicts',
    source: CONDITIONAL_WRITES,
    async holds(aws) {
      const place = await newBucket(aws);
      await put(place, 'one', { IfNoneMatch: '*' });
      const refusal = await refusalOf(put(place, 'two', { IfNoneMatch: '*' }));
      expect(refusal).to.include({ name: 'PreconditionFailed', status: 412 });
      expect(await content(place)).to.equal('one');
    },
  },
  {
    title: 'lets exactly one of many in that write with If-None-Match: * at once',
    concern: 'conflicts',
    source: CONDITIONAL_WRITES,
    async holds(aws) {
      const place = await newBucket(aws);
      const writers = Array.from({ length: 8 }, (_, index) => `writer ${index}`);
      const results = await Promise.allSettled(writers.map((writer) => put(place, writer, { IfNoneMatch: '*' })));
      const winners = writers.filter((_, index) => results[index]?.status === 'fulfilled');
      expect(winners).to.have.length(1);
      expect(await content(place)).to.equal(winners[0]);
    },
  },
  {
    title: 'writes again with If-None-Match: * after a deletion',
    concern: 'writes',
    source: CONDITIONAL_WRITES,
    async holds(aws) {
      const place = await newBucket(aws);
      await put(place, 'one', { IfNoneMatch: '*' });
      await place.client.send(new DeleteObjectCommand({ Bucket: place.Bucket, Key }));
      await put(place, 'two', { IfNoneMatch: '*' });
      expect(await content(place)).to.equal('two');
    },
  },
  {
    title: 'writes with If-Match over the object of that ETag, and answers 412 and PreconditionFailed over another',
    concern: 'conflicts',
    source: CONDITIONAL_WRITES,
    async holds(aws) {
      const place = await newBucket(aws);
      const { ETag: first } = await put(place, 'one');
      await put(place, 'two', { IfMatch: first });
      const refusal = await refusalOf(put(place, 'three', { IfMatch: first }));
      expect(refusal).to.include({ name: 'PreconditionFailed', status: 412 });
      expect(await content(place)).to.equal('two');
    },
  },
  {
    title: 'answers 404 and NoSuchKey to a write with If-Match where nothing is',
    concern: 'not found',
    source: CONDITIONAL_WRITES,
    async holds(aws) {
      const refusal = await refusalOf(put(await newBucket(aws), 'one', { IfMatch: STALE }));
      expect(refusal).to.include({ name: 'NoSuchKey', status: 404 });
    },
  },
  {
    title: 'answers 501 and NotImplemented to a write with another If-None-Match than *',
    concern: 'validation',
    source: PUT,
    deviations: takenBy('ministack', PUT),
    async holds(aws) {
      const refusal = await refusalOf(put(await newBucket(aws), 'one', { IfNoneMatch: STALE }));
      expect(refusal).to.include({ name: 'NotImplemented', status: 501 });
    },
  },
  {
    title: 'reads with If-Match the object of that ETag only: else 412 and PreconditionFailed',
    concern: 'reads',
    source: CONDITIONAL_READS,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const { ETag } = await put({ client, Bucket }, 'one');
      expect((await client.send(new GetObjectCommand({ Bucket, Key, IfMatch: ETag }))).ETag).to.equal(ETag);
      const refusal = await refusalOf(client.send(new GetObjectCommand({ Bucket, Key, IfMatch: STALE })));
      expect(refusal).to.include({ name: 'PreconditionFailed', status: 412 });
    },
  },
  {
    title: 'answers 304 to a read with If-None-Match of the ETag that the object has',
    concern: 'reads',
    source: CONDITIONAL_READS,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const { ETag } = await put({ client, Bucket }, 'one');
      expect((await refusalOf(client.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: ETag })))).status).to.equal(304);
      expect((await client.send(new GetObjectCommand({ Bucket, Key, IfNoneMatch: STALE }))).ETag).to.equal(ETag);
    },
  },
  {
    title: 'deletes with If-Match the object of that ETag only: else 412 and PreconditionFailed',
    concern: 'conflicts',
    source: CONDITIONAL_DELETES,
    async holds(aws) {
      const place = await newBucket(aws);
      const { client, Bucket } = place;
      const { ETag } = await put(place, 'one');
      const refusal = await refusalOf(client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: STALE })));
      expect(refusal).to.include({ name: 'PreconditionFailed', status: 412 });
      expect(await content(place)).to.equal('one');
      await client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: ETag }));
      expect((await refusalOf(content(place))).name).to.equal('NoSuchKey');
    },
  },
  {
    title: 'answers 404 and NoSuchKey to a deletion with If-Match where nothing is',
    concern: 'not found',
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const refusal = await refusalOf(client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch: STALE })));
      expect(refusal).to.include({ name: 'NoSuchKey', status: 404 });
    },
  },
];
