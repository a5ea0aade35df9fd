import { createHash } from 'node:crypto';
import type { CloudFrontState } from './state.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function nextCharacters(state: CloudFrontState, kind: string, length: number): string {
  state.counter += 1;
  const digest = createHash('sha256').update(`${kind}${state.counter}`).digest();
  return [...digest.subarray(0, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** `E1PA6795UKMFR9`, for distributions and ETags alike. */
export function nextId(state: CloudFrontState, kind: 'distribution' | 'etag'): string {
  return `E${nextCharacters(state, kind, 13)}`;
}

export function nextVpcOriginId(state: CloudFrontState): string {
  return `vo_${nextCharacters(state, 'vpc-origin', 22)}`;
}

export function nextDomainName(state: CloudFrontState): string {
  return `d${nextCharacters(state, 'domain', 13).toLowerCase()}.cloudfront.net`;
}
