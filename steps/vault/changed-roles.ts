import type { Clients } from '../clients/clients.ts';
import type { Change, Resource } from '../kit/resource.ts';
import { vaultKubernetesRole } from '../resources/vault-kubernetes-role.ts';

/** The roles of an auth method that are not as the run left them, to be deleted: those that people changed, and those that they added. */
export async function rolesChangedSince(
  clients: Pick<Clients, 'vault'>,
  mount: string,
  applied: readonly Pick<Change, 'kind' | 'id' | 'after'>[],
): Promise<Resource[]> {
  const vault = await clients.vault();
  if ((await vault.authMount(mount)) === null) return [];
  const written = applied.filter(({ kind, id }) => kind === vaultKubernetesRole.kind && id.mount === mount);
  const changes = (await vault.kubernetesRoles(mount)).map((role) => {
    // Vault keeps names in lower case.
    const ours = written.find(({ id }) => id.role?.toLowerCase() === role);
    return { kind: vaultKubernetesRole.kind, id: ours?.id ?? { mount, role }, before: null, after: ours?.after ?? null };
  });
  const looks = await vaultKubernetesRole.look(clients, changes);
  return changes.flatMap(({ kind, id, after }, index): Resource[] => {
    if (looks[index]?.at === 'after') return [];
    return [{ kind, id, desired: null, ...(after === null ? { ours: null } : {}) }];
  });
}
