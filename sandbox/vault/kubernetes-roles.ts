import type { SandboxResponse } from '../system.ts';
import { type Call, duration, flag, list, text } from './call.ts';
import { methodOf } from './kubernetes-config.ts';
import { absent, answer, done, keys, refuse } from './reply.ts';
import type { KubernetesRole } from './state.ts';

const blank: KubernetesRole = {
  bound_service_account_names: [],
  bound_service_account_namespaces: [],
  bound_service_account_namespace_selector: '',
  audience: '',
  alias_name_source: 'serviceaccount_uid',
  token_bound_cidrs: [],
  token_explicit_max_ttl: 0,
  token_max_ttl: 0,
  token_no_default_policy: false,
  token_num_uses: 0,
  token_period: 0,
  token_policies: [],
  token_ttl: 0,
  token_type: 'default',
};

/** Everything that a role's endpoint takes. */
export const roleFields: readonly string[] = Object.keys(blank);

const TOKEN_TYPES = ['', 'default', 'service', 'batch', 'default-service', 'default-batch'];
const NO_AUDIENCE = 'This role does not specify an audience. In a future version of Vault, specifying an audience will be required.';

const nameOf = (call: Call): string => (call.at.name ?? '').toLowerCase();

export function hasRole(call: Call): boolean {
  return call.state.kubernetes[call.at.mount ?? '']?.roles[nameOf(call)] !== undefined;
}

export function listRoles(call: Call): SandboxResponse {
  return keys(Object.keys(methodOf(call).roles));
}

export function readRole(call: Call): SandboxResponse {
  const role = methodOf(call).roles[nameOf(call)];
  if (role === undefined) return absent();
  const { audience, ...others } = role;
  return answer({ data: audience === '' ? others : { ...others, audience } });
}

export function deleteRole(call: Call): SandboxResponse {
  delete methodOf(call).roles[nameOf(call)];
  return done;
}

/** Makes a role, or changes the fields of one that are given. */
export function writeRole(call: Call): SandboxResponse {
  const { roles } = methodOf(call);
  const before = roles[nameOf(call)] ?? blank;
  const role: KubernetesRole = {
    bound_service_account_names: list(call, 'bound_service_account_names') ?? before.bound_service_account_names,
    bound_service_account_namespaces: list(call, 'bound_service_account_namespaces') ?? before.bound_service_account_namespaces,
    // The one field that falls back when it is left out.
    bound_service_account_namespace_selector: text(call, 'bound_service_account_namespace_selector'),
    audience: text(call, 'audience', before.audience),
    alias_name_source: text(call, 'alias_name_source', before.alias_name_source) || blank.alias_name_source,
    token_bound_cidrs: list(call, 'token_bound_cidrs') ?? before.token_bound_cidrs,
    token_explicit_max_ttl: duration(call, 'token_explicit_max_ttl', before.token_explicit_max_ttl),
    token_max_ttl: duration(call, 'token_max_ttl', before.token_max_ttl),
    token_no_default_policy: flag(call, 'token_no_default_policy', before.token_no_default_policy),
    token_num_uses: duration(call, 'token_num_uses', before.token_num_uses),
    token_period: duration(call, 'token_period', before.token_period),
    token_policies: list(call, 'token_policies') ?? before.token_policies,
    token_ttl: duration(call, 'token_ttl', before.token_ttl),
    token_type: text(call, 'token_type', before.token_type) || blank.token_type,
  };
  refuseWrong(role);
  roles[nameOf(call)] = role;
  return role.audience.trim() === '' ? answer({ warnings: [NO_AUDIENCE] }) : done;
}

function refuseWrong(role: KubernetesRole): void {
  const { bound_service_account_names: names, bound_service_account_namespaces: namespaces } = role;
  if (!TOKEN_TYPES.includes(role.token_type)) refuse(400, `invalid value for token_type: ${role.token_type}`);
  if (role.token_max_ttl > 0 && role.token_ttl > role.token_max_ttl) refuse(400, 'token ttl should not be greater than token max ttl');
  if (names.length === 0) refuse(400, '"bound_service_account_names" can not be empty');
  if (names.length > 1 && names.includes('*')) refuse(400, 'can not mix "*" with values');
  if (namespaces.length === 0 && role.bound_service_account_namespace_selector === '')
    refuse(400, '"bound_service_account_namespaces" can not be empty if "bound_service_account_namespace_selector" is not set');
  if (namespaces.length > 1 && namespaces.includes('*')) refuse(400, 'can not mix "*" with values');
  if (!['serviceaccount_uid', 'serviceaccount_name'].includes(role.alias_name_source))
    refuse(400, `unknown alias_name_source "${role.alias_name_source}"`);
}
