import type { CustomDomainName } from '../estate/api-gateway.ts';
import type { Estate } from '../estate/estate.ts';
import type { Run } from '../kit/run.ts';

/** A custom domain name that goes with a recovery, and the region in which it is until then. */
export interface DomainRef {
  readonly name: string;
  readonly region: string;
}

type Parts = Pick<Estate, 'primary' | 'apiGateway' | 'drill'>;

/** The custom domain names whose records a run leads to the region it recovers to: those that are there already go nowhere. */
export function switchedDomains(estate: Parts, mode: Run['mode'], newRegion: string): DomainRef[] {
  return withRegions(mode === 'drill' ? estate.drill.domains : estate.apiGateway.domains, estate).filter(
    ({ region }) => region !== newRegion,
  );
}

function withRegions(domains: readonly CustomDomainName[], { primary }: Pick<Parts, 'primary'>): DomainRef[] {
  return domains.map(({ name, region = primary.region }) => ({ name, region }));
}
