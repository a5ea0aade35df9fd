import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import * as z from 'zod';
import { ownerOfApi } from '../api-gateway/api-owner.ts';
import type { GatewayEndpoint } from '../api-gateway/gateway-endpoint.ts';
import { linkId } from '../api-gateway/link-id.ts';
import { type GatewayClients, type Links, linksFor } from '../api-gateway/read-links.ts';
import { endpointOf, readResources } from '../api-gateway/rest-api.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { defineDriver, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { readByApi } from './gateway-reading.ts';

const id = z.strictObject({
  region: z.string(),
  api: z.string(),
  /** The id of the resource: API Gateway never changes it. */
  resource: z.string(),
  /** For people. */
  path: z.string(),
  method: z.string(),
});

const state = z.strictObject({
  uri: z.string(),
  /** The name of a VPC link, or a stage variable; '' where the integration is public. */
  connection: z.string(),
  /** What a VPC link of the second version leads to; else ''. */
  target: z.string(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** Beyond this many methods of an API, reading all of them is cheaper than a request each. */
const WORTH_A_LIST = 3;

/** Where a method of a REST API leads. It takes effect on a stage once that is deployed. */
export const apigatewayIntegration = defineDriver<Id, State, GatewayClients>({
  kind: 'apigateway.integration',
  noun: 'integration of a REST API',
  compareAndSwap: {
    cas: 'no',
    window: 'between the last look and the update, well below a second; it is deployed later, and looked at again then',
  },
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  // What is written to one API is looked at again at once, in a request or two.
  group: ({ region, api }) => `${region} ${api}`,
  label: ({ api, method, path }) => `${method} ${path} of ${api}`,
  refuse: (at, { state: found }, desired) => ((found.connection === '') === (desired.connection === '') ? null : otherType(at)),
  halfWritten: fieldByField,
  read: (clients, ids) => readByApi(clients, ids, (...of) => readApi(clients, ...of)),
  write: single(writeOne),
});

async function readApi(
  clients: GatewayClients,
  { region, api }: { readonly region: string; readonly api: string },
  links: Links,
  members: readonly Id[],
): Promise<[Id, Observed<State>][]> {
  const gateway = await clients.apiGateway(region);
  const found = await unlessMissing(gateway.getRestApi({ restApiId: api }), 'NotFoundException');
  if (found === null) return [];
  const owner = ownerOfApi(api, found.tags);
  const resources = members.length > WORTH_A_LIST ? await readResources(gateway, api) : null;
  return Promise.all(
    members.map(async (at): Promise<[Id, Observed<State>]> => {
      const integration =
        resources === null
          ? await unlessMissing(
              gateway.getIntegration({ restApiId: api, resourceId: at.resource, httpMethod: at.method }),
              'NotFoundException',
            )
          : resources.find(({ id: resource }) => resource === at.resource)?.resourceMethods?.[at.method]?.methodIntegration;
      if (integration == null) return [at, { state: null, owner }];
      return [at, { state: { ...endpointOf(integration, await linksFor([integration.connectionId], links)) }, owner }];
    }),
  );
}

async function writeOne(clients: GatewayClients, { id: at, before, after }: Write<Id, State>): Promise<void> {
  if (before === null || after === null) {
    throw new EksDrError('conflict', {
      message: `${at.method} ${at.path} of the API ${at.api} has no integration: only what is there is led elsewhere, nothing made or deleted.`,
      target: `API ${at.api} in ${at.region}`,
    });
  }
  const patchOperations = await patches(clients, at.region, before, after);
  const gateway = await clients.apiGateway(at.region);
  await gateway.updateIntegration({ restApiId: at.api, resourceId: at.resource, httpMethod: at.method, patchOperations });
}

async function patches(
  clients: GatewayClients,
  region: string,
  before: GatewayEndpoint,
  after: GatewayEndpoint,
): Promise<PatchOperation[]> {
  const replace = (path: string, value: string): PatchOperation => ({ op: 'replace', path, value });
  return [
    ...(after.uri === before.uri ? [] : [replace('/uri', after.uri)]),
    ...(after.connection === before.connection ? [] : [replace('/connectionId', await linkId(clients, region, after.connection))]),
    ...(after.target === before.target ? [] : [replace('/integrationTarget', after.target)]),
  ];
}

function otherType({ api, method, path }: Id): EksDrError {
  return new EksDrError('conflict', {
    message: `${method} ${path} of the API ${api} is private where it was public, or public where it was private; that is not changed here.`,
    target: `API ${api}`,
  });
}
