import * as z from 'zod';
import { noApi } from '../api-gateway/api-owner.ts';
import { contentDigest } from '../api-gateway/content-digest.ts';
import { markedDeployments } from '../api-gateway/deployment-mark.ts';
import { openApi } from '../api-gateway/open-api.ts';
import { type GatewayClients, readLinks } from '../api-gateway/read-links.ts';
import { publish } from '../api-gateway/stage-publishing.ts';
import { defineDriver, eachId, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';

const id = z.strictObject({ region: z.string(), api: z.string(), stage: z.string() });

const state = z.strictObject({
  /** A deployment of others by its id, or the digest of what the API said when ours was made: more is not known of either. */
  serves: z.string(),
  /** Whose deployment the stage serves, or still has; null: none that a run made. */
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/**
 * What a stage of a WebSocket API serves. A deployment can't be read, so it is told by which one it is. What is published is what the API
 * said when the plan was made, with our edits: anything else is refused. The way back is the deployment that the stage served before.
 */
export const apigatewayv2WebsocketDeployment = defineDriver<Id, State, GatewayClients>({
  kind: 'apigatewayv2.websocket-deployment',
  noun: 'deployment of a WebSocket API',
  compareAndSwap: {
    cas: 'no',
    window: 'between the last look, which compares the API with the plan, and the deployment: about a second',
  },
  permissions: { read: ['apigateway:GET'], write: ['apigateway:POST', 'apigateway:PATCH', 'apigateway:DELETE'] },
  concurrency: 2,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ api, stage }) => `stage ${stage} of ${api}`,
  halfWritten: fieldByField,
  read: eachId(readOne),
  write: single(writeOne),
});

async function readOne(clients: GatewayClients, at: Id): Promise<Observed<State>> {
  const api = await openApi(clients, { region: at.region, id: at.api }, () => readLinks(clients, at.region));
  if (api === null) return { state: null, owner: noApi(at.api) };
  const [stages, deployments] = await Promise.all([api.stages(), api.deployments()]);
  const stage = stages.find(({ name }) => name === at.stage);
  if (stage === undefined) return { state: null, owner: api.owner };
  const marks = markedDeployments(deployments, at.stage);
  const live = marks.find((one) => one.id === stage.deployment);
  return {
    state: { serves: live === undefined ? `deployment ${stage.deployment}` : live.content, run: (live ?? marks.at(-1))?.run ?? null },
    owner: api.owner,
  };
}

function writeOne(clients: GatewayClients, write: Write<Id, State>): Promise<void> {
  return publish(clients, write, async ({ api }, after) => {
    const content = contentDigest(await api.current());
    if (content !== after.serves) throw editedMeanwhile(write.id);
    return content;
  });
}

function editedMeanwhile({ region, api, stage }: Id): EksDrError {
  return new EksDrError('conflict', {
    message: `Stage ${stage} of the WebSocket API ${api} can't be published: its routes or integrations are not what they were when this was planned. Publishing takes every edit of an API, and these are not ours.`,
    target: `API ${api} in ${region}`,
    remedy: 'Have those who edited the API take that back or deploy it, then plan again.',
  });
}
