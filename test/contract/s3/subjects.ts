import { type BucketLocationConstraint, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, ministackAws, sandboxAws } from '../subjects/aws.ts';
import { unique } from '../unique.ts';

export interface S3Subject extends Aws {
  /** Makes an empty bucket in that region. */
  makeBucket(name: string, region: string): Promise<void>;
}

/** The sandbox serves no creation of buckets: they are part of a world. */
export async function sandboxS3(): Promise<Opened<S3Subject>> {
  const { subject, close } = await sandboxAws();
  const makeBucket: S3Subject['makeBucket'] = async (name, region) => {
    subject.world.s3.buckets[name] = { region, objects: {} };
  };
  return { subject: { ...subject, makeBucket }, close };
}

export async function ministackS3(running: Running): Promise<Opened<S3Subject> | null> {
  const opened = await ministackAws(running);
  if (opened === null) return null;
  const makeBucket: S3Subject['makeBucket'] = async (Bucket, region) => {
    const CreateBucketConfiguration = { LocationConstraint: region as BucketLocationConstraint };
    await s3Client(opened.subject, region).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  };
  return { ...opened, subject: { ...opened.subject, makeBucket } };
}

export function s3Client(aws: Aws, region = 'eu-west-1'): S3Client {
  return new S3Client({ ...aws.config({ region }), forcePathStyle: true });
}

/** A bucket of its own in eu-west-1, with a client for it. */
export async function newBucket(aws: S3Subject): Promise<{ readonly client: S3Client; readonly Bucket: string }> {
  const Bucket = unique('bucket');
  await aws.makeBucket(Bucket, 'eu-west-1');
  return { client: s3Client(aws), Bucket };
}
