import type { SandboxRequest } from '../system.ts';
import type { World } from '../world.ts';
import { type Refusal, refusal } from './auth-errors.ts';
import type { AwsFault } from './fault.ts';
import { bodyMatches, parseAmzDate, parseSignature, type Signature, signatureMatches } from './signature.ts';

const minute = 60_000;

/**
 * How far a request's time may be from ours, in milliseconds: five minutes for most services, as the guide to Signature Version 4
 * says, more for some.
 */
export function maximumSkew(service: string): number {
  return ['ec2', 'iam', 'sts', 's3'].includes(service) ? 15 * minute : 5 * minute;
}

export type Authentication =
  | { readonly ok: true; readonly scope: NonNullable<SandboxRequest['scope']> }
  | { readonly ok: false; readonly service: string; readonly fault: AwsFault };

interface Times {
  /** Wall clock (ms): clients sign with their own clock. */
  readonly wall: number;
  /** Sandbox time (ms): temporary keys expire in it. */
  readonly sandbox: number;
}

function refuse(service: string, reason: Refusal): Authentication {
  return { ok: false, service, fault: refusal(service, reason) };
}

function timeProblem({ timestamp, date, service, presigned, expires = 0 }: Signature, wall: number): boolean {
  const at = parseAmzDate(timestamp);
  if (Number.isNaN(at) || timestamp.slice(0, 8) !== date) return true;
  const skew = maximumSkew(service);
  // Only S3 goes by X-Amz-Expires: to the other services a presigned request is like any.
  if (presigned && service === 's3') return at - wall > skew || wall > at + expires * 1000;
  return Math.abs(wall - at) > skew;
}

/** Who signed the request, or the refusal in the words of the service it was meant for. */
export function authenticate(world: World, request: SandboxRequest, times: Times): Authentication {
  const signature = parseSignature(request);
  if (signature === null) return refuse('', 'missing');
  if (signature === 'incomplete') return refuse('', 'incomplete');
  const { accessKeyId, region, service } = signature;
  const key = world.iam.accessKeys[accessKeyId];
  if (!key) return refuse(service, 'unknown-key');
  if (!signature.signedHeaders.includes('host')) return refuse(service, 'incomplete');
  if (timeProblem(signature, times.wall)) return refuse(service, 'skewed');
  if (key.sessionToken !== undefined && key.sessionToken !== signature.sessionToken) return refuse(service, 'wrong-token');
  if (!signatureMatches(request, signature, key.secret) || !bodyMatches(request, signature)) return refuse(service, 'wrong-signature');
  if (key.expiresAt !== undefined && key.expiresAt <= times.sandbox) return refuse(service, 'expired-token');
  return { ok: true, scope: { accessKeyId, region, service } };
}
