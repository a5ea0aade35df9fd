import { jsonError } from '../aws/rest-json.ts';
import type { SandboxResponse } from '../system.ts';
import type { ApiGatewayRegion } from './state.ts';

export interface Quota {
  readonly perSecond: number;
  readonly burst: number;
}

/** All requests of an account in a region, of both versions together. */
export const allRequests: Quota = { perSecond: 10, burst: 40 };

/** Operations with a quota of their own, as the quotas of API Gateway list them; none can be raised. */
export const quotas: Readonly<Record<string, Quota>> = {
  CreateDeployment: { perSecond: 1 / 5, burst: 1 },
  CreateDomainName: { perSecond: 1 / 30, burst: 1 },
  CreateResource: { perSecond: 5, burst: 5 },
  CreateRestApi: { perSecond: 1 / 3, burst: 1 },
  'CreateVpcLink (v2)': { perSecond: 1 / 15, burst: 1 },
  DeleteDomainName: { perSecond: 1 / 30, burst: 1 },
  DeleteRestApi: { perSecond: 1 / 30, burst: 1 },
  'DeleteVpcLink (v2)': { perSecond: 1 / 30, burst: 1 },
  GetResources: { perSecond: 5 / 2, burst: 5 },
  UpdateDomainName: { perSecond: 1 / 30, burst: 1 },
};

/** Milliseconds until the bucket has a token again; 0 when it had one, which is taken. */
function take(state: ApiGatewayRegion, name: string, { perSecond, burst }: Quota, now: number): number {
  const bucket = state.buckets[name] ?? { tokens: burst, at: now };
  const at = Math.max(now, bucket.at);
  const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
  // What a wait of exactly the time told brings back must be enough, in spite of rounding.
  const enough = tokens >= 1 - 1e-6;
  state.buckets[name] = { tokens: enough ? tokens - 1 : tokens, at };
  return enough ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
}

/** Counts a request; the refusal when there were too many. Times are those of the sandbox. */
export function overQuota(state: ApiGatewayRegion, version: 1 | 2, name: string, now: number): SandboxResponse | null {
  const own = version === 2 && `${name} (v2)` in quotas ? `${name} (v2)` : name;
  const quota = quotas[own];
  const wait = take(state, 'all', allRequests, now) || (quota === undefined ? 0 : take(state, own, quota, now));
  if (wait === 0) return null;
  const refusal = jsonError('TooManyRequestsException', 429, 'Too Many Requests');
  return version === 2 ? refusal : { ...refusal, headers: { ...refusal.headers, 'retry-after': String(Math.ceil(wait / 1000)) } };
}
