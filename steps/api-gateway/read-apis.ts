import { asBearable, type EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import type { Run } from '../kit/run.ts';
import type { GatewayLink } from './gateway-endpoint.ts';
import { openApi } from './open-api.ts';
import { lostWithoutDomain, noSuchApi } from './problems.ts';
import { type GatewayClients, readLinks } from './read-links.ts';
import type { GatewayApiClient } from './stage-api.ts';
import type { ApiRef } from './switched-apis.ts';
import type { DomainRef } from './switched-domains.ts';

/** An API of the estate with the VPC links of its region. */
export interface OpenedApi {
  readonly ref: ApiRef;
  readonly api: GatewayApiClient;
  readonly links: readonly GatewayLink[];
}

export interface ReadApis {
  readonly opened: readonly OpenedApi[];
  readonly problems: readonly EksDrError[];
  /** For people: the APIs of a region that does not answer. */
  readonly lost: readonly string[];
}

/**
 * The APIs of the estate; what stands in the way of some does not hide the others. In a recovery, a region that does not answer stops
 * nothing, unless it is the new one: its APIs are lost with it, and can't be edited. `domains` are those that take users elsewhere then;
 * without any, the loss of APIs is a problem.
 */
export async function readApis(
  clients: GatewayClients,
  refs: readonly ApiRef[],
  { mode, region: newRegion, domains }: { readonly mode: Run['mode']; readonly region: string; readonly domains: readonly DomainRef[] },
): Promise<ReadApis> {
  const problems: EksDrError[] = [];
  const lost: string[] = [];
  const perRegion = [...groupBy(refs, ({ region }) => region)].map(async ([region, members]) => {
    try {
      const links = await readLinks(clients, region);
      const found = await Promise.all(members.map(async (ref) => ({ ref, links, api: await openApi(clients, ref, async () => links) })));
      return found.flatMap(({ ref, api, ...rest }) => {
        if (api !== null) return [{ ref, api, ...rest }];
        problems.push(noSuchApi(ref));
        return [];
      });
    } catch (thrown) {
      const error = asBearable(thrown);
      const ways = domains.filter((domain) => domain.region === region).map(({ name }) => name);
      if (!mayBeLost(error, { mode, region, newRegion })) problems.push(error);
      else if (ways.length === 0) problems.push(lostWithoutDomain(region, members, error));
      else lost.push(lostRegion(region, members, ways, error));
      return [];
    }
  });
  return { opened: (await Promise.all(perRegion)).flat(), problems, lost };
}

/** Whether a region may be taken for lost by what asking it ended in. */
export function mayBeLost(
  { category }: Pick<EksDrError, 'category'>,
  at: { readonly mode: Run['mode']; readonly region: string; readonly newRegion: string },
): boolean {
  return at.mode === 'recover' && category === 'unavailable' && at.region !== at.newRegion;
}

function lostRegion(region: string, refs: readonly ApiRef[], ways: readonly string[], { message }: EksDrError): string {
  const ids = refs.map(({ id }) => id).join(', ');
  return `API Gateway in ${region} does not answer, so ${ids} stay as they are. Users leave that region by the records of ${ways.join(', ')}, which switch-route53 switches. ${message}`;
}
