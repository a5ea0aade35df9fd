import * as z from 'zod';
import { newRelicSecret } from './checks/new-relic-secret.ts';
import type { Clients, ClusterRef } from './clients/clients.ts';
import { connectCluster } from './connect-cluster.ts';
import type { Estate } from './estate/estate.ts';
import type { Resource } from './kit/resource.ts';
import { refuseForeignSecrets } from './namespaces/foreign-secrets.ts';
import { type NamespaceToPrepare, namespacesToPrepare } from './namespaces/namespaces-to-prepare.ts';
import { vaultReviewerObjects, vaultReviewerOf } from './namespaces/vault-reviewer.ts';
import { RUN_LABEL } from './naming.ts';
import { kubernetesObject } from './resources/kubernetes-object.ts';
import { kubernetesSecret } from './resources/kubernetes-secret.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { kubernetesServiceAccountToken } from './waits/kubernetes-service-account-token.ts';

export const prepareNamespaces = defineStep({
  id: 'prepare-namespaces',
  title: 'Prepare the namespaces',
  needs: { connected: connectCluster, inventory: takeInventory },
  reads: ['namespaces'],
  outputs: z.object({
    namespaces: z.array(z.string()),
    vaultReviewer: z.object({ namespace: z.string(), serviceAccount: z.string(), secret: z.string() }).nullable(),
  }),
  drivers: [kubernetesObject, kubernetesSecret],
  waits: [kubernetesServiceAccountToken],
  checks: [newRelicSecret],

  async describe({ estate, run, clients, needs: { connected, inventory } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const namespaces = namespacesToPrepare(inventory, estate.namespaces);
    const reviewer = vaultReviewerOf(estate.namespaces);
    const own = { [RUN_LABEL]: run.id };
    const secrets = await licences(clients, estate.namespaces.newRelic, at, namespaces, own);
    await refuseForeignSecrets(clients, run.id, secrets);
    const account = reviewer === null ? null : vaultReviewerObjects(at, reviewer, run.id);

    return [
      namespaces.map(({ name, labels }) =>
        kubernetesObject.resource(namespaceId(at, name), { metadata: { labels: { ...labels, ...own } } }),
      ),
      [...secrets, ...(account?.account ?? [])],
      ...(account === null || reviewer === null
        ? []
        : [account.token, kubernetesServiceAccountToken.for({ ...at, namespace: reviewer.namespace, secret: reviewer.secret })]),
    ];
  },

  finish({ estate, needs: { inventory } }) {
    return {
      namespaces: namespacesToPrepare(inventory, estate.namespaces).map(({ name }) => name),
      vaultReviewer: vaultReviewerOf(estate.namespaces),
    };
  },
});

function namespaceId({ region, cluster }: ClusterRef, name: string) {
  return { region, cluster, apiVersion: 'v1', kind: 'Namespace', namespace: '', name };
}

/** The New Relic licence secret of each namespace, where the estate has one. */
async function licences(
  clients: Pick<Clients, 'secrets'>,
  newRelic: Estate['namespaces']['newRelic'],
  at: ClusterRef,
  namespaces: readonly NamespaceToPrepare[],
  labels: Record<string, string>,
): Promise<Resource[]> {
  if (newRelic === undefined) return [];
  const data = { [newRelic.secretKey]: await clients.secrets.field(newRelic.licenseKey) };
  return namespaces.map(({ name }) =>
    kubernetesSecret.resource(
      { region: at.region, cluster: at.cluster, namespace: name, name: newRelic.secretName },
      { type: 'Opaque', labels, data },
    ),
  );
}
