import type { Estate } from '../estate/estate.ts';

const ALWAYS = ['kube-system', 'istio-system', 'vault'];

/**
 * The namespaces that the injector of Vault never sees: while it is away, nothing starts there that would have to start before it does. Those
 * of the system, of the add-ons, and what the estate names; sorted.
 */
export function sparedNamespaces({ addons }: Pick<Estate, 'addons'>): string[] {
  const gateway = addons.istio === undefined ? [] : [addons.istio.gatewayNamespace];
  const others = addons.others.map(({ namespace }) => namespace);
  return [...new Set([...ALWAYS, ...gateway, ...others, ...(addons.vaultInjector?.sparedNamespaces ?? [])])].toSorted();
}
