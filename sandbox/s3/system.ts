import { awsFault } from '../aws/fault.ts';
import { errorResponse } from '../aws/protocols.ts';
import { requestId } from '../aws/request-id.ts';
import { namedList, renderXml } from '../aws/xml.ts';
import type { Sandbox, SandboxRequest, SandboxResponse, System } from '../system.ts';
import type { World } from '../world.ts';
import { listObjects } from './list-objects.ts';
import { deleteObject, getObject, putObject } from './objects.ts';
import type { S3Bucket } from './state.ts';
import { s3Document } from './xml.ts';

interface Address {
  readonly bucket: string;
  readonly key: string;
}

function addressOf(path: string): Address {
  const [, bucket = '', ...key] = path.split('/');
  return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key.join('/')) };
}

const objectOperations: Readonly<Record<string, string>> = {
  PUT: 'PutObject',
  GET: 'GetObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
};

/** Subresources (`?versioning`, `?acl`) are operations of their own, none of which is served. */
const plainQuery = [
  'x-id',
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'continuation-token',
  'start-after',
  'encoding-type',
  'fetch-owner',
];

function operationName(request: SandboxRequest): string | null {
  const { bucket, key } = addressOf(request.path);
  const subresource = [...request.query.keys()].find((name) => !plainQuery.includes(name) && !name.startsWith('X-Amz-'));
  if (subresource !== undefined) return null;
  if (key !== '') return objectOperations[request.method] ?? null;
  if (bucket === '') return request.method === 'GET' ? 'ListBuckets' : null;
  if (request.method === 'HEAD') return 'HeadBucket';
  return request.method === 'GET' && request.query.get('list-type') === '2' ? 'ListObjectsV2' : null;
}

function bucketIn(world: World, name: string): S3Bucket {
  const bucket = world.s3.buckets[name];
  if (bucket) return bucket;
  throw awsFault(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
}

/**
 * To a request signed for another region than the bucket's. SDKs sign for the region at whose endpoint they ask, and that
 * endpoint names the bucket's own.
 */
function redirect(name: string, region: string): SandboxResponse {
  const message =
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.';
  const members = { Endpoint: `${name}.s3.${region}.amazonaws.com`, Bucket: name };
  const answer = errorResponse('s3', { status: 301, code: 'PermanentRedirect', message, members });
  return { ...answer, headers: { ...answer.headers, 'x-amz-bucket-region': region } };
}

function listBuckets(world: World): SandboxResponse {
  const buckets = Object.keys(world.s3.buckets).sort();
  const owner = renderXml({ Owner: { ID: world.accountId } });
  return s3Document(
    'ListAllMyBucketsResult',
    owner +
      renderXml({
        Buckets: namedList(
          'Bucket',
          buckets.map((Name) => ({ Name })),
        ),
      }),
  );
}

function handle(request: SandboxRequest, sandbox: Sandbox): SandboxResponse {
  const operation = operationName(request);
  if (operation === null)
    throw awsFault(501, 'NotImplemented', `The sandbox does not serve ${request.method} ${request.path}?${request.query}.`);
  if (operation === 'ListBuckets') return listBuckets(sandbox.world);
  const { bucket: name, key } = addressOf(request.path);
  const bucket = bucketIn(sandbox.world, name);
  if (bucket.region !== request.scope?.region) return redirect(name, bucket.region);
  switch (operation) {
    case 'PutObject':
      return putObject(bucket, key, request, sandbox);
    case 'DeleteObject':
      return deleteObject(bucket, key, request);
    case 'HeadBucket':
      return { status: 200, headers: { 'x-amz-bucket-region': bucket.region, 'x-amz-request-id': requestId() } };
    case 'ListObjectsV2':
      return listObjects(name, bucket, request);
    default:
      return getObject(bucket, key, request);
  }
}

/** IAM knows some operations under other names. */
const actions: Readonly<Record<string, string>> = {
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListBuckets: 'ListAllMyBuckets',
};

function dump(world: World): unknown {
  const buckets = Object.entries(world.s3.buckets).map(([name, { region, objects }]) => [
    name,
    { region, keys: Object.keys(objects).sort() },
  ]);
  // The contents of a Terraform state are ids, times and serial numbers.
  return { buckets: Object.fromEntries(buckets) };
}

export const s3: System = {
  name: 's3',
  port: 'aws',
  signsAs: ['s3'],
  operation(request) {
    const name = operationName(request);
    return `s3:${name === null ? `${request.method} ${request.path}` : (actions[name] ?? name)}`;
  },
  mutates: (request) => request.method === 'PUT' || request.method === 'DELETE' || request.method === 'POST',
  handle,
  dump,
};
