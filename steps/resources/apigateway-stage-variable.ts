import * as z from 'zod';
import { linkId } from '../api-gateway/link-id.ts';
import { openApi } from '../api-gateway/open-api.ts';
import type { GatewayClients, Links } from '../api-gateway/read-links.ts';
import { linkName } from '../api-gateway/stage-content.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { readByApi } from './gateway-reading.ts';

const id = z.strictObject({
  region: z.string(),
  api: z.string(),
  /** `rest` or `http`: they are written in different ways. */
  type: z.enum(['rest', 'http']),
  stage: z.string(),
  variable: z.string(),
});

const state = z.strictObject({
  value: z.string(),
  /** The name of the VPC link whose id the value is; else ''. Then `value` is ''. */
  link: z.string(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** A variable of a stage. It needs no deployment. */
export const apigatewayStageVariable = defineDriver<Id, State, GatewayClients>({
  kind: 'apigateway.stage-variable',
  noun: 'stage variable',
  compareAndSwap: { cas: 'no', window: 'between the last look and the update, well below a second' },
  permissions: { read: ['apigateway:GET'], write: ['apigateway:PATCH'] },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ api, stage, variable }) => `${variable} of stage ${stage} of ${api}`,
  // One stage of an HTTP API takes all its variables at once.
  group: ({ region, api, stage }) => `${region} ${api} ${stage}`,
  batch: 1,
  read: (clients, ids) => readByApi(clients, ids, (...of) => readApi(clients, ...of)),
  write: single(writeOne),
});

async function readApi(
  clients: GatewayClients,
  { region, api: id }: { readonly region: string; readonly api: string },
  links: Links,
  members: readonly Id[],
): Promise<[Id, Observed<State>][]> {
  const api = await openApi(clients, { region, id }, links);
  if (api === null) return [];
  const { owner } = api;
  const [stages, known] = await Promise.all([api.stages(), links()]);
  return members.map((at) => {
    const value = stages.find(({ name }) => name === at.stage)?.variables[at.variable];
    if (value === undefined) return [at, { state: null, owner }];
    const link = linkName(value, known);
    return [at, { state: link === value ? { value, link: '' } : { value: '', link }, owner }];
  });
}

async function writeOne(clients: GatewayClients, { id: at, after }: Write<Id, State>): Promise<void> {
  if (after === null) {
    throw new EksDrError('conflict', {
      message: `The variable ${at.variable} of stage ${at.stage} of the API ${at.api} would be deleted; only what is there is changed.`,
      target: `API ${at.api} in ${at.region}`,
    });
  }
  const value = after.link === '' ? after.value : await linkId(clients, at.region, after.link);
  if (at.type === 'rest') {
    const gateway = await clients.apiGateway(at.region);
    const patchOperations = [{ op: 'replace' as const, path: `/variables/${at.variable}`, value }];
    await gateway.updateStage({ restApiId: at.api, stageName: at.stage, patchOperations });
    return;
  }
  const gateway = await clients.apiGatewayV2(at.region);
  const { StageVariables = {} } = await gateway.getStage({ ApiId: at.api, StageName: at.stage });
  await gateway.updateStage({ ApiId: at.api, StageName: at.stage, StageVariables: { ...StageVariables, [at.variable]: value } });
}
