import type { VaultKubernetesRole } from '../clients/vault-shapes.ts';
import type { Estate } from '../estate/estate.ts';

/** The login that proves an auth method: by which role, with whose token. */
export interface Proof {
  readonly role: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string;
  /** The role where it is ours alone; null where it is one of the primary's. */
  readonly own: VaultKubernetesRole | null;
}

const OWN_ROLE = 'eks-dr-proof';
const AUDIENCE = 'vault';

/**
 * The estate's own proof, or a role of ours for the reviewer's account, which gives no policy at all: at this time no service has come to
 * the cluster, and so none of their accounts.
 */
export function proofOf(
  settings: NonNullable<Estate['vault']>,
  reviewer: { readonly namespace: string; readonly serviceAccount: string },
  roles: readonly { readonly name: string; readonly role: VaultKubernetesRole }[],
): Proof {
  if (settings.proof !== undefined) {
    const { role, namespace, serviceAccount } = settings.proof;
    const audience = roles.find(({ name }) => name === role.toLowerCase())?.role.audience ?? '';
    return { role, namespace, serviceAccount, audience, own: null };
  }
  const { namespace, serviceAccount } = reviewer;
  return { role: OWN_ROLE, namespace, serviceAccount, audience: AUDIENCE, own: ownRole(reviewer) };
}

function ownRole({ namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string }): VaultKubernetesRole {
  return {
    bound_service_account_names: [serviceAccount],
    bound_service_account_namespaces: [namespace],
    bound_service_account_namespace_selector: '',
    audience: AUDIENCE,
    alias_name_source: 'serviceaccount_name',
    token_bound_cidrs: [],
    token_explicit_max_ttl: 0,
    token_max_ttl: 600,
    token_no_default_policy: false,
    token_num_uses: 0,
    token_period: 0,
    token_policies: [],
    token_ttl: 300,
    token_type: 'default',
  };
}
