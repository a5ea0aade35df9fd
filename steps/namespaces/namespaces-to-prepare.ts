import type { Estate } from '../estate/estate.ts';
import { RUN_LABEL } from '../naming.ts';

/** The part of the inventory that tells which namespaces the primary has. */
export interface KnownNamespaces {
  readonly services: readonly { readonly namespace: string }[];
  readonly namespaces: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

export interface NamespaceToPrepare {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Every namespace that the primary has or a service names, without the excluded ones, sorted; with the primary's labels, those of
 * the estate on top. Vault's reviewer gets its own namespace even where the primary has none of that name.
 */
export function namespacesToPrepare(known: KnownNamespaces, settings: Estate['namespaces']): NamespaceToPrepare[] {
  const labels = new Map(known.namespaces.map((namespace) => [namespace.name, namespace.labels]));
  const excluded = new Set(settings.exclude);
  const names = [...labels.keys(), ...known.services.map(({ namespace }) => namespace)].filter((name) => !excluded.has(name));
  if (settings.vaultReviewer !== undefined) names.push(settings.vaultReviewer.namespace);
  return [...new Set(names)].sort().map((name) => ({ name, labels: { ...carriedOver(labels.get(name) ?? {}), ...settings.labels } }));
}

/** Labels that a namespace takes along: not those which the API server sets itself, nor those by which another system marks what it tracks. */
function carriedOver(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).filter(
      ([key]) => key !== 'kubernetes.io/metadata.name' && key !== RUN_LABEL && !key.startsWith('argocd.argoproj.io/'),
    ),
  );
}
