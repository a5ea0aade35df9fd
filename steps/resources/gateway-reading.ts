import { noApi } from '../api-gateway/api-owner.ts';
import { type GatewayClients, type Links, readLinks } from '../api-gateway/read-links.ts';
import { once } from '../clients/memoised.ts';
import type { Observed } from '../kit/driver.ts';
import { groupBy } from '../kit/keys.ts';

interface InApi {
  readonly region: string;
  readonly api: string;
}

/** Reads what lies in APIs: each API once, and the VPC links once for a region, where something goes through them. What `readApi` says nothing of has no API. */
export async function readByApi<Id extends InApi, State>(
  clients: GatewayClients,
  ids: readonly Id[],
  readApi: (api: InApi, links: Links, members: readonly Id[]) => Promise<readonly (readonly [Id, Observed<State>])[]>,
): Promise<Observed<State>[]> {
  const regions = await Promise.all(
    [...groupBy(ids, ({ region }) => region)].map(async ([region, members]) => {
      const links = once(() => readLinks(clients, region));
      const apis = [...groupBy(members, ({ api }) => api)].map(([api, ofApi]) => readApi({ region, api }, links, ofApi));
      return (await Promise.all(apis)).flat();
    }),
  );
  const found = new Map(regions.flat());
  return ids.map((at) => found.get(at) ?? { state: null, owner: noApi(at.api) });
}
