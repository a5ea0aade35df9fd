import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';

/** Where an API is. */
export interface ApiRef {
  readonly region: string;
  readonly id: string;
}

/** The APIs that a run switches: production's in a recovery, the drill copies in a drill. */
export function switchedApis(estate: Pick<Estate, 'primary' | 'apiGateway' | 'drill'>, mode: Run['mode']): ApiRef[] {
  const apis = mode === 'drill' ? estate.drill.apis : estate.apiGateway.apis;
  return apis.map(({ id, region = estate.primary.region }) => ({ region, id }));
}
