import { policyGroup } from '../login/access.ts';
import type { ClusterName, Setting } from '../server.ts';
import { applyObject } from './apply-object.ts';

/** The cluster role that EKS's documentation calls the equal of each access policy. */
const ROLES = {
  AmazonEKSClusterAdminPolicy: 'cluster-admin',
  AmazonEKSAdminPolicy: 'admin',
  AmazonEKSEditPolicy: 'edit',
  AmazonEKSViewPolicy: 'view',
};
const RBAC = 'rbac.authorization.k8s.io';

/** EKS's authorizer for access policies with the scope of a cluster, as role bindings. */
export async function bindAccessPolicies(setting: Setting, cluster: ClusterName): Promise<void> {
  for (const [policy, role] of Object.entries(ROLES)) {
    await applyObject(setting, cluster, `/apis/${RBAC}/v1/clusterrolebindings`, {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: `eks-access-policy-${policy.toLowerCase()}` },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: RBAC, kind: 'Group', name: policyGroup(policy) }],
    });
  }
}
