import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { brief } from '../kit/text.ts';
import { defineWait } from '../kit/wait.ts';

// A new access entry takes seconds to count, and Argo CD remembers its last failure for a while.
const FAILURE_GRACE_SECONDS = 45;

/** Argo CD lists the cluster. It calls a cluster Unknown until an application goes there, so Unknown will do. */
export const argocdClusterListed = defineWait({
  wait: 'argocd-cluster-listed',
  args: z.strictObject({ name: z.string() }),
  title: ({ name }) => `Argo CD accepts the cluster ${name}`,
  expectedSeconds: 5,
  limitSeconds: 180,
  everySeconds: 5,

  async look(clients: Pick<Clients, 'argocd'>, { name }, waitedSeconds) {
    const cluster = (await (await clients.argocd()).listClusters()).find((one) => one.name === name);
    if (cluster === undefined) return { done: false, reason: 'not listed yet' };
    const connection = cluster.info?.connectionState ?? cluster.connectionState;
    if (connection?.status !== 'Failed') return { done: true };
    const why = connection.message === '' ? 'no message' : brief(connection.message);
    return { done: false, reason: `Argo CD cannot connect: ${why}`, failed: waitedSeconds >= FAILURE_GRACE_SECONDS };
  },
});
