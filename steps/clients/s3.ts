import { GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { EksDrError } from '../kit/errors.ts';
import { unlessMissing } from './aws-errors.ts';

/** An object of S3. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** Whole texts in S3. The region that is asked need not be the bucket's: it redirects there, and the client follows. */
export interface S3 {
  /** Null: no such object. A bucket that does not exist is `remote-refused`. */
  read(object: ObjectRef): Promise<string | null>;
  /** Replaces what is there: at once for every reader, and as another version where the bucket keeps versions. */
  write(object: ObjectRef, text: string, contentType: string): Promise<void>;
  /** The region of a bucket, which S3 tells even those who may not look into it; null: no such bucket. */
  regionOf(bucket: string): Promise<string | null>;
}

export interface S3Settings {
  readonly region: string;
  readonly maxAttempts: number;
  readonly retryMode: string;
  readonly customUserAgent: string;
  readonly requestHandler: object;
}

export function s3Client(settings: S3Settings): S3Client {
  return new S3Client({ ...settings, followRegionRedirects: true });
}

export function createS3(client: S3Client): S3 {
  return {
    async read({ bucket: Bucket, key: Key }) {
      const found = await unlessMissing(client.send(new GetObjectCommand({ Bucket, Key })), 'NoSuchKey');
      return found === null ? null : ((await found.Body?.transformToString()) ?? '');
    },
    async write({ bucket: Bucket, key: Key }, text, ContentType) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body: text, ContentType }));
    },
    async regionOf(Bucket) {
      try {
        return (await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion ?? null;
      } catch (thrown) {
        const { data } = answer.safeParse(thrown instanceof EksDrError ? thrown.cause : thrown);
        if (data?.$response?.headers['x-amz-bucket-region'] !== undefined) return data.$response.headers['x-amz-bucket-region'];
        if (data?.$metadata.httpStatusCode === 404) return null;
        throw thrown;
      }
    },
  };
}

/** As much of the SDK's exception as tells the bucket's region: the answer to HEAD has no body that could. */
const answer = z.object({
  $metadata: z.object({ httpStatusCode: z.number().optional() }),
  $response: z.object({ headers: z.record(z.string(), z.string()) }).optional(),
});
