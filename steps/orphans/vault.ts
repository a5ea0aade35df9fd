import { mountOf } from '../vault/mount.ts';
import { mountOwner } from '../vault/run-mark.ts';
import type { Search } from './search.ts';

export const vaultSearch: Search = {
  system: 'Vault',
  async search({ run, estate, clients, cluster }) {
    if (estate.vault === undefined) return [];
    const vault = await clients.vault();
    const mount = mountOf(estate.vault, cluster.cluster);
    const owner = mountOwner(mount, await vault.authMount(mount));
    if (owner.kind !== 'run' || owner.run !== run.id) return [];
    return [{ what: `auth method auth/${mount}`, where: vault.url, remove: `vault auth disable ${mount}` }];
  },
};
