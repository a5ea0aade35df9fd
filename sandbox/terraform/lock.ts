import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { type Backend, s3Client } from './backend.ts';
import { bareFailure, errorName, errorText, failure } from './failure.ts';
import { type Settings, version } from './settings.ts';

interface LockInfo {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  /** RFC 3339 with nanoseconds. */
  readonly Created: string;
  readonly Path: string;
}

const explanation = `Terraform acquires a state lock to protect the state from being written
by multiple users at the same time. Please resolve the issue above and try
again. For most commands, you can disable locking with the "-lock=false"
flag, but this is not recommended.`;

const lockKey = ({ key }: Backend): string => `${key}.tflock`;

function description(info: LockInfo): string {
  const created = info.Created.replace('T', ' ').replace(/Z$/, ' +0000 UTC');
  return [
    'Lock Info:',
    `  ID:        ${info.ID}`,
    `  Path:      ${info.Path}`,
    `  Operation: ${info.Operation}`,
    `  Who:       ${info.Who}`,
    `  Version:   ${info.Version}`,
    `  Created:   ${created}`,
    `  Info:      ${info.Info}`,
    '',
  ].join('\n');
}

async function readLock(backend: Backend): Promise<LockInfo> {
  const answer = await s3Client(backend).send(new GetObjectCommand({ Bucket: backend.bucket, Key: lockKey(backend) }));
  return JSON.parse((await answer.Body?.transformToString()) ?? '{}') as LockInfo;
}

function newLock(backend: Backend, operation: string): LockInfo {
  return {
    ID: randomUUID(),
    Operation: operation,
    Info: '',
    Who: `${userInfo().username}@${hostname()}`,
    Version: version,
    Created: new Date().toISOString().replace('Z', '000000Z'),
    Path: `${backend.bucket}/${backend.key}`,
  };
}

async function heldBy(backend: Backend): Promise<string> {
  try {
    return description(await readLock(backend));
  } catch (error) {
    return notRead(backend, error);
  }
}

function notRead(backend: Backend, error: unknown): string {
  return `unable to retrieve file from S3 bucket '${backend.bucket}' with key '${lockKey(backend)}': operation error S3: GetObject, ${errorText(error)}`;
}

/** Takes the state's lock; `release` gives it back. Tries again until the timeout (ms) is over. Throws with the holder's name. */
export async function takeLock(settings: Settings, backend: Backend, operation: string, timeout: number): Promise<() => Promise<void>> {
  if (!backend.useLockFile) return async () => undefined;
  const client = s3Client(backend);
  const info = newLock(backend, operation);
  const target = { Bucket: backend.bucket, Key: lockKey(backend) };
  const deadline = Date.now() + timeout / settings.scale;
  for (let wait = 1000; ; wait = Math.min(wait * 2, 16_000)) {
    try {
      await client.send(new PutObjectCommand({ ...target, Body: JSON.stringify(info), ContentType: 'application/json', IfNoneMatch: '*' }));
      break;
    } catch (error) {
      const held = errorName(error) === 'PreconditionFailed';
      if (held && Date.now() < deadline) {
        await sleep(Math.min(wait / settings.scale, Math.max(1, deadline - Date.now())));
        continue;
      }
      const message = `Error message: operation error S3: PutObject, ${errorText(error)}`;
      throw failure('Error acquiring the state lock', [message, ...(held ? [await heldBy(backend)] : []), '', explanation].join('\n'));
    }
  }
  return async () => {
    await releaseLock(backend, info.ID).catch((error: unknown) => {
      throw failure('Error releasing the state lock', `Error message: ${errorText(error)}`);
    });
  };
}

/** Removes the lock with that id. Throws when it is not there or another one. */
export async function releaseLock(backend: Backend, id: string): Promise<void> {
  const info = await readLock(backend).catch((error: unknown) => {
    throw bareFailure(`Failed to unlock state: ${notRead(backend, error)}`);
  });
  if (info.ID !== id) {
    const reason = `lock ID '${id}' does not match the existing lock ID '${info.ID}'`;
    throw bareFailure(`Failed to unlock state: ${reason}\n${description(info)}\n`);
  }
  await s3Client(backend).send(new DeleteObjectCommand({ Bucket: backend.bucket, Key: lockKey(backend) }));
}
