import * as z from 'zod';

const strings = z
  .array(z.string())
  .nullish()
  .transform((value) => value ?? []);

/** What an answer of Vault wraps its content in. `warnings` are no errors. */
export function wrapped<T extends z.ZodType>(data: T) {
  return z.object({ data, warnings: strings });
}

export const vaultHealth = z.object({ initialized: z.boolean(), sealed: z.boolean(), version: z.string() });

export const vaultMounts = z.record(z.string(), z.object({ type: z.string(), accessor: z.string(), description: z.string() }).loose());

export const vaultKeys = z.object({ keys: z.array(z.string()) });

/** Never gives the reviewer's token back. */
export const vaultKubernetesConfig = z.object({
  kubernetes_host: z.string(),
  kubernetes_ca_cert: z.string(),
  disable_local_ca_jwt: z.boolean(),
});

const seconds = z.number().int().nonnegative();

/** The fields of a role that may be written; deprecated twins of them (`policies`, `ttl` ...) are dropped. Durations in seconds. */
export const vaultKubernetesRole = z.object({
  bound_service_account_names: strings,
  bound_service_account_namespaces: strings,
  bound_service_account_namespace_selector: z.string().default(''),
  audience: z.string().default(''),
  alias_name_source: z.string().default('serviceaccount_uid'),
  token_bound_cidrs: strings,
  token_explicit_max_ttl: seconds.default(0),
  token_max_ttl: seconds.default(0),
  token_no_default_policy: z.boolean().default(false),
  token_num_uses: seconds.default(0),
  token_period: seconds.default(0),
  token_policies: strings,
  token_ttl: seconds.default(0),
  token_type: z.string().default('default'),
});

export const vaultPolicy = z.object({ policy: z.string() });

export const vaultCapabilities = z.record(z.string(), z.array(z.string()));

export const vaultSelf = z.object({ ttl: seconds, renewable: z.boolean().default(false), policies: strings });

export const vaultLogin = z.object({ auth: z.object({ client_token: z.string().min(1), policies: strings }) });

export type VaultHealth = z.infer<typeof vaultHealth>;
export type VaultMount = z.infer<typeof vaultMounts>[string];
export type VaultKubernetesConfig = z.infer<typeof vaultKubernetesConfig>;
export type VaultKubernetesRole = z.infer<typeof vaultKubernetesRole>;
export type VaultSelf = z.infer<typeof vaultSelf>;
