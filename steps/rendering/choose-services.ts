import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';

interface Service {
  readonly name: string;
  readonly tier: string;
}

/**
 * The services of this run: those it names, and in a drill only those that the estate lets run there (nothing runs unasked).
 * Throws `input-invalid` for names that the inventory doesn't know.
 */
export function chooseServices<S extends Service>(
  services: readonly S[],
  run: Pick<Run, 'mode' | 'services'>,
  drill: Estate['drill'],
): S[] {
  const known = new Set(services.map(({ name }) => name));
  const unknown = run.services === 'all' ? [] : run.services.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new EksDrError('input-invalid', {
      message: `The run names services that the inventory doesn't know: ${unknown.join(', ')}.`,
      remedy: 'Start the run with the names of Argo CD applications on the primary cluster, or with all.',
    });
  }
  const named = run.services === 'all' ? known : new Set(run.services);
  return services.filter((service) => named.has(service.name) && (run.mode === 'recover' || mayRunInDrill(service, drill.services)));
}

function mayRunInDrill({ name, tier }: Service, rule: Estate['drill']['services']): boolean {
  if (rule === 'none') return false;
  if (rule === 'all') return true;
  return !rule.except.includes(name) && (rule.tiers.includes(tier) || rule.names.includes(name));
}
