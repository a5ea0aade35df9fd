import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { Estate } from '../estate/estate.ts';
import type { Clock } from '../kit/clock.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { ANSWER_SECONDS } from './limits.ts';
import { createVaultCall, orAbsent, type VaultCall } from './vault-call.ts';
import {
  type VaultHealth,
  type VaultKubernetesConfig,
  type VaultKubernetesRole,
  type VaultMount,
  type VaultSelf,
  vaultCapabilities,
  vaultHealth,
  vaultKeys,
  vaultKubernetesConfig,
  vaultKubernetesRole,
  vaultLogin,
  vaultMounts,
  vaultPolicy,
  vaultSelf,
  wrapped,
} from './vault-shapes.ts';

export type { VaultHealth, VaultKubernetesConfig, VaultKubernetesRole, VaultMount, VaultSelf } from './vault-shapes.ts';

/**
 * Vault's API, as far as a recovery needs it. Mounts are paths without `auth/` and without slashes at their ends. Failures are EksDrErrors:
 * `permission-denied` (403: the token, or its policies), `conflict` (a mount in use), `remote-unavailable` (network, 5xx, sealed).
 */
export interface Vault {
  /** The address, without a trailing slash. */
  readonly url: string;
  /** Needs no token; answered by a sealed server, too. */
  health(): Promise<VaultHealth>;
  /** The token that we ask with. */
  self(): Promise<VaultSelf>;
  /** What the token may do, by path. */
  capabilities(paths: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  authMount(mount: string): Promise<VaultMount | null>;
  enableKubernetesAuth(mount: string, description: string): Promise<void>;
  describeAuth(mount: string, description: string): Promise<void>;
  /** With everything in it, and every token that it gave. An absent mount is fine. */
  disableAuth(mount: string): Promise<void>;
  kubernetesConfig(mount: string): Promise<VaultKubernetesConfig | null>;
  writeKubernetesConfig(mount: string, config: VaultKubernetesConfig & { readonly token_reviewer_jwt: string }): Promise<void>;
  kubernetesRoles(mount: string): Promise<readonly string[]>;
  kubernetesRole(mount: string, name: string): Promise<VaultKubernetesRole | null>;
  writeKubernetesRole(mount: string, name: string, role: VaultKubernetesRole): Promise<void>;
  deleteKubernetesRole(mount: string, name: string): Promise<void>;
  /** Logs in and out again. `permission-denied`: Vault or the cluster did not believe the token. */
  proveKubernetesLogin(mount: string, role: string, jwt: string): Promise<void>;
  policies(): Promise<readonly string[]>;
  policy(name: string): Promise<string | null>;
  /** What lies at a path, of a KV engine of version 1 or 2, as the path says; null for nothing. */
  secret(path: string): Promise<Readonly<Record<string, unknown>> | null>;
}

export interface VaultOptions {
  readonly estate: Pick<Estate, 'vault'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly answerSeconds?: number | undefined;
}

type Api = ReturnType<typeof import('node-vault')>;

/** What `request` of node-vault, unlike its other calls, does not take from the connection by itself. */
interface RequestOptions {
  readonly timeout: number;
  readonly ca?: string;
}

/** Enough for 150 roles in a moment, few enough that others are served as well. */
const IN_FLIGHT = 16;

/** Connects with VAULT_TOKEN, or logs in by VAULT_ROLE_ID and VAULT_SECRET_ID (AppRole). VAULT_ADDR and VAULT_NAMESPACE win over the estate. */
export async function connectVault(options: VaultOptions): Promise<Vault> {
  const { estate, environment, clock, log, signal, answerSeconds = ANSWER_SECONDS } = options;
  const url = vaultAddress(estate, environment);
  const ca = environment.VAULT_CACERT;
  const requestOptions = { timeout: answerSeconds * 1000, ...(ca === undefined || ca === '' ? {} : { ca: await readCa(ca) }) };
  const { default: nodeVault } = await import('node-vault');
  const api = nodeVault({
    endpoint: url,
    namespace: environment.VAULT_NAMESPACE ?? estate.vault?.namespace ?? '',
    token: environment.VAULT_TOKEN ?? '',
    // Some proxies and load balancers let no verb but the usual ones pass.
    noCustomHTTPVerbs: true,
    // The package's own would print what is written where DEBUG is set.
    debug: () => {},
    requestOptions,
  });
  const call = createVaultCall({ url, clock, signal, warn: log.warn });
  if ((environment.VAULT_TOKEN ?? '') === '') api.token = await appRoleToken(api, call, estate, environment);
  return createVault(url, api, call, requestOptions);
}

/** Throws `input-invalid` where nobody names it. */
export function vaultAddress(estate: Pick<Estate, 'vault'>, environment: NodeJS.ProcessEnv): string {
  const address = environment.VAULT_ADDR ?? estate.vault?.address;
  if (address !== undefined && address !== '') return address.replace(/\/+$/, '');
  throw new EksDrError('input-invalid', {
    message: 'Vault is needed, but the estate has no part vault and VAULT_ADDR is not set.',
    target: 'vault.address',
    remedy: 'Describe Vault in the estate, then start again.',
  });
}

async function readCa(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EksDrError('input-unreadable', { message: `VAULT_CACERT names ${path}, which can't be read.`, target: path, cause });
  });
}

