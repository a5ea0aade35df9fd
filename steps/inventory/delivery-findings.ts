import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';
import type { Finding } from '../kit/step.ts';
import type { Inventory } from './inventory.ts';

type NamedFinding = Finding & { readonly check: string };

/** What would get in the way of a delivery: a project that is put back when a destination is opened in it, a repository out of reach. */
export function deliveryFindings(
  { delivery }: Pick<Inventory, 'delivery'>,
  { argocd }: Pick<Estate, 'argocd'>,
  mode: Run['mode'],
): NamedFinding[] {
  if (delivery === null) return [];
  const healed = delivery.projects.flatMap(({ name, managedBy }): NamedFinding[] => {
    if (managedBy?.selfHeals !== true || !argocd.projects.includes(name)) return [];
    return [
      {
        check: 'project-self-heals',
        // A drill has projects of its own.
        severity: mode === 'recover' ? 'warning' : 'note',
        message: `The AppProject ${name} is managed by the application ${managedBy.application}, which heals itself: the destination that a recovery adds would be taken back.`,
        evidence: `${argocd.url} /api/v1/applications/${managedBy.application}`,
        remedy: `Let ${managedBy.application} ignore .spec.destinations of the project (ignoreDifferences with RespectIgnoreDifferences=true), or turn its self-heal off for the time of a recovery.`,
      },
    ];
  });
  const unreachable = delivery.repositories.flatMap(({ url, connection }): NamedFinding[] => {
    if (connection.status !== 'Failed') return [];
    const remedy = 'Correct its address or credentials in Argo CD, or remove it there if nothing uses it.';
    return [
      {
        check: 'repositories-reachable',
        severity: 'warning',
        message: `Argo CD does not reach the repository ${url}: ${connection.message || 'it does not say why'}`,
        evidence: `${argocd.url} /api/v1/repositories`,
        remedy,
      },
    ];
  });
  return [...healed, ...unreachable];
}
