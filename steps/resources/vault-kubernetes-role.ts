import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { vaultKubernetesRole as roleShape, type VaultKubernetesRole } from '../clients/vault-shapes.ts';
import { defineDriver, type Observed, single } from '../kit/driver.ts';
import { mountOwner } from '../vault/run-mark.ts';

const id = z.strictObject({ mount: z.string().min(1), role: z.string().min(1) });

type Id = z.infer<typeof id>;
type C = Pick<Clients, 'vault'>;

/** A role of a Kubernetes auth method: which service accounts log in by it, and what they may then do. Its owner is that of the method. */
export const vaultKubernetesRole = defineDriver<Id, VaultKubernetesRole, C>({
  kind: 'vault.kubernetes-role',
  noun: 'Vault role',
  compareAndSwap: { cas: 'no', window: 'between the last look and the write, well below a second' },
  permissions: {
    read: ['vault: read sys/auth', 'vault: list auth/<mount>/role', 'vault: read auth/<mount>/role/<role>'],
    write: ['vault: create, update and delete auth/<mount>/role/<role>'],
  },
  concurrency: 16,
  visibleWithinSeconds: 30,
  id,
  state: roleShape,
  label: ({ mount, role }) => `${role} of auth/${mount}`,
  canonical,
  read: readRoles,
  write: single(async (clients, { id: { mount, role }, after }) => {
    const vault = await clients.vault();
    await (after === null ? vault.deleteKubernetesRole(mount, role) : vault.writeKubernetesRole(mount, role, after));
  }),
});

/** One look at each method, then only at the roles that it lists. */
async function readRoles(clients: C, ids: readonly Id[]): Promise<Observed<VaultKubernetesRole>[]> {
  const vault = await clients.vault();
  const methods = new Map(
    await Promise.all(
      [...new Set(ids.map(({ mount }) => mount))].map(async (mount) => {
        const found = await vault.authMount(mount);
        // One role alone is asked for by its name.
        const names = found === null ? [] : ids.length === 1 ? null : await vault.kubernetesRoles(mount);
        return [mount, { owner: mountOwner(mount, found), names: names === null ? null : new Set(names) }] as const;
      }),
    ),
  );
  return Promise.all(
    ids.map(async ({ mount, role }) => {
      const { owner, names } = methods.get(mount) ?? { owner: mountOwner(mount, null), names: new Set<string>() };
      // Vault keeps names in lower case.
      const isThere = names === null || names.has(role.toLowerCase());
      const state = isThere ? await vault.kubernetesRole(mount, role) : null;
      return { state: state === null ? null : canonical(state), owner };
    }),
  );
}

const sorted = (values: readonly string[]): string[] => [...new Set(values)].toSorted();

function canonical(role: VaultKubernetesRole): VaultKubernetesRole {
  return {
    ...role,
    bound_service_account_names: sorted(role.bound_service_account_names),
    bound_service_account_namespaces: sorted(role.bound_service_account_namespaces),
    token_bound_cidrs: sorted(role.token_bound_cidrs),
    token_policies: sorted(role.token_policies),
  };
}
