import type { SandboxResponse } from '../system.ts';
import { loginByAppRole } from './approle-login.ts';
import { disableAuth, enableAuth, listAuth, listMounts, readAuth, readTuning, tune } from './auth-mounts.ts';
import type { Call } from './call.ts';
import { health, sealStatus } from './health.ts';
import { readConfig, writeConfig } from './kubernetes-config.ts';
import { login } from './kubernetes-login.ts';
import { deleteRole, hasRole, listRoles, readRole, roleFields, writeRole } from './kubernetes-roles.ts';
import { deleteSecret, hasSecret, listSecrets, readSecret, writeSecret } from './kv.ts';
import { capabilitiesSelf, deletePolicy, listPolicies, readPolicy, writePolicy } from './policies.ts';
import { lookupSelf, renewSelf, revokeSelf } from './tokens.ts';

export type Verb = 'GET' | 'LIST' | 'POST' | 'DELETE';

interface Handler {
  readonly run: (call: Call) => SandboxResponse;
  /** The members that the body may have; others are refused. */
  readonly body?: readonly string[];
  /** Tells a creation from an update where policies do. Without it, a write is an update. */
  readonly exists?: (call: Call) => boolean;
  /** A write that changes nothing which stays. */
  readonly looks?: boolean;
}

export interface Route {
  /** How faults and logs know it. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Answered without a token, `sealed`: by a sealed server, too. */
  readonly open?: 'unsealed' | 'sealed';
  /** Needs sudo beside the capability. Source: "root protected API endpoints". */
  readonly sudo?: readonly Verb[];
  readonly on: Partial<Readonly<Record<Verb, Handler>>>;
}

const configFields = [
  'kubernetes_host',
  'kubernetes_ca_cert',
  'token_reviewer_jwt',
  'pem_keys',
  'issuer',
  'disable_iss_validation',
  'disable_local_ca_jwt',
];

/** What is served, the more special before the more general. */
export const routes: readonly Route[] = [
  { name: 'sys/health', pattern: /^sys\/health$/, open: 'sealed', on: { GET: { run: health } } },
  { name: 'sys/seal-status', pattern: /^sys\/seal-status$/, open: 'sealed', on: { GET: { run: sealStatus } } },
  { name: 'sys/auth', pattern: /^sys\/auth$/, on: { GET: { run: listAuth } } },
  {
    name: 'sys/auth/{path}/tune',
    pattern: /^sys\/auth\/(?<path>.+)\/tune$/,
    sudo: ['GET', 'POST'],
    on: { GET: { run: readTuning }, POST: { run: tune, body: ['description'] } },
  },
  {
    name: 'sys/auth/{path}',
    pattern: /^sys\/auth\/(?<path>.+)$/,
    sudo: ['GET', 'POST', 'DELETE'],
    on: { GET: { run: readAuth }, POST: { run: enableAuth, body: ['type', 'description', 'config'] }, DELETE: { run: disableAuth } },
  },
  { name: 'sys/mounts', pattern: /^sys\/mounts$/, on: { GET: { run: listMounts } } },
  { name: 'sys/policies/acl', pattern: /^sys\/policies\/acl$/, on: { LIST: { run: listPolicies } } },
  {
    name: 'sys/policies/acl/{name}',
    pattern: /^sys\/policies\/acl\/(?<name>[^/]+)$/,
    on: { GET: { run: readPolicy }, POST: { run: writePolicy, body: ['policy'] }, DELETE: { run: deletePolicy } },
  },
  {
    name: 'sys/capabilities-self',
    pattern: /^sys\/capabilities-self$/,
    on: { POST: { run: capabilitiesSelf, body: ['paths', 'path'], looks: true } },
  },
  { name: 'auth/token/lookup-self', pattern: /^auth\/token\/lookup-self$/, on: { GET: { run: lookupSelf } } },
  {
    name: 'auth/token/renew-self',
    pattern: /^auth\/token\/renew-self$/,
    on: { POST: { run: renewSelf, body: ['increment'], looks: true } },
  },
  { name: 'auth/token/revoke-self', pattern: /^auth\/token\/revoke-self$/, on: { POST: { run: revokeSelf, body: [], looks: true } } },
  {
    name: 'auth/{mount}/config',
    pattern: /^auth\/(?<mount>.+)\/config$/,
    on: { GET: { run: readConfig }, POST: { run: writeConfig, body: configFields } },
  },
  { name: 'auth/{mount}/role', pattern: /^auth\/(?<mount>.+)\/role$/, on: { LIST: { run: listRoles } } },
  {
    name: 'auth/{mount}/role/{name}',
    pattern: /^auth\/(?<mount>.+)\/role\/(?<name>[^/]+)$/,
    on: { GET: { run: readRole }, POST: { run: writeRole, body: roleFields, exists: hasRole }, DELETE: { run: deleteRole } },
  },
  {
    name: 'auth/{mount}/login',
    pattern: /^auth\/(?<mount>.+)\/login$/,
    open: 'unsealed',
    on: {
      POST: {
        run: (call) => (call.state.auth[call.at.mount ?? '']?.type === 'approle' ? loginByAppRole(call) : login(call)),
        body: ['role', 'jwt', 'role_id', 'secret_id'],
        looks: true,
      },
    },
  },
  {
    name: '{mount}/metadata/{path}',
    pattern: /^(?<mount>(?!sys|auth)[^/]+)\/metadata(?:\/(?<path>.*))?$/,
    on: { LIST: { run: listSecrets } },
  },
  {
    name: '{mount}/data/{path}',
    pattern: /^(?<mount>(?!sys|auth)[^/]+)\/data\/(?<path>.+)$/,
    on: {
      GET: { run: readSecret },
      POST: { run: writeSecret, body: ['data', 'options'], exists: hasSecret },
      DELETE: { run: deleteSecret },
    },
  },
];

export interface Match {
  readonly route: Route;
  readonly at: Readonly<Record<string, string>>;
}

export function matchRoute(path: string): Match | null {
  for (const route of routes) {
    const found = route.pattern.exec(path);
    if (found !== null) return { route, at: { ...found.groups } };
  }
  return null;
}