async function appRoleToken(api: Api, call: VaultCall, estate: Pick<Estate, 'vault'>, environment: NodeJS.ProcessEnv): Promise<string> {
  const { VAULT_ROLE_ID: role_id = '', VAULT_SECRET_ID: secret_id = '' } = environment;
  if (role_id === '' || secret_id === '') {
    throw new EksDrError('credentials-missing', {
      message: 'Neither VAULT_TOKEN nor VAULT_ROLE_ID with VAULT_SECRET_ID is set, so Vault cannot be used.',
      target: 'VAULT_TOKEN',
      remedy: 'Set VAULT_TOKEN, or both of the AppRole, then start again.',
    });
  }
  const mount = estate.vault?.appRoleMount ?? 'approle';
  const { auth } = await call.read(`log in by AppRole at auth/${mount}`, vaultLogin, () =>
    api.write(`auth/${mount}/login`, { role_id, secret_id }),
  );
  return auth.client_token;
}

function createVault(url: string, api: Api, { read, write }: VaultCall, requestOptions: RequestOptions): Vault {
  const inFlight = pLimit(IN_FLIGHT);
  const get = <T extends z.ZodType>(what: string, data: T, path: string): Promise<z.infer<T>> =>
    inFlight(async () => ((await read(what, wrapped(data), () => api.read(path))) as { readonly data: z.infer<T> }).data);
  const post = (what: string, path: string, body: object): Promise<void> => inFlight(() => write(what, () => api.write(path, body)));
  const remove = (what: string, path: string): Promise<void> => inFlight(() => write(what, () => api.delete(path)));
  const list = async (what: string, path: string): Promise<readonly string[]> =>
    (await orAbsent(inFlight(() => read(what, wrapped(vaultKeys), () => api.list(path)))))?.data.keys ?? [];

  return {
    url,
    // Answered by its status, which node-vault does not take for a failure.
    health: () => read('tell how it is', vaultHealth, () => api.request({ ...requestOptions, path: '/sys/health', method: 'GET' })),
    self: () => get('look up our token', vaultSelf, 'auth/token/lookup-self'),
    async capabilities(paths) {
      const send = (): Promise<unknown> => api.write('sys/capabilities-self', { paths });
      return (await inFlight(() => read('tell what we may do', wrapped(vaultCapabilities), send))).data;
    },
    async authMount(mount) {
      const mounts = await get('list the auth methods', vaultMounts, 'sys/auth');
      return mounts[`${mount}/`] ?? null;
    },
    enableKubernetesAuth: (mount, description) =>
      post(`enable the auth method at auth/${mount}`, `sys/auth/${mount}`, { type: 'kubernetes', description }),
    describeAuth: (mount, description) => post(`describe auth/${mount}`, `sys/auth/${mount}/tune`, { description }),
    disableAuth: (mount) => remove(`disable the auth method at auth/${mount}`, `sys/auth/${mount}`),
    kubernetesConfig: (mount) => orAbsent(get(`read the configuration of auth/${mount}`, vaultKubernetesConfig, `auth/${mount}/config`)),
    writeKubernetesConfig: (mount, config) => post(`configure auth/${mount}`, `auth/${mount}/config`, config),
    kubernetesRoles: (mount) => list(`list the roles of auth/${mount}`, `auth/${mount}/role`),
    kubernetesRole: (mount, name) =>
      orAbsent(get(`read the role ${name} of auth/${mount}`, vaultKubernetesRole, `auth/${mount}/role/${name}`)),
    writeKubernetesRole: (mount, name, role) => post(`write the role ${name} of auth/${mount}`, `auth/${mount}/role/${name}`, role),
    deleteKubernetesRole: (mount, name) => remove(`delete the role ${name} of auth/${mount}`, `auth/${mount}/role/${name}`),
    async proveKubernetesLogin(mount, role, jwt) {
      const { auth } = await inFlight(() =>
        read(`log in at auth/${mount} as ${role}`, vaultLogin, () => api.write(`auth/${mount}/login`, { role, jwt })),
      );
      const headers = { 'X-Vault-Token': auth.client_token };
      await write('revoke the token of the login', () =>
        api.request({ ...requestOptions, path: '/auth/token/revoke-self', method: 'POST', headers, json: {} }),
      );
    },
    policies: () => list('list the policies', 'sys/policies/acl'),
    policy: async (name) => (await orAbsent(get(`read the policy ${name}`, vaultPolicy, `sys/policies/acl/${name}`)))?.policy ?? null,
    secret: (path) => orAbsent(get(`read ${path}`, z.record(z.string(), z.unknown()), path)),
  };
}
