import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import { EksDrError } from '../kit/errors.ts';

const ADDON = 'eks-pod-identity-agent';

/**
 * Pods get nothing from an association without the agent on their node: an EKS add-on, a DaemonSet that somebody runs themselves, or a
 * part of the nodes of EKS Auto Mode. Throws `unhealthy` where there is none.
 */
export async function refuseWithoutAgent(clients: Pick<Clients, 'eks' | 'kubernetes'>, at: ClusterRef): Promise<void> {
  const eks = await clients.eks(at.region);
  const addon = await unlessMissing(eks.describeAddon({ clusterName: at.cluster, addonName: ADDON }), 'ResourceNotFoundException');
  if (addon !== null) return;
  const { cluster } = await eks.describeCluster({ name: at.cluster });
  if (cluster?.computeConfig?.enabled === true) return;
  const kubernetes = await clients.kubernetes(at);
  if ((await kubernetes.get({ apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: ADDON })) !== null) return;
  throw new EksDrError('unhealthy', {
    message: `The cluster ${at.cluster} has no EKS Pod Identity agent, so no pod gets a role by its association.`,
    target: at.cluster,
    remedy: `Add the add-on (aws eks create-addon --region ${at.region} --cluster-name ${at.cluster} --addon-name ${ADDON}) and, for the next time, to the Terraform module; then run the step again.`,
  });
}
