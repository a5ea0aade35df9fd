import type { Sandbox } from '../system.ts';
import { type Refusal, refuse } from './reply.ts';
import type { GitLabUser } from './state.ts';

export type RateHeaders = Readonly<Record<string, string>>;

/** GitLab.com's limit for authenticated API traffic of one user. */
const REQUESTS_PER_MINUTE = 2_000;

/** Archives of one project that one user may download in a minute, whatever else they ask. */
const ARCHIVES_PER_MINUTE = 5;

/** Counts an archive, or refuses it with 429. */
export function countArchive({ world, clock }: Sandbox, user: GitLabUser, project: string): void {
  const minute = Math.floor(clock.now() / 60_000);
  world.gitlab.archives ??= {};
  const { archives } = world.gitlab;
  const key = `${user.username} ${project}`;
  const before = archives[key];
  const count = before?.minute === minute ? before.count + 1 : 1;
  archives[key] = { minute, count };
  const error = 'This archive has been requested too many times. Try again later.';
  if (count > ARCHIVES_PER_MINUTE) refuse(429, { message: { error } });
}

/** Counts a request; gives the `ratelimit-*` headers, or refuses with 429 as plain text. Minutes are of sandbox time. */
export function countRequest({ world, clock }: Sandbox, user: GitLabUser): RateHeaders {
  const minute = Math.floor(clock.now() / 60_000);
  const { requests } = world.gitlab;
  const before = requests[user.username];
  const count = before?.minute === minute ? before.count + 1 : 1;
  requests[user.username] = { minute, count };
  const headers = {
    'ratelimit-limit': String(REQUESTS_PER_MINUTE),
    'ratelimit-name': 'throttle_authenticated_api',
    'ratelimit-observed': String(count),
    'ratelimit-remaining': String(Math.max(0, REQUESTS_PER_MINUTE - count)),
    'ratelimit-reset': String((minute + 1) * 60),
  };
  if (count <= REQUESTS_PER_MINUTE) return headers;
  const wait = Math.max(1, Math.ceil(((minute + 1) * 60_000 - clock.now()) / 1000 / clock.scale));
  const refusal = {
    status: 429,
    headers: { ...headers, 'retry-after': String(wait), 'content-type': 'text/plain' },
    body: 'Retry later\n',
  };
  throw Object.assign(new Error('429 Retry later'), { refusal }) satisfies Refusal;
}
