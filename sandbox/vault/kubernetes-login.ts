import { userOfToken } from '../kubernetes/authenticate.ts';
import { may } from '../kubernetes/authorize.ts';
import { clusterOfEndpoint, contextOf } from '../kubernetes/clusters.ts';
import type { SandboxResponse } from '../system.ts';
import { type Call, text } from './call.ts';
import { methodOf } from './kubernetes-config.ts';
import { refuse } from './reply.ts';
import type { KubernetesConfig, KubernetesRole } from './state.ts';
import { issueToken } from './tokens.ts';

interface Claims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly secret: string;
  readonly audiences: readonly string[];
  readonly expiresAt: number | null;
}

/** A login with the token of a service account: what it says is held against the role, then the cluster is asked whether it is true. */
export function login(call: Call): SandboxResponse {
  const roleName = text(call, 'role') || refuse(400, 'missing role');
  const jwt = text(call, 'jwt') || refuse(400, 'missing jwt');
  const { roles, config } = methodOf(call);
  const role = roles[roleName.toLowerCase()] ?? refuse(400, `invalid role name "${roleName}"`);
  if (config === null) return refuse(500, '1 error occurred:\n\t* could not load backend configuration\n\n');
  const claims = claimsOf(jwt) ?? refuse(403, 'error decoding token');
  refuseByRole(role, claims, call.sandbox.clock.now());
  if (!isTrue(call, config, jwt, role.audience === '' ? claims.audiences : [role.audience])) return refuse(403, 'permission denied');
  const { namespace, name, uid, secret } = claims;
  return issueToken(call.state, call.sandbox.clock.now(), {
    policies: [...new Set([...(role.token_no_default_policy ? [] : ['default']), ...role.token_policies])],
    displayName: `${call.at.mount}-${namespace}-${name}`,
    path: `auth/${call.at.mount}/login`,
    meta: {
      role: roleName,
      service_account_name: name,
      service_account_namespace: namespace,
      service_account_secret_name: secret,
      service_account_uid: uid,
    },
    ttl: role.token_ttl,
    maxTtl: role.token_max_ttl,
  });
}

function claimsOf(jwt: string): Claims | null {
  try {
    const payload = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as Record<string, unknown>;
    const bound = payload['kubernetes.io'] as { namespace?: string; serviceaccount?: { name?: string; uid?: string } } | undefined;
    const legacy = (field: string): string => String(payload[`kubernetes.io/serviceaccount/${field}`] ?? '');
    return {
      namespace: bound?.namespace ?? legacy('namespace'),
      name: bound?.serviceaccount?.name ?? legacy('service-account.name'),
      uid: bound?.serviceaccount?.uid ?? legacy('service-account.uid'),
      secret: legacy('secret.name'),
      audiences: Array.isArray(payload.aud) ? payload.aud.map(String) : [],
      expiresAt: typeof payload.exp === 'number' ? payload.exp * 1000 : null,
    };
  } catch {
    return null;
  }
}

function refuseByRole(role: KubernetesRole, claims: Claims, now: number): void {
  const allows = (patterns: readonly string[], value: string): boolean =>
    patterns.some((pattern) => new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(value));
  if (claims.expiresAt !== null && claims.expiresAt <= now) refuse(403, 'invalid expiration time (exp) claim: token is expired');
  if (role.audience !== '' && !claims.audiences.includes(role.audience))
    refuse(403, 'invalid audience (aud) claim: audience claim does not match any expected audience');
  if (!allows(role.bound_service_account_names, claims.name)) refuse(403, 'service account name not authorized');
  if (!allows(role.bound_service_account_namespaces, claims.namespace)) refuse(403, 'namespace not authorized');
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&');

/** The TokenReview that Vault makes: by the reviewer's token, over TLS with the CA of the configuration. */
function isTrue({ sandbox }: Call, config: KubernetesConfig, jwt: string, audiences: readonly string[]): boolean {
  const ref = clusterOfEndpoint(sandbox, config.host);
  const context = ref === null || sandbox.cutOff(ref) ? null : contextOf(sandbox, ref);
  if (context === null || config.caCert.trim() !== sandbox.ca.trim()) return false;
  const { cluster } = context;
  const reviewer = userOfToken(sandbox, cluster, config.reviewerJwt === '' ? jwt : config.reviewerJwt);
  if (reviewer === null) return false;
  const review = {
    verb: 'create',
    group: 'authentication.k8s.io',
    resource: 'tokenreviews',
    subresource: '',
    namespace: undefined,
    name: '',
  };
  if (!may(cluster, reviewer, review)) return false;
  return userOfToken(sandbox, cluster, jwt, ...(audiences.length === 0 ? [] : [audiences])) !== null;
}
