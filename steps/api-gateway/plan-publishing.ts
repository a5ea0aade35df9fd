import type { EksDrError } from '../kit/errors.ts';
import type { Resource } from '../kit/resource.ts';
import { apigatewayDeployment } from '../resources/apigateway-deployment.ts';
import { apigatewayv2Deployment } from '../resources/apigatewayv2-deployment.ts';
import { apigatewayv2WebsocketDeployment } from '../resources/apigatewayv2-websocket-deployment.ts';
import { contentDigest } from './content-digest.ts';
import { endpointText, type GatewayEndpoint } from './gateway-endpoint.ts';
import { unpublishable, unseen } from './problems.ts';
import type { GatewayApiClient, GatewayStage } from './stage-api.ts';
import { type StageContent, undeployedEdits } from './stage-content.ts';
import { type GatewayInputs, leadsToSuccessor, type Outcome } from './switch-endpoint.ts';
import type { ApiRef } from './switched-apis.ts';

export interface Publishing {
  readonly resource?: Resource;
  readonly problem?: EksDrError;
}

/** The stages that need a deployment to serve what is switched: those that don't publish every edit by themselves. */
export function toDeploy(stages: readonly GatewayStage[]): GatewayStage[] {
  return stages.filter(({ autoDeploy, deployment }) => !autoDeploy && deployment !== '');
}

/** How a stage comes to serve what is switched, or why it must not be published. */
export async function planPublishing(
  ref: ApiRef,
  client: GatewayApiClient,
  stage: GatewayStage,
  inputs: GatewayInputs,
  become: (from: GatewayEndpoint) => Outcome,
): Promise<Publishing> {
  const { region, id: api } = ref;
  const [live, current] = await Promise.all([client.live(stage), client.current()]);
  const wanted = new Map([...current.routes].map(([route, from]) => [route, toOf(become(from), from)]));
  if (live === null) return publishUnseen(ref, stage, { current, wanted, inputs, become });
  // A stage is published when what it serves leads to the primary, though the API may say better already.
  if (![...live.routes.values()].some((from) => become(from).kind === 'switched')) return {};
  const routes = Object.fromEntries([...wanted].map(([route, to]) => [route, endpointText(to)]));
  const edits = undeployedEdits(live, current, new Map(Object.entries(routes)));
  if (edits.length > 0 || stage.busy !== null) return { problem: unpublishable({ api, stage: stage.name }, stage.busy, edits) };
  const driver = client.kind === 'rest' ? apigatewayDeployment : apigatewayv2Deployment;
  return { resource: driver.resource({ region, api, stage: stage.name }, { routes, run: inputs.run }) };
}

interface Unseen {
  readonly current: StageContent;
  readonly wanted: ReadonlyMap<string, GatewayEndpoint>;
  readonly inputs: GatewayInputs;
  readonly become: (from: GatewayEndpoint) => Outcome;
}

/** A stage that can't be compared with its API is published only where the estate says so, and then with exactly what was planned. */
function publishUnseen(ref: ApiRef, stage: GatewayStage, { current, wanted, inputs, become }: Unseen): Publishing {
  const { region, id: api } = ref;
  const said = [...current.routes.values()];
  const switches = said.some((from) => become(from).kind === 'switched');
  if (ref.publishUnseen !== true) return switches ? { problem: unseen(ref, stage.name) } : {};
  // What leads to a successor may have been switched before a crash, and not been published.
  if (!switches && !said.some((from) => leadsToSuccessor(from, inputs))) return {};
  const serves = contentDigest({ routes: wanted, rest: current.rest });
  return { resource: apigatewayv2WebsocketDeployment.resource({ region, api, stage: stage.name }, { serves, run: inputs.run }) };
}

function toOf(outcome: Outcome, from: GatewayEndpoint): GatewayEndpoint {
  return outcome.kind === 'switched' ? outcome.to : from;
}
