import type { KubernetesRole } from '../vault/state.ts';
import { RUNNER_TOKEN } from '../vault/tokens.ts';
import type { World } from '../world.ts';
import { BORN, PRIMARY_SERVER, PROJECTS } from './names.ts';
import type { Service } from './services.ts';

/** The Kubernetes auth method of the primary. */
export const PRIMARY_MOUNT = 'kubernetes/shop-prod';
const ACCESSOR = 'auth_kubernetes_5h0ppr0d';

/** What the runner of a recovery may do in Vault, and no more. */
const RUNNER_POLICY = `# What others have is only read.
path "sys/auth" { capabilities = ["read"] }
path "auth/${PRIMARY_MOUNT}/role" { capabilities = ["list"] }
path "auth/${PRIMARY_MOUNT}/role/*" { capabilities = ["read"] }
path "sys/policies/acl" { capabilities = ["list"] }
path "sys/policies/acl/*" { capabilities = ["read"] }
path "secret/data/platform/*" { capabilities = ["read"] }
# The method of each recovery is its own.
path "sys/auth/kubernetes-shop-*" { capabilities = ["create", "read", "update", "delete", "sudo"] }
path "auth/kubernetes-shop-*" { capabilities = ["create", "read", "update", "delete", "list"] }
`;

/** The company's Vault: a role for each service, policies by team, a few secrets, and an AppRole for the runner of recoveries. */
export function seedVault(world: World, services: readonly Service[]): void {
  const { vault } = world;
  vault.auth[PRIMARY_MOUNT] = { type: 'kubernetes', accessor: ACCESSOR, description: 'Services on shop-prod', options: null };
  vault.auth.approle = { type: 'approle', accessor: 'auth_approle_a99r01e0', description: '', options: null };
  vault.mounts.secret = { type: 'kv', accessor: 'kv_5ecre7', description: 'Secrets of the services', options: { version: '2' } };
  vault.kubernetes[PRIMARY_MOUNT] = {
    config: {
      host: PRIMARY_SERVER,
      caCert: '',
      reviewerJwt: '',
      disableLocalCaJwt: true,
      pemKeys: [],
      issuer: '',
      disableIssValidation: true,
    },
    roles: Object.fromEntries(services.map((service, index) => [service.name, roleOf(service, index)])),
  };
  const teams = [...new Set(services.map(({ team }) => team))];
  for (const team of teams) {
    vault.policies[`${team}-read`] = `path "secret/data/${team}/*" { capabilities = ["read"] }\n`;
    vault.secrets[`secret/${team}/database`] = {
      versions: [{ data: { password: `sandbox-${team}-password` }, createdAt: BORN, deletedAt: null }],
    };
  }
  // Whoever logs in by this method reads below the namespace that it comes from.
  vault.policies['own-namespace'] =
    `path "secret/data/{{identity.entity.aliases.${ACCESSOR}.metadata.service_account_namespace}}/*" { capabilities = ["read"] }\n`;
  vault.policies['eks-dr-runner'] = RUNNER_POLICY;
  vault.secrets['secret/platform/new-relic'] = {
    versions: [{ data: { licence: 'sandbox-licence-key' }, createdAt: BORN, deletedAt: null }],
  };
  vault.approles.approle = {
    'eks-dr': { roleId: 'sandbox-role-id', secretId: 'sandbox-secret-id', policies: ['eks-dr-runner'], ttl: 3600 },
  };
  vault.tokens[RUNNER_TOKEN] = {
    accessor: 'runner',
    policies: ['default', 'eks-dr-runner'],
    displayName: 'token-eks-dr-runner',
    path: 'auth/token/create',
    meta: null,
    renewable: false,
    ttl: 0,
    createdAt: BORN,
    expiresAt: null,
  };
}

/** No two are quite alike: audiences, lifetimes and what an alias is named after differ, as they do after years. */
function roleOf({ name, namespace, team, project }: Service, index: number): KubernetesRole {
  const hours = (count: number): number => count * 3600;
  return {
    bound_service_account_names: [name],
    bound_service_account_namespaces: index % 10 === 9 ? [namespace, `${namespace}-jobs`] : [namespace],
    bound_service_account_namespace_selector: '',
    audience: index % 3 === 0 ? 'vault' : '',
    alias_name_source: index % 4 === 0 ? 'serviceaccount_name' : 'serviceaccount_uid',
    token_bound_cidrs: [],
    token_explicit_max_ttl: 0,
    token_max_ttl: index % 2 === 0 ? hours(24) : 0,
    token_no_default_policy: false,
    token_num_uses: 0,
    token_period: 0,
    token_policies: (project === PROJECTS[0] ? ['own-namespace', `${team}-read`] : [`${team}-read`]).toSorted(),
    token_ttl: hours(1),
    token_type: 'default',
  };
}
