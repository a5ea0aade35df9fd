import type { GatewayApi } from '../estate/api-gateway.ts';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';

/** Where an API is. */
export interface ApiRef {
  readonly region: string;
  readonly id: string;
  /** Stages that can't be compared with their API may be published. */
  readonly publishUnseen?: boolean | undefined;
}

/** The APIs that a run switches: production's in a recovery, the drill copies in a drill. */
export function switchedApis(estate: Pick<Estate, 'primary' | 'apiGateway' | 'drill'>, mode: Run['mode']): ApiRef[] {
  return mode === 'drill' ? withRegions(estate.drill.apis, estate) : productionApis(estate);
}

export function productionApis(estate: Pick<Estate, 'primary' | 'apiGateway'>): ApiRef[] {
  return withRegions(estate.apiGateway.apis, estate);
}

function withRegions(apis: readonly GatewayApi[], { primary }: Pick<Estate, 'primary'>): ApiRef[] {
  return apis.map(({ id, region = primary.region, publishUnseen }) => ({ region, id, publishUnseen }));
}
