import { asBearable, type EksDrError } from '../kit/errors.ts';
import { groupBy } from '../kit/keys.ts';
import type { GatewayLink } from './gateway-endpoint.ts';
import { openApi } from './open-api.ts';
import { noSuchApi } from './problems.ts';
import { type GatewayClients, readLinks } from './read-links.ts';
import type { GatewayApiClient } from './stage-api.ts';
import type { ApiRef } from './switched-apis.ts';

/** An API of the estate with the VPC links of its region. */
export interface OpenedApi {
  readonly ref: ApiRef;
  readonly api: GatewayApiClient;
  readonly links: readonly GatewayLink[];
}

/** The APIs of the estate; what stands in the way of some does not hide the others. */
export async function readApis(
  clients: GatewayClients,
  refs: readonly ApiRef[],
): Promise<{ readonly opened: readonly OpenedApi[]; readonly problems: readonly EksDrError[] }> {
  const problems: EksDrError[] = [];
  const perRegion = [...groupBy(refs, ({ region }) => region)].map(async ([region, members]) => {
    try {
      const links = await readLinks(clients, region);
      const found = await Promise.all(members.map(async (ref) => ({ ref, links, api: await openApi(clients, ref, links) })));
      return found.flatMap(({ ref, api, ...rest }) => {
        if (api !== null) return [{ ref, api, ...rest }];
        problems.push(noSuchApi(ref));
        return [];
      });
    } catch (thrown) {
      problems.push(asBearable(thrown));
      return [];
    }
  });
  return { opened: (await Promise.all(perRegion)).flat(), problems };
}
