import { vault } from '../../../sandbox/vault/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { PRIMARY_MOUNT, seedVault } from '../../../sandbox/worlds/vault.ts';
import { vaultKubernetesRole as roleShape } from '../../../steps/clients/vault-shapes.ts';
import { vaultKubernetesRole } from '../../../steps/resources/vault-kubernetes-role.ts';
import { describeMark } from '../../../steps/vault/run-mark.ts';
import { startSlow } from './start-slow.ts';
import { namesOf, type Work } from './work.ts';

const HOUR = 3600;

/** Roles of services, in auth methods of the sandbox's Vault. */
export const vaultRoles: Work = {
  title: 'roles of Vault',
  drivers: [vaultKubernetesRole],
  async start(mounts, run, latencyMs) {
    const world = emptyWorld();
    seedVault(world, []);
    for (const mount of mounts.map(mountAt)) {
      const description = describeMark({ run, reviewer: null });
      world.vault.auth[mount] = { type: 'kubernetes', accessor: `auth_kubernetes_${mount}`, description, options: null };
      world.vault.kubernetes[mount] = { config: world.vault.kubernetes[PRIMARY_MOUNT]?.config ?? null, roles: {} };
    }
    return startSlow(world, [vault], latencyMs);
  },
  async describe(_clients, place, _run, objects) {
    const roles = namesOf(objects).map((name) =>
      vaultKubernetesRole.resource(
        { mount: mountAt(place), role: name },
        roleShape.parse({
          bound_service_account_names: [name],
          bound_service_account_namespaces: [name],
          token_policies: [name],
          token_ttl: HOUR,
        }),
      ),
    );
    return [roles];
  },
};

/** Below what the runner's policy lets it make. */
function mountAt(place: string): string {
  return `kubernetes-shop-${place}`;
}
