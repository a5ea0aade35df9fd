import * as z from 'zod';
import { httpUrl, kubernetesName } from './common.ts';

/** A path in Vault: segments, no slash at either end. */
const vaultPath = z
  .string()
  .regex(/^[^/\s]+(\/[^/\s]+)*$/, 'must be a path without a slash at its ends, such as kubernetes or k8s/shop-prod');

/** How the services of the cluster log in to Vault. Credentials: VAULT_TOKEN, or VAULT_ROLE_ID with VAULT_SECRET_ID (AppRole). */
export const vault = z.strictObject({
  address: httpUrl.describe('VAULT_ADDR in the environment wins.'),
  namespace: z
    .string()
    .min(1)
    .optional()
    .describe('The namespace of Vault Enterprise or HCP Vault. VAULT_NAMESPACE in the environment wins.'),
  appRoleMount: vaultPath.default('approle').describe('Where AppRole is mounted, for a login by VAULT_ROLE_ID and VAULT_SECRET_ID.'),
  primaryMount: vaultPath.default('kubernetes').describe('The path of the Kubernetes auth method of the primary, without auth/.'),
  mount: vaultPath
    .regex(/\$\{cluster\}/, 'must hold ${cluster}')
    .default('kubernetes-${cluster}')
    .describe('The path of the new Kubernetes auth method, without auth/; ${cluster} is the new cluster name.'),
  proof: z
    .strictObject({ role: z.string().min(1), namespace: kubernetesName, serviceAccount: kubernetesName })
    .optional()
    .describe('The login that proves the new mount. Without it: a role of the primary that names one namespace and one service account.'),
});
