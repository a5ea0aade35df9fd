import * as z from 'zod';
import { ownerOfApi } from '../api-gateway/api-owner.ts';
import { linkId } from '../api-gateway/link-id.ts';
import { type GatewayClients, type Links, linksFor } from '../api-gateway/read-links.ts';
import { linkName } from '../api-gateway/stage-content.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { defineDriver, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { readByApi } from './gateway-reading.ts';

const id = z.strictObject({ region: z.string(), api: z.string(), integration: z.string() });

const state = z.strictObject({
  /** An address, or the ARN of a listener. */
  uri: z.string(),
  /** The name of a VPC link; '' where the integration is public. */
  connection: z.string(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** Where an integration of an HTTP or WebSocket API leads. Stages that deploy by themselves serve it at once. */
export const apigatewayv2Integration = defineDriver<Id, State, GatewayClients>({
  kind: 'apigatewayv2.integration',
  noun: 'integration of an HTTP or WebSocket API',
  compareAndSwap: { cas: 'no', window: 'between the last look and the update, well below a second' },
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  // What is written to one API is looked at again at once.
  group: ({ region, api }) => `${region} ${api}`,
  label: ({ api, integration }) => `${integration} of ${api}`,
  halfWritten: fieldByField,
  read: (clients, ids) => readByApi(clients, ids, (...of) => readApi(clients, ...of)),
  write: single(writeOne),
});

async function readApi(
  clients: GatewayClients,
  { region, api }: { region: string; api: string },
  links: Links,
  members: readonly Id[],
): Promise<[Id, Observed<State>][]> {
  const gateway = await clients.apiGatewayV2(region);
  const found = await unlessMissing(gateway.getApi({ ApiId: api }), 'NotFoundException');
  if (found === null) return [];
  const owner = ownerOfApi(api, found.Tags);
  return Promise.all(
    members.map(async (at): Promise<[Id, Observed<State>]> => {
      const integration = await unlessMissing(gateway.getIntegration({ ApiId: api, IntegrationId: at.integration }), 'NotFoundException');
      if (integration === null) return [at, { state: null, owner }];
      const { IntegrationUri: uri = '', ConnectionId = '' } = integration;
      return [at, { state: { uri, connection: linkName(ConnectionId, await linksFor([ConnectionId], links)) }, owner }];
    }),
  );
}

async function writeOne(clients: GatewayClients, { id: at, before, after }: Write<Id, State>): Promise<void> {
  if (before === null || after === null) {
    throw new EksDrError('conflict', {
      message: `The API ${at.api} has no integration ${at.integration}: only what is there is led elsewhere, nothing made or deleted.`,
      target: `API ${at.api} in ${at.region}`,
    });
  }
  const gateway = await clients.apiGatewayV2(at.region);
  await gateway.updateIntegration({
    ApiId: at.api,
    IntegrationId: at.integration,
    ...(after.uri === before.uri ? {} : { IntegrationUri: after.uri }),
    ...(after.connection === before.connection ? {} : { ConnectionId: await linkId(clients, at.region, after.connection) }),
  });
}
