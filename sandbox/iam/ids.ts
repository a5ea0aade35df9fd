import { createHash } from 'node:crypto';
import type { IamState } from './state.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id in IAM's form: a prefix for the kind (`AROA` role, `ANPA` policy, `ASIA` temporary key) and 16 or 17 characters. */
export function nextIamId(iam: IamState, prefix: string): string {
  iam.counter += 1;
  const digest = createHash('sha256').update(`${prefix}${iam.counter}`).digest();
  return `${prefix}${[...digest.subarray(0, prefix.startsWith('AS') ? 16 : 17)].map((byte) => alphabet[byte % 32]).join('')}`;
}
