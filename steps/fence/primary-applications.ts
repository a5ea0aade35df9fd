import type { ArgoApplication, ArgoCd } from '../clients/argocd.ts';
import type { Estate } from '../estate/estate.ts';
import type { JsonObject } from '../kit/json.ts';
import { compareText } from '../kit/text.ts';
import { targetsPrimary } from '../rendering/application.ts';

/** Every application that Argo CD deploys to the primary, whatever its project: one of another may scale the same workloads up again. */
export async function primaryApplications(argocd: ArgoCd, { primary }: Pick<Estate, 'primary'>): Promise<ArgoApplication[]> {
  const listed = await argocd.listApplications();
  return listed
    .filter(({ spec }) => targetsPrimary({ spec: { destination: spec.destination as JsonObject } }, primary.argocdDestination))
    .toSorted((one, other) => compareText(one.metadata.name, other.metadata.name));
}

/** Those that an ApplicationSet makes: its controller takes away annotations that are not in its template. */
export function generated(applications: readonly ArgoApplication[]): string[] {
  return applications
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === 'ApplicationSet'))
    .map(({ metadata }) => metadata.name);
}
