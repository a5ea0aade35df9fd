import type { Estate } from '../estate/estate.ts';
import { type Addon, ourAddon } from './addon.ts';
import { sparedNamespaces } from './spared-namespaces.ts';

/** Where Vault is, and by which path the services of the new cluster log in. */
export interface VaultPlace {
  readonly address: string;
  /** Without auth/. */
  readonly mount: string;
}

export function vaultInjectorAddon(
  settings: NonNullable<Estate['addons']['vaultInjector']>,
  estate: Pick<Estate, 'addons'>,
  { address, mount }: VaultPlace,
): Promise<Addon> {
  const { replicas, failurePolicy } = settings;
  const facts = { address, authPath: `auth/${mount}`, replicas, failurePolicy, sparedNamespaces: sparedNamespaces(estate) };
  return ourAddon('vault-agent-injector', facts, settings);
}
