import * as z from 'zod';
import { namespaceSecrets } from './checks/namespace-secrets.ts';
import type { ClusterRef } from './clients/clients.ts';
import { manages } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { refuseForeignSecrets } from './namespaces/foreign-secrets.ts';
import { limitObjects } from './namespaces/limits.ts';
import { namespacesToPrepare } from './namespaces/namespaces-to-prepare.ts';
import { placeSecrets } from './namespaces/place-secrets.ts';
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
  checks: [namespaceSecrets],
  onCluster: [
    ...manages('', 'namespaces', 'secrets', 'serviceaccounts', 'resourcequotas', 'limitranges'),
    ...manages('rbac.authorization.k8s.io', 'clusterrolebindings'),
  ],

  async describe({ estate, run, clients, needs: { connected, inventory } }) {
    const at = { region: connected.region, cluster: connected.cluster };
    const namespaces = namespacesToPrepare(inventory, estate.namespaces);
    const reviewer = vaultReviewerOf(estate.namespaces);
    const own = { [RUN_LABEL]: run.id };
    const names = namespaces.map(({ name }) => name);
    const secrets = await placeSecrets(clients, estate.namespaces, at, names, own);
    await refuseForeignSecrets(clients, run.id, secrets);
    const account = reviewer === null ? null : vaultReviewerObjects(at, reviewer, run.id);

    return [
      namespaces.map(({ name, labels, annotations }) =>
        kubernetesObject.resource(namespaceId(at, name), {
          metadata: {
            labels: { ...labels, ...own },
            ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
          },
        }),
      ),
      // A namespace has its limits before anything may use them up.
      limitObjects(at, namespaces, own),
      [...secrets.map(({ resource }) => resource), ...(account?.account ?? [])],
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
