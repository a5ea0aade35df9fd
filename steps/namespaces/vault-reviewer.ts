import type { ClusterRef } from '../clients/clients.ts';
import type { Estate } from '../estate/estate.ts';
import type { Resource } from '../kit/resource.ts';
import { RUN_LABEL } from '../naming.ts';
import { kubernetesObject } from '../resources/kubernetes-object.ts';

/** The account whose token Vault uses to review tokens, and the secret that holds its token. */
export interface VaultReviewer {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly secret: string;
}

/** The reviewer that the estate asks for, or null. */
export function vaultReviewerOf({ vaultReviewer }: Pick<Estate['namespaces'], 'vaultReviewer'>): VaultReviewer | null {
  if (vaultReviewer === undefined) return null;
  const { namespace, serviceAccount } = vaultReviewer;
  return { namespace, serviceAccount, secret: `${serviceAccount}-token` };
}

/**
 * The reviewer's account with the right to review tokens, then the secret that the token controller fills.
 * Its token does not expire: Vault lies outside of the cluster and can't renew one.
 */
export function vaultReviewerObjects(
  { region, cluster }: ClusterRef,
  reviewer: VaultReviewer,
  run: string,
): { account: Resource[]; token: Resource } {
  const { namespace, serviceAccount, secret } = reviewer;
  const labels = { [RUN_LABEL]: run };
  const at = { region, cluster };
  return {
    account: [
      kubernetesObject.resource(
        { ...at, apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: serviceAccount },
        { metadata: { labels } },
      ),
      kubernetesObject.resource(
        {
          ...at,
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRoleBinding',
          namespace: '',
          name: `${serviceAccount}-auth-delegator`,
        },
        {
          metadata: { labels },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:auth-delegator' },
          subjects: [{ kind: 'ServiceAccount', name: serviceAccount, namespace }],
        },
      ),
    ],
    token: kubernetesObject.resource(
      { ...at, apiVersion: 'v1', kind: 'Secret', namespace, name: secret },
      {
        type: 'kubernetes.io/service-account-token',
        metadata: { labels, annotations: { 'kubernetes.io/service-account.name': serviceAccount } },
      },
    ),
  };
}
