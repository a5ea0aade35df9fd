import { alike } from './alike.ts';
import type { Cause } from './cause.ts';
import type { ServiceHealth } from './service-health.ts';

/**
 * Why a service is not healthy; null: it is. What the cluster knows says more than Progressing or Degraded, and says the same whichever of the
 * two it is; but what Argo CD could not bring to the cluster only Argo CD knows.
 */
export function serviceCause(health: ServiceHealth, known: Cause | undefined): Cause | null {
  if (health.status === 'healthy') return null;
  if (known !== undefined && !(health.status === 'failed' && health.forGood)) return known;
  return { what: alike(health.reason) };
}
