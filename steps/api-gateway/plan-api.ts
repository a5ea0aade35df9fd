import type { EksDrError } from '../kit/errors.ts';
import type { Resource } from '../kit/resource.ts';
import { apigatewayIntegration } from '../resources/apigateway-integration.ts';
import { apigatewayStageVariable } from '../resources/apigateway-stage-variable.ts';
import { apigatewayv2Integration } from '../resources/apigatewayv2-integration.ts';
import type { GatewayEndpoint, GatewayLink } from './gateway-endpoint.ts';
import { linkNameFor } from './link-names.ts';
import { planPublishing, toDeploy } from './plan-publishing.ts';
import { unmapped } from './problems.ts';
import type { GatewayApiClient, GatewayStage } from './stage-api.ts';
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
  const problems = found.flatMap(({ what, outcome }) => (outcome.kind === 'problem' ? [`${what}: ${outcome.reason}`] : []));
  const switched = found.filter(isSwitched);
  const published = await Promise.all(toDeploy(stages).map((stage) => planPublishing(ref, api, stage, inputs, become)));
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
