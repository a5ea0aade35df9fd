import * as z from 'zod';
import { vaultAccess } from './checks/vault-access.ts';
import { vaultPolicies } from './checks/vault-policies.ts';
import type { Clients } from './clients/clients.ts';
import { reads } from './cluster-rights.ts';
import { connectCluster } from './connect-cluster.ts';
import { EksDrError } from './kit/errors.ts';
import type { Run } from './kit/run.ts';
import { prepareNamespaces } from './prepare-namespaces.ts';
import { kubernetesSecretRef } from './remote-secrets.ts';
import { vaultKubernetesAuth } from './resources/vault-kubernetes-auth.ts';
import { vaultKubernetesRole } from './resources/vault-kubernetes-role.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { rolesChangedSince } from './vault/changed-roles.ts';
import { mountOf } from './vault/mount.ts';
import { type Proof, proofOf } from './vault/proof.ts';
import { mountOwner } from './vault/run-mark.ts';
import { vaultLogin } from './waits/vault-login.ts';

export const configureVault = defineStep({
  id: 'configure-vault',
  title: 'Let the services of the new cluster log in to Vault',
  needs: { connected: connectCluster, inventory: takeInventory, prepared: prepareNamespaces },
  reads: ['vault'],
  outputs: z.object({
    /** Null where the estate has no Vault. */
    vault: z.object({ address: z.string(), namespace: z.string().nullable(), mount: z.string(), roles: z.number() }).nullable(),
    /** Policies that name the accessor of the primary's auth method: what they grant, nobody gets by the new one. Null: not known. */
    policiesToMend: z.array(z.string()).nullable(),
  }),
  drivers: [vaultKubernetesAuth, vaultKubernetesRole],
  waits: [vaultLogin],
  checks: [vaultAccess, vaultPolicies],
  onCluster: [...reads('', 'secrets'), { group: '', resource: 'serviceaccounts/token', verbs: ['create'] }],

  async describe({ estate: { vault: settings }, run, clients, needs: { connected, inventory, prepared } }) {
    if (settings === undefined) return [];
    const mount = mountOf(settings, connected.cluster);
    await refuseForeignMount(clients, mount, run);
    const { region, cluster } = connected;
    const reviewer = reviewerOf(prepared.vaultReviewer);
    const roles = inventory.vault?.roles ?? [];
    const proof = proofOf(settings, reviewer, roles);
    const ref = kubernetesSecretRef({ region, cluster, namespace: reviewer.namespace, name: reviewer.secret, key: 'token' });
    return [
      vaultKubernetesAuth.resource(
        { mount },
        {
          run: run.id,
          host: connected.endpoint,
          ca: Buffer.from(connected.ca, 'base64').toString(),
          reviewer: await clients.secrets.field(ref),
        },
      ),
      [...roles, ...ownRoles(proof)].map(({ name, role }) => vaultKubernetesRole.resource({ mount, role: name }, role)),
      vaultLogin.for({ region, cluster, mount, ...loginOf(proof) }),
    ];
  },

  // With the method, everything in it goes. What people did to its roles is shown by itself.
  async undo({ applied, estate: { vault: settings }, clients, needs: { connected } }) {
    if (settings === undefined) return [];
    const mount = mountOf(settings, connected.cluster);
    return [await rolesChangedSince(clients, mount, applied), vaultKubernetesAuth.resource({ mount }, null)];
  },

  async finish({ estate: { vault: settings }, clients, log, needs: { connected, inventory } }) {
    if (settings === undefined) return { vault: null, policiesToMend: [] };
    const policiesToMend = inventory.vault?.policiesWithAccessor ?? null;
    const mount = mountOf(settings, connected.cluster);
    for (const policy of policiesToMend ?? []) {
      log.warn(`The policy ${policy} names the accessor of auth/${settings.primaryMount}: give it a twin of that rule for auth/${mount}.`);
    }
    const roles = (inventory.vault?.roles ?? []).length;
    return {
      vault: { address: (await clients.vault()).url, namespace: settings.namespace ?? null, mount, roles },
      policiesToMend,
    };
  },
});

function loginOf({ role, namespace, serviceAccount, audience }: Proof) {
  return { role, namespace, serviceAccount, audience };
}

function ownRoles({ own, role }: Proof) {
  return own === null ? [] : [{ name: role, role: own }];
}

function reviewerOf<T>(reviewer: T | null): T {
  if (reviewer !== null) return reviewer;
  throw new EksDrError('input-invalid', {
    message: 'Vault needs the token of a service account to ask the new cluster with, but namespaces.vaultReviewer is not in the estate.',
    target: 'namespaces.vaultReviewer',
    remedy: 'Add namespaces.vaultReviewer to the estate, run prepare-namespaces again, then this step.',
  });
}

/** An auth method that is there already and not of this run is somebody's way in: it is never taken over. */
async function refuseForeignMount(clients: Pick<Clients, 'vault'>, mount: string, run: Pick<Run, 'id'>): Promise<void> {
  const owner = mountOwner(mount, await (await clients.vault()).authMount(mount));
  if (owner.kind === 'nobody' || (owner.kind === 'run' && owner.run === run.id)) return;
  throw new EksDrError('conflict', {
    message: `Vault has an auth method at auth/${mount} already, ${owner.kind === 'run' ? `of run ${owner.run}` : 'which EKS-DR did not make'}.`,
    target: `auth/${mount}`,
    remedy: 'Find out who uses it. Disable it (vault auth disable), or choose another vault.mount in the estate; then plan again.',
  });
}
