import type { EksDrError } from '../kit/errors.ts';
import type { Resource } from '../kit/resource.ts';
import { apigatewayDeployment } from '../resources/apigateway-deployment.ts';
import { apigatewayIntegration } from '../resources/apigateway-integration.ts';
import { apigatewayStageVariable } from '../resources/apigateway-stage-variable.ts';
import { apigatewayv2Deployment } from '../resources/apigatewayv2-deployment.ts';
import { apigatewayv2Integration } from '../resources/apigatewayv2-integration.ts';
import { endpointText, type GatewayEndpoint, type GatewayLink } from './gateway-endpoint.ts';
import { linkNameFor } from './link-names.ts';
import { unmapped, unpublishable } from './problems.ts';
import type { GatewayApiClient, GatewayStage } from './stage-api.ts';
import { undeployedEdits } from './stage-content.ts';
import { type GatewayInputs, type Outcome, switchEndpoint } from './switch-endpoint.ts';
import type { ApiRef } from './switched-apis.ts';

type Pair = GatewayInputs['pairs'][number];

/** What is to be done with one API, or what stands in the way. */
export interface PlannedApi {
  /** What the API says: integrations and stage variables. */
  readonly edits: readonly Resource[];
  readonly deployments: readonly Resource[];
  /** The load balancers that need a link of the first version, and whether one into the VPC is needed. */
  readonly linkTo: readonly Pair[];
  readonly linkInto: boolean;
  readonly leftAlone: readonly string[];
  readonly problems: readonly EksDrError[];
}

/** Finds in an API what leads to the primary, and says where it shall lead. */
export async function planApi(
  ref: ApiRef,
  api: GatewayApiClient,
  links: readonly GatewayLink[],
  inputs: GatewayInputs,
): Promise<PlannedApi> {
  const [integrations, stages] = await Promise.all([api.integrations(), api.stages()]);
  const become = (from: GatewayEndpoint) => switchEndpoint(from, ref.region, links, inputs);
  const found = [
    ...integrations.map((from) => ({ what: from.label, from, outcome: become(from), integration: from.id })),
    ...stages.flatMap((stage) => variablesOf(stage, ref, links, inputs)),
  ];
  if (api.kind === 'websocket') {
    const concerned = found.filter(({ outcome }) => outcome.kind !== 'elsewhere');
    const line = `${concerned.length} integrations of the WebSocket API ${api.name} (${ref.id}) keep leading to the primary: what its stages serve can't be compared; switch them by hand`;
    return { ...nothing, leftAlone: concerned.length === 0 ? [] : [line] };
  }
  const problems = found.flatMap(({ what, outcome }) => (outcome.kind === 'problem' ? [`${what}: ${outcome.reason}`] : []));
  const switched = found.filter(isSwitched);
  const published = await Promise.all(
    stages
      .filter(({ autoDeploy, deployment }) => !autoDeploy && deployment !== '')
      .map((stage) => publish(ref, api, stage, inputs, become)),
  );
  return {
    edits: switched.map((one) => editOf(ref, api, one)),
    deployments: published.flatMap(({ resource }) => resource ?? []),
    linkTo: switched.flatMap(({ outcome }) => outcome.linkTo),
    linkInto: switched.some(({ outcome, from }) => outcome.linkTo.length === 0 && outcome.to.connection !== from.connection),
    leftAlone: found.flatMap(({ what, outcome }) =>
      outcome.kind === 'left-alone' ? [`${what} of the API ${api.name} (${ref.id}) keeps leading to the primary: ${outcome.reason}`] : [],
    ),
    problems: [...(problems.length === 0 ? [] : [unmapped(api.name, ref, problems)]), ...published.flatMap(({ problem }) => problem ?? [])],
  };
}

const nothing: PlannedApi = { edits: [], deployments: [], linkTo: [], linkInto: false, leftAlone: [], problems: [] };

interface Found {
  readonly what: string;
  readonly from: GatewayEndpoint;
  readonly outcome: Outcome;
  /** The id of an integration; without it, it is a variable. */
  readonly integration?: Readonly<Record<string, string>>;
  readonly variable?: { readonly stage: string; readonly variable: string };
  /** The variable holds the id of a link. */
  readonly link?: string;
}

type Switched = Found & { readonly outcome: Outcome & { readonly kind: 'switched' } };

function isSwitched(found: Found): found is Switched {
  return found.outcome.kind === 'switched';
}

function variablesOf(stage: GatewayStage, { region }: ApiRef, links: readonly GatewayLink[], inputs: GatewayInputs): Found[] {
  return Object.entries(stage.variables).map(([variable, value]) => {
    const at = { what: `variable ${variable} of stage ${stage.name}`, variable: { stage: stage.name, variable } };
    const link = links.find(({ id, version }) => id === value && version === 1);
    if (link === undefined) {
      const from = { uri: value, connection: '', target: '' };
      return { ...at, from, outcome: switchEndpoint(from, region, links, inputs) };
    }
    const from = { uri: '', connection: link.name, target: '' };
    const outcome = switchEndpoint(from, region, links, inputs);
    const [pair] = outcome.kind === 'switched' ? outcome.linkTo : [];
    return { ...at, from, outcome, ...(pair === undefined ? {} : { link: linkNameFor(inputs.run, pair) }) };
  });
}

function editOf(
  { region, id: api }: ApiRef,
  { kind }: GatewayApiClient,
  { integration, variable, outcome: { to }, link }: Switched,
): Resource {
  if (variable !== undefined) {
    const id = { region, api, type: kind === 'rest' ? ('rest' as const) : ('http' as const), ...variable };
    return apigatewayStageVariable.resource(id, link === undefined ? { value: to.uri, link: '' } : { value: '', link });
  }
  if (kind === 'rest') {
    const { resource = '', path = '', method = '' } = integration ?? {};
    return apigatewayIntegration.resource({ region, api, resource, path, method }, { ...to });
  }
  return apigatewayv2Integration.resource(
    { region, api, integration: integration?.integration ?? '' },
    { uri: to.uri, connection: to.connection },
  );
}

/** A stage is published when what it serves leads to the primary, though the API may say better already. */
async function publish(
  { region, id: api }: ApiRef,
  client: GatewayApiClient,
  stage: GatewayStage,
  { run }: GatewayInputs,
  become: (from: GatewayEndpoint) => Outcome,
): Promise<{ readonly resource?: Resource; readonly problem?: EksDrError }> {
  const live = await client.live(stage);
  if (![...live.routes.values()].some((from) => become(from).kind === 'switched')) return {};
  const current = await client.current();
  const routes = Object.fromEntries([...current.routes].map(([route, from]) => [route, endpointText(toOf(become(from), from))]));
  const edits = undeployedEdits(live, current, new Map(Object.entries(routes)));
  if (edits.length > 0 || stage.busy !== null) return { problem: unpublishable({ api, stage: stage.name }, stage.busy, edits) };
  const driver = client.kind === 'rest' ? apigatewayDeployment : apigatewayv2Deployment;
  return { resource: driver.resource({ region, api, stage: stage.name }, { routes, run }) };
}

function toOf(outcome: Outcome, from: GatewayEndpoint): GatewayEndpoint {
  return outcome.kind === 'switched' ? outcome.to : from;
}
