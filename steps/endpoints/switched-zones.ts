import type { Estate } from '../estate/estate.ts';
import type { HostedZone } from '../estate/policy.ts';
import type { Run } from '../kit/run.ts';

/** The zones whose records a run switches: production in a recovery, the drill zones in a drill. */
export function switchedZones(estate: Pick<Estate, 'route53' | 'drill'>, mode: Run['mode']): readonly HostedZone[] {
  return mode === 'drill' ? estate.drill.zones : estate.route53.zones;
}
