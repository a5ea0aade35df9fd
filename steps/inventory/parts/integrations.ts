import * as z from 'zod';
import { endpointText } from '../../api-gateway/gateway-endpoint.ts';
import { readApis } from '../../api-gateway/read-apis.ts';
import { productionApis } from '../../api-gateway/switched-apis.ts';
import { gather } from '../../kit/errors.ts';
import { definePart, sortedBy } from '../part.ts';

const schema = z
  .array(
    z.strictObject({
      region: z.string(),
      api: z.string(),
      name: z.string(),
      /** A route, or what API Gateway calls the integration. */
      label: z.string(),
      /** Where it leads, in one line. */
      endpoint: z.string(),
    }),
  )
  .nullable();

/** Where the integrations of the production APIs lead that are no functions and mocks: what a switch may have to look at. */
export const integrations = definePart({
  schema,
  words: 'integrations of APIs',
  system: 'API Gateway',
  forPeople: true,
  size: (value) => value?.length ?? 0,

  async read(clients, { primary, apiGateway }) {
    const refs = productionApis({ primary, apiGateway });
    const { opened, problems } = await readApis(clients, refs, { mode: 'drill', region: primary.region, domains: [] });
    if (problems.length > 0) throw gather(problems);
    const perApi = await Promise.all(
      opened.map(async ({ ref, api }) =>
        (await api.integrations()).flatMap(({ label, ...endpoint }) =>
          /^https?:|:elasticloadbalancing:/.test(endpoint.uri)
            ? [{ region: ref.region, api: ref.id, name: api.name, label, endpoint: endpointText(endpoint) }]
            : [],
        ),
      ),
    );
    return sortedBy(perApi.flat(), ({ api, label }) => `${api} ${label}`);
  },
});
