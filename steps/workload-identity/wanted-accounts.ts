import type { Estate } from '../estate/estate.ts';
import type { Inventory } from '../inventory/inventory.ts';

/** A service account that shall have an IAM role in the new cluster. */
export interface WantedAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn: string | null;
  /** Of an association: a policy that narrows the role, and whether its session goes without tags. */
  readonly policy: string | null;
  readonly disableSessionTags: boolean;
  /** How it shall come to it. */
  readonly means: 'association' | 'trust';
  /** Whether its manifest names the role: what the pod identity webhook goes by where there is no association. */
  readonly annotated: boolean;
}

/** The accounts of controllers that steps of their own give a role. */
const controllers = {
  loadBalancerController: { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller' },
  karpenter: { namespace: 'kube-system', serviceAccount: 'karpenter' },
} as const;

/**
 * Every service account of the primary with an IAM role, as the estate wants it in the new cluster. Where an account has both an
 * annotation and an association, the association counts: EKS's webhook then sets up the pod for that alone
 * (https://github.com/aws/amazon-eks-pod-identity-webhook, buildPodPatchConfig). For the same reason an association brings a role that
 * stands in for another to an account whose manifest still names the old one.
 */
export function wantedAccounts(
  { annotated, associations }: Inventory['identities'],
  { workloadIdentity, addons }: Pick<Estate, 'workloadIdentity' | 'addons'>,
): WantedAccount[] {
  const { method, roles } = workloadIdentity;
  const named = new Set(annotated.map(keyOf));
  const associated = new Set(associations.map(keyOf));
  const all = [
    ...associations.map((account) => ({ ...account, annotated: named.has(keyOf(account)), associated: true })),
    ...annotated
      .filter((account) => !associated.has(keyOf(account)))
      .map((account) => ({ ...account, targetRoleArn: null, policy: null, disableSessionTags: false, annotated: true, associated: false })),
  ];
  return all
    .filter((account) => !isExcluded(account, workloadIdentity.exclude) && !isControllers(account, addons))
    .map(({ associated: byAssociation, ...account }): WantedAccount => {
      const roleArn = roles[account.roleArn] ?? account.roleArn;
      const asIs = byAssociation ? 'association' : 'trust';
      const chosen = method === 'as-is' ? asIs : method === 'irsa' ? 'trust' : 'association';
      const needsAssociation = roleArn !== account.roleArn || account.targetRoleArn !== null || account.policy !== null;
      const means = needsAssociation ? 'association' : chosen;
      return { ...account, roleArn, means };
    })
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

interface Named {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export function keyOf({ namespace, serviceAccount }: Named): string {
  return `${namespace}/${serviceAccount}`;
}

function isExcluded(account: Named, exclude: Estate['workloadIdentity']['exclude']): boolean {
  return exclude.some(
    ({ namespace, serviceAccount }) =>
      namespace === account.namespace && (serviceAccount === undefined || serviceAccount === account.serviceAccount),
  );
}

function isControllers(account: Named, addons: Estate['addons']): boolean {
  return (Object.keys(controllers) as (keyof typeof controllers)[]).some(
    (name) => addons[name] !== undefined && keyOf(controllers[name]) === keyOf(account),
  );
}
