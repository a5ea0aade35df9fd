import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { awsWorld, clientConfig, errorOf, startAwsSandbox } from '../aws-sandbox.ts';

const Bucket = 'shop-terraform-state';

describe('sandbox: S3', () => {
  let running: RunningSandbox;
  let client: S3Client;
  before(async () => {
    const world = awsWorld();
    world.s3.buckets[Bucket] = { region: 'eu-west-1', objects: {} };
    running = await startAwsSandbox({ world });
    client = new S3Client({ ...clientConfig(running), forcePathStyle: true });
  });
  after(() => running.stop());

  it('gives back what was stored, with its ETag and metadata', async () => {
    const put = await client.send(
      new PutObjectCommand({ Bucket, Key: 'dr/a b+c.json', Body: '{"a":1}', ContentType: 'application/json', Metadata: { run: 'r1' } }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'dr/a b+c.json' }));
    expect(await got.Body?.transformToString()).to.equal('{"a":1}');
    expect(got.ETag).to.equal(put.ETag);
    expect(got.Metadata).to.deep.equal({ run: 'r1' });
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'dr/a b+c.json' }));
    expect(head.ContentLength).to.equal(7);
  });

  it('gives the part of an object that a range asks for, as clients that download in parts do', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'state', Body: '0123456789' }));
    const part = async (Range: string) => {
      const answer = await client.send(new GetObjectCommand({ Bucket, Key: 'state', Range }));
      return [answer.$metadata.httpStatusCode, answer.ContentRange, await answer.Body?.transformToString()];
    };
    expect(await part('bytes=0-5242879')).to.deep.equal([206, 'bytes 0-9/10', '0123456789']);
    expect(await part('bytes=2-4')).to.deep.equal([206, 'bytes 2-4/10', '234']);
    expect(await part('bytes=-3')).to.deep.equal([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=0-1,4-5')).to.deep.equal([200, undefined, '0123456789']);
    const beyond = await errorOf(client.send(new GetObjectCommand({ Bucket, Key: 'state', Range: 'bytes=10-' })));
    expect([beyond.name, beyond.$metadata?.httpStatusCode]).to.deep.equal(['InvalidRange', 416]);
  });

  it('lets only the first writer in with If-None-Match', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'lock', Body: 'one', IfNoneMatch: '*' }));
    const second = await errorOf(client.send(new PutObjectCommand({ Bucket, Key: 'lock', Body: 'two', IfNoneMatch: '*' })));
    expect(second.name).to.equal('PreconditionFailed');
    expect(second.$metadata?.httpStatusCode).to.equal(412);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'lock' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'lock', Body: 'three', IfNoneMatch: '*' }));
  });

  it('says what is missing: an object, a bucket', async () => {
    expect((await errorOf(client.send(new GetObjectCommand({ Bucket, Key: 'none' })))).name).to.equal('NoSuchKey');
    expect((await errorOf(client.send(new HeadObjectCommand({ Bucket, Key: 'none' })))).$metadata?.httpStatusCode).to.equal(404);
    expect((await errorOf(client.send(new PutObjectCommand({ Bucket: 'other', Key: 'a', Body: '' })))).name).to.equal('NoSuchBucket');
    expect((await errorOf(client.send(new HeadBucketCommand({ Bucket: 'other' })))).$metadata?.httpStatusCode).to.equal(404);
    expect((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion).to.equal('eu-west-1');
  });

  it('lists by prefix, with common prefixes, page by page', async () => {
    for (const Key of ['list/1', 'list/2', 'list/sub/3', 'list/sub/4']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    const tree = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }));
    expect(tree.Contents?.map(({ Key }) => Key)).to.deep.equal(['list/1', 'list/2']);
    expect(tree.CommonPrefixes).to.deep.equal([{ Prefix: 'list/sub/' }]);
    const first = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 3 }));
    expect(first.IsTruncated).to.equal(true);
    const rest = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', ContinuationToken: first.NextContinuationToken }));
    expect([...(first.Contents ?? []), ...(rest.Contents ?? [])].map(({ Key }) => Key)).to.deep.equal([
      'list/1',
      'list/2',
      'list/sub/3',
      'list/sub/4',
    ]);
  });

  it("sends a request for another region than the bucket's away", async () => {
    const other = new S3Client({ ...clientConfig(running, { region: 'eu-central-1' }), forcePathStyle: true });
    expect((await errorOf(other.send(new GetObjectCommand({ Bucket, Key: 'lock' })))).name).to.equal('PermanentRedirect');
  });

  it('answers 501 for a subresource', async () => {
    const { GetBucketVersioningCommand } = await import('@aws-sdk/client-s3');
    const error = await errorOf(client.send(new GetBucketVersioningCommand({ Bucket })));
    expect(error.$metadata?.httpStatusCode).to.equal(501);
  });
});
