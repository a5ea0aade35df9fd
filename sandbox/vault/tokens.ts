import type { SandboxResponse } from '../system.ts';
import { type Call, duration, nextId } from './call.ts';
import { answer, done, refuse } from './reply.ts';
import type { VaultState, VaultToken } from './state.ts';

export interface NewToken extends Pick<VaultToken, 'policies' | 'displayName' | 'path' | 'meta' | 'ttl'> {
  readonly maxTtl?: number;
}

/** What the sandbox hands to its callers. No part of it is a word: it must not be mistaken for one in a log. */
export const RUNNER_TOKEN = 'hvs.SANDBOXv4hMzQ0tRk7wYpLc2xNfGs9d';

/** Vault's default: 768 hours. */
const SYSTEM_TTL = 2_764_800;

/** Logs somebody in: the `auth` part of the answer. */
export function issueToken(state: VaultState, now: number, wish: NewToken): SandboxResponse {
  const { displayName, path, meta, maxTtl = 0 } = wish;
  const wanted = wish.ttl === 0 ? SYSTEM_TTL : wish.ttl;
  const ttl = Math.min(wanted, maxTtl === 0 ? SYSTEM_TTL : maxTtl);
  const policies = wish.policies.toSorted();
  const accessor = nextId(state, 24);
  const secret = `hvs.SANDBOX${nextId(state, 24)}`;
  state.tokens[secret] = { accessor, policies, displayName, path, meta, renewable: true, ttl, createdAt: now, expiresAt: now + ttl * 1000 };
  return answer({
    auth: {
      client_token: secret,
      accessor,
      policies,
      token_policies: policies,
      metadata: meta,
      lease_duration: ttl,
      renewable: true,
      entity_id: '',
      token_type: 'service',
      orphan: true,
      mfa_requirement: null,
      num_uses: 0,
    },
  });
}

/** The token that a request carries; null for one that is unknown or has ended. */
export function liveToken(state: VaultState, secret: string | undefined, now: number): VaultToken | null {
  const token = secret === undefined ? undefined : state.tokens[secret];
  return token === undefined || (token.expiresAt !== null && token.expiresAt <= now) ? null : token;
}

function own({ token }: Call): VaultToken {
  return token ?? refuse(403, 'permission denied');
}

export function lookupSelf(call: Call): SandboxResponse {
  const token = own(call);
  const left = token.expiresAt === null ? 0 : Math.max(0, Math.round((token.expiresAt - call.sandbox.clock.now()) / 1000));
  return answer({
    data: {
      accessor: token.accessor,
      creation_time: Math.round(token.createdAt / 1000),
      creation_ttl: token.ttl,
      display_name: token.displayName,
      entity_id: '',
      expire_time: token.expiresAt === null ? null : new Date(token.expiresAt).toISOString(),
      explicit_max_ttl: 0,
      id: '',
      meta: token.meta,
      num_uses: 0,
      orphan: true,
      path: token.path,
      policies: token.policies,
      renewable: token.renewable,
      ttl: left,
      type: 'service',
    },
  });
}

export function renewSelf(call: Call): SandboxResponse {
  const token = own(call);
  if (!token.renewable || token.expiresAt === null) refuse(400, 'lease is not renewable');
  const ttl = Math.min(duration(call, 'increment', token.ttl), SYSTEM_TTL);
  token.expiresAt = call.sandbox.clock.now() + ttl * 1000;
  return answer({
    auth: {
      client_token: '',
      accessor: token.accessor,
      policies: token.policies,
      token_policies: token.policies,
      metadata: token.meta,
      lease_duration: ttl,
      renewable: true,
      entity_id: '',
      token_type: 'service',
      orphan: true,
      mfa_requirement: null,
      num_uses: 0,
    },
  });
}

export function revokeSelf(call: Call): SandboxResponse {
  const { accessor } = own(call);
  const secret = Object.keys(call.state.tokens).find((one) => call.state.tokens[one]?.accessor === accessor);
  if (secret !== undefined) delete call.state.tokens[secret];
  return done;
}
