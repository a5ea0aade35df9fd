import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { refusalOf } from '../refusal.ts';
import { unique } from '../unique.ts';
import { CONSISTENCY, DELETE, ERRORS, GET, HEAD_BUCKET, PUT, REDIRECTS } from './documentation.ts';
import { newBucket, type S3Subject, s3Client } from './subjects.ts';

const Key = 'drill/terraform.tfstate';

export const objects: readonly Assertion<S3Subject>[] = [
  {
    title: 'gives back an object as it was stored, with its type and metadata, and its MD5 as the ETag',
    concern: 'reads',
    source: GET,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const Body = '{"serial":1}';
      const put = new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json', Metadata: { run: 'r1' } });
      const { ETag } = await client.send(put);
      expect(ETag).to.equal(`"${createHash('md5').update(Body).digest('hex')}"`);
      const found = await client.send(new GetObjectCommand({ Bucket, Key }));
      expect(await found.Body?.transformToString()).to.equal(Body);
      expect(found).to.deep.include({ ETag, ContentType: 'application/json', ContentLength: 12, Metadata: { run: 'r1' } });
      const head = await client.send(new HeadObjectCommand({ Bucket, Key }));
      expect(head).to.deep.include({ ETag, ContentType: 'application/json', ContentLength: 12, Metadata: { run: 'r1' } });
    },
  },
  {
    title: 'keeps spaces, plus signs, slashes and letters of any language in a key',
    concern: 'writes',
    source: PUT,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const odd = 'a b/+c//größe=1&x?.json';
      await client.send(new PutObjectCommand({ Bucket, Key: odd, Body: 'x' }));
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      expect(Contents.map((each) => each.Key)).to.deep.equal([odd]);
      expect((await client.send(new HeadObjectCommand({ Bucket, Key: odd }))).ContentLength).to.equal(1);
    },
  },
  {
    title: 'shows a write and a deletion to every later read and list',
    concern: 'consistency',
    source: CONSISTENCY,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const read = async () => (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
      const count = async () => (await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount;
      for (const Body of ['one', 'two']) {
        await client.send(new PutObjectCommand({ Bucket, Key, Body }));
        expect([await read(), await count()]).to.deep.equal([Body, 1]);
      }
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
      expect([(await refusalOf(read())).name, await count()]).to.deep.equal(['NoSuchKey', 0]);
    },
  },
  {
    title: 'deletes an object that is not there without complaint',
    concern: 'not found',
    source: DELETE,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const answer = await client.send(new DeleteObjectCommand({ Bucket, Key }));
      expect(answer.$metadata.httpStatusCode).to.equal(204);
    },
  },
  {
    title: 'answers an object that is not there with 404 and NoSuchKey',
    concern: 'not found',
    source: ERRORS,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      expect(await refusalOf(client.send(new GetObjectCommand({ Bucket, Key })))).to.include({ name: 'NoSuchKey', status: 404 });
      expect(await refusalOf(client.send(new HeadObjectCommand({ Bucket, Key })))).to.include({ name: 'NotFound', status: 404 });
    },
  },
  {
    title: 'answers a bucket that is not there with 404 and NoSuchBucket',
    concern: 'not found',
    source: ERRORS,
    async holds(aws) {
      const client = s3Client(aws);
      const Bucket = unique('bucket');
      const calls = [
        client.send(new GetObjectCommand({ Bucket, Key })),
        client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' })),
        client.send(new DeleteObjectCommand({ Bucket, Key })),
        client.send(new ListObjectsV2Command({ Bucket })),
      ];
      for (const refusal of await Promise.all(calls.map(refusalOf))) {
        expect(refusal).to.include({ name: 'NoSuchBucket', status: 404 });
      }
      expect(await refusalOf(client.send(new HeadBucketCommand({ Bucket })))).to.include({ name: 'NotFound', status: 404 });
    },
  },
  {
    title: 'refuses content that its Content-MD5 does not fit with 400 and BadDigest, and keeps what was there',
    concern: 'validation',
    source: ERRORS,
    async holds(aws) {
      const { client, Bucket } = await newBucket(aws);
      const ContentMD5 = createHash('md5').update('another').digest('base64');
      const refusal = await refusalOf(client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ContentMD5 })));
      expect(refusal).to.include({ name: 'BadDigest', status: 400 });
      expect((await refusalOf(client.send(new GetObjectCommand({ Bucket, Key })))).name).to.equal('NoSuchKey');
    },
  },
  {
    title: 'tells the region of a bucket',
    concern: 'reads',
    source: HEAD_BUCKET,
    async holds(aws) {
      const Bucket = unique('bucket');
      await aws.makeBucket(Bucket, 'eu-central-1');
      const answer = await s3Client(aws, 'eu-central-1').send(new HeadBucketCommand({ Bucket }));
      expect(answer.BucketRegion).to.equal('eu-central-1');
    },
  },
  {
    title: 'sends a request for a bucket of another region away with 301 and PermanentRedirect, and names the region',
    concern: 'validation',
    source: REDIRECTS,
    async holds(aws) {
      const Bucket = unique('bucket');
      await aws.makeBucket(Bucket, 'eu-central-1');
      const client = s3Client(aws, 'eu-west-1');
      const get = await refusalOf(client.send(new GetObjectCommand({ Bucket, Key })));
      expect(get).to.include({ name: 'PermanentRedirect', status: 301 });
      const following = s3Client(aws, 'eu-west-1');
      following.config.followRegionRedirects = true;
      const { BucketRegion } = await following.send(new HeadBucketCommand({ Bucket }));
      expect(BucketRegion).to.equal('eu-central-1');
    },
  },
];
