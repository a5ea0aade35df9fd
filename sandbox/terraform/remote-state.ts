import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Backend, s3Client } from './backend.ts';
import { errorName, errorText, failure } from './failure.ts';
import { newState, parseState, type State, serializeState } from './state.ts';

/** The state in the backend; null when there is none yet. */
export async function loadState(backend: Backend): Promise<State | null> {
  try {
    const answer = await s3Client(backend).send(new GetObjectCommand({ Bucket: backend.bucket, Key: backend.key }));
    return parseState((await answer.Body?.transformToString()) ?? '');
  } catch (error) {
    if (errorName(error) === 'NoSuchKey') return null;
    if (errorName(error) === 'NoSuchBucket') throw failure('Error loading state', `S3 bucket "${backend.bucket}" does not exist.`);
    throw failure(
      'Error loading state',
      `Unable to access object "${backend.key}" in S3 bucket "${backend.bucket}": operation error S3: GetObject, ${errorText(error)}`,
    );
  }
}

export async function loadOrNewState(backend: Backend): Promise<State> {
  return (await loadState(backend)) ?? newState();
}

/** Raises the serial and saves. The caller decides what a failure means. */
export async function saveState(backend: Backend, state: State): Promise<void> {
  const next = { ...state, serial: state.serial + 1 };
  const body = serializeState(next);
  const ContentMD5 = createHash('md5').update(body).digest('base64');
  await s3Client(backend).send(
    new PutObjectCommand({ Bucket: backend.bucket, Key: backend.key, Body: body, ContentType: 'application/json', ContentMD5 }),
  );
  state.serial = next.serial;
}
