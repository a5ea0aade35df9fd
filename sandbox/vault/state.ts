/** A mount of an auth method or a secrets engine. Paths have no slash at either end. */
export interface Mount {
  readonly type: 'kubernetes' | 'approle' | 'token' | 'kv';
  readonly accessor: string;
  readonly description: string;
  readonly options: Readonly<Record<string, string>> | null;
}

export interface KubernetesConfig {
  readonly host: string;
  readonly caCert: string;
  readonly reviewerJwt: string;
  readonly disableLocalCaJwt: boolean;
  readonly pemKeys: readonly string[];
  readonly issuer: string;
  readonly disableIssValidation: boolean;
}

/** A role as its endpoint answers it, but for its name. Durations in seconds. */
export interface KubernetesRole {
  readonly bound_service_account_names: readonly string[];
  readonly bound_service_account_namespaces: readonly string[];
  readonly bound_service_account_namespace_selector: string;
  readonly audience: string;
  readonly alias_name_source: string;
  readonly token_bound_cidrs: readonly string[];
  readonly token_explicit_max_ttl: number;
  readonly token_max_ttl: number;
  readonly token_no_default_policy: boolean;
  readonly token_num_uses: number;
  readonly token_period: number;
  readonly token_policies: readonly string[];
  readonly token_ttl: number;
  readonly token_type: string;
}

export interface KubernetesAuth {
  config: KubernetesConfig | null;
  roles: Record<string, KubernetesRole>;
}

/** What an AppRole logs in with. */
export interface AppRole {
  readonly roleId: string;
  readonly secretId: string;
  readonly policies: readonly string[];
  readonly ttl: number;
}

export interface VaultToken {
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly displayName: string;
  readonly path: string;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly renewable: boolean;
  /** Seconds; 0 for a token that never ends. */
  readonly ttl: number;
  readonly createdAt: number;
  /** In ms of sandbox time; null for one that never ends. */
  expiresAt: number | null;
}

/** One version of a secret. Times in ms of sandbox time; `data` is null once it is deleted. */
export interface KvVersion {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly createdAt: number;
  readonly deletedAt: number | null;
}

/** A secret of a KV engine, version 2: its versions, oldest first. */
export interface KvSecret {
  versions: KvVersion[];
}

/** A Vault server, unsealed unless said otherwise. */
export interface VaultState {
  sealed: boolean;
  /** Makes accessors and tokens. */
  counter: number;
  auth: Record<string, Mount>;
  kubernetes: Record<string, KubernetesAuth>;
  approles: Record<string, Record<string, AppRole>>;
  mounts: Record<string, Mount>;
  /** By mount and path: `secret/new-relic`. */
  secrets: Record<string, KvSecret>;
  /** HCL by name; `root` is not among them. */
  policies: Record<string, string>;
  tokens: Record<string, VaultToken>;
}

const DEFAULT_POLICY = `path "auth/token/lookup-self" { capabilities = ["read"] }
path "auth/token/renew-self" { capabilities = ["update"] }
path "auth/token/revoke-self" { capabilities = ["update"] }
path "sys/capabilities-self" { capabilities = ["update"] }
`;

/** As it is after initialisation: the token method and the default policy, nothing else. */
export function emptyVault(): VaultState {
  return {
    sealed: false,
    counter: 0,
    auth: { token: { type: 'token', accessor: 'auth_token_00000000', description: 'token based credentials', options: null } },
    kubernetes: {},
    approles: {},
    mounts: {},
    secrets: {},
    policies: { default: DEFAULT_POLICY },
    tokens: {},
  };
}
