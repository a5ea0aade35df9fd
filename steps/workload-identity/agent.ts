import { unlessMissing } from '../clients/aws-errors.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import { EksDrError } from '../kit/errors.ts';

const ADDON = 'eks-pod-identity-agent';

type Uses = Pick<Clients, 'eks' | 'kubernetes'>;

/**
 * How the agent stands that brings pods the roles of their associations: an EKS add-on, a DaemonSet that somebody runs themselves, or a
 * part of the nodes of EKS Auto Mode. `coming`: with what EKS says of it. Throws `unhealthy` where there is none.
 */
export async function podIdentityAgent(clients: Uses, at: ClusterRef): Promise<'ready' | { readonly coming: string }> {
  const eks = await clients.eks(at.region);
  const found = await unlessMissing(eks.describeAddon({ clusterName: at.cluster, addonName: ADDON }), 'ResourceNotFoundException');
  if (found !== null) {
    const { status = 'of unknown status', health } = found.addon ?? {};
    if (status === 'ACTIVE') return 'ready';
    const issues = (health?.issues ?? []).flatMap(({ message }) => message ?? []);
    if (status === 'CREATE_FAILED' || status === 'DELETING')
      throw withoutAgent(at, `its add-on ${ADDON} is ${[status, ...issues].join(': ')}`);
    return { coming: `the add-on ${ADDON} is ${[status, ...issues].join(': ')}` };
  }
  const { cluster } = await eks.describeCluster({ name: at.cluster });
  if (cluster?.computeConfig?.enabled === true) return 'ready';
  const kubernetes = await clients.kubernetes(at);
  const own = await kubernetes.get({ apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'kube-system', name: ADDON });
  if (own !== null) return 'ready';
  throw withoutAgent(at, `it has no add-on ${ADDON}`);
}

/** Throws `unhealthy` where the cluster has no agent. */
export async function refuseWithoutAgent(clients: Uses, at: ClusterRef): Promise<void> {
  await podIdentityAgent(clients, at);
}

function withoutAgent({ region, cluster }: ClusterRef, why: string): EksDrError {
  return new EksDrError('unhealthy', {
    message: `The cluster ${cluster} has no EKS Pod Identity agent (${why}), so no pod gets a role by its association.`,
    target: cluster,
    remedy: `Add the add-on (aws eks create-addon --region ${region} --cluster-name ${cluster} --addon-name ${ADDON}) and, for the next time, to the Terraform module; then run the step again.`,
  });
}
