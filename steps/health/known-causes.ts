import type { ArgoApplication } from '../clients/argocd.ts';
import type { Clients, ClusterRef } from '../clients/clients.ts';
import { asBearable } from '../kit/errors.ts';
import type { Cause } from './cause.ts';
import { clusterCauses } from './cluster-causes.ts';
import { serviceHealth } from './service-health.ts';

/**
 * The causes that the cluster knows for the applications among these that are not healthy. What can't be found out is left out: this is for
 * people, and nothing is decided by it.
 */
export async function knownCauses(
  clients: Pick<Clients, 'kubernetes' | 'log'>,
  cluster: ClusterRef,
  applications: readonly ArgoApplication[],
): Promise<ReadonlyMap<string, Cause>> {
  const unhealthy = applications.filter((application) => serviceHealth(application).status !== 'healthy');
  if (unhealthy.length === 0) return new Map();
  try {
    return await clusterCauses(await clients.kubernetes(cluster), unhealthy);
  } catch (thrown) {
    const { message } = asBearable(thrown);
    clients.log.warn(`why services are not healthy could not be found out on ${cluster.cluster}: ${message}`);
    return new Map();
  }
}
