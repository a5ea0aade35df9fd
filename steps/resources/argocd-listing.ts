import type { ArgoApplication, ArgoCd } from '../clients/argocd.ts';

/**
 * The applications of these names that are there, and maybe others: one list for many. For a single one the server filters: asking for it
 * by name answers 403 when it is missing.
 */
export async function applicationsByName(argocd: ArgoCd, names: readonly string[]): Promise<ReadonlyMap<string, ArgoApplication>> {
  const [only] = names;
  const listed = await argocd.listApplications(names.length === 1 && only !== undefined ? { name: only } : {});
  return new Map(listed.map((application) => [application.metadata.name, application]));
}
