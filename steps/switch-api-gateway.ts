import * as z from 'zod';
import { endpointText } from './api-gateway/gateway-endpoint.ts';
import { planApi } from './api-gateway/plan-api.ts';
import { readApis } from './api-gateway/read-apis.ts';
import type { GatewayInputs } from './api-gateway/switch-endpoint.ts';
import { switchWaves } from './api-gateway/switch-waves.ts';
import { switchedApis } from './api-gateway/switched-apis.ts';
import { switchedDomains } from './api-gateway/switched-domains.ts';
import { describeLinks, newestPlace } from './api-gateway/vpc-links.ts';
import { gatewayApis } from './checks/gateway-apis.ts';
import { leastSeconds } from './clients/limits.ts';
import { createCluster } from './create-cluster.ts';
import { primaryTakesUsers } from './endpoints/failback.ts';
import type { Estate } from './estate/estate.ts';
import { installIstio } from './install-istio.ts';
import { gather } from './kit/errors.ts';
import type { Run } from './kit/run.ts';
import { prepareEndpoints } from './prepare-endpoints.ts';
import { apigatewayDeployment } from './resources/apigateway-deployment.ts';
import { apigatewayIntegration } from './resources/apigateway-integration.ts';
import { apigatewayStageVariable } from './resources/apigateway-stage-variable.ts';
import { apigatewayVpcLink } from './resources/apigateway-vpc-link.ts';
import { apigatewayv2Deployment } from './resources/apigatewayv2-deployment.ts';
import { apigatewayv2Integration } from './resources/apigatewayv2-integration.ts';
import { apigatewayv2VpcLink } from './resources/apigatewayv2-vpc-link.ts';
import { apigatewayv2WebsocketDeployment } from './resources/apigatewayv2-websocket-deployment.ts';
import { defineStep } from './step.ts';
import { takeInventory } from './take-inventory.ts';
import { verifyServices } from './verify-services.ts';
import { stagesPublished } from './waits/stages-published.ts';
import { vpcLinksAvailable } from './waits/vpc-links-available.ts';

export const switchApiGateway = defineStep({
  id: 'switch-api-gateway',
  title: 'Switch the integrations of API Gateway',
  needs: { inventory: takeInventory, created: createCluster, istio: installIstio, verified: verifyServices },
  after: [prepareEndpoints],
  reads: ['primary', 'apiGateway', 'drill'],
  outputs: z.object({
    apis: z.array(
      z.object({
        id: z.string(),
        region: z.string(),
        name: z.string(),
        /** What leads to a load balancer of the new cluster now. */
        integrations: z.array(z.object({ label: z.string(), endpoint: z.string() })),
      }),
    ),
  }),
  drivers: [
    apigatewayVpcLink,
    apigatewayv2VpcLink,
    apigatewayIntegration,
    apigatewayv2Integration,
    apigatewayStageVariable,
    apigatewayDeployment,
    apigatewayv2Deployment,
    apigatewayv2WebsocketDeployment,
  ],
  waits: [vpcLinksAvailable, stagesPublished],
  checks: [gatewayApis],
  undoScope: 'endpoints',
  beforeUndo: primaryTakesUsers,

  async describe({ estate, run, clients, log, needs }) {
    const { created, istio, inventory, verified } = needs;
    const { opened, problems, lost } = await readApis(clients, switchedApis(estate, run.mode), placeOf(estate, run, created));
    const inputs: GatewayInputs = {
      run: run.id,
      region: created.region,
      old: inventory.loadBalancers,
      pairs: verified.endpoints,
      leftOut: verified.leftOut,
    };
    const planned = await Promise.all(opened.map(({ ref, api, links }) => planApi(ref, api, links, inputs)));
    const all = [...problems, ...planned.flatMap((one) => one.problems)];
    if (all.length > 0) throw gather(all);
    for (const line of [...lost, ...planned.flatMap(({ leftAlone }) => leftAlone)]) log.warn(line);

    const deployments = planned.flatMap((one) => one.deployments);
    const seconds = leastSeconds('apigateway:CreateDeployment', deployments.length);
    if (deployments.length > 0) log.info(`${deployments.length} stages are published, one in five seconds: ${seconds} s at least.`);
    // prepare-endpoints knows those before Istio alone: where there are some, both go by them.
    const candidates = istio.loadBalancers.length > 0 ? istio.loadBalancers : verified.endpoints.map((pair) => pair.new);
    const into = planned.some(({ linkInto }) => linkInto)
      ? await newestPlace(await clients.elb(created.region), created.cluster, candidates, estate.apiGateway.securityGroups[run.target])
      : null;
    const to = planned.flatMap(({ linkTo }) => linkTo).map((pair) => ({ stack: pair.stack, scheme: pair.scheme, arn: pair.new.arn }));
    const stages = deployments.map(({ kind, id: { region = '', api = '', stage = '' } }) => {
      return { region, api, stage, type: kind === apigatewayDeployment.kind ? ('rest' as const) : ('http' as const) };
    });
    return [
      ...describeLinks({ run: run.id, region: created.region, to, into }),
      ...switchWaves(planned),
      ...(stages.length === 0 ? [] : [stagesPublished.for({ run: run.id, stages }, { expectedSeconds: seconds })]),
    ];
  },

  async finish({ estate, run, clients, needs: { verified, created } }) {
    const { opened, problems } = await readApis(clients, switchedApis(estate, run.mode), placeOf(estate, run, created));
    if (problems.length > 0) throw gather(problems);
    const fresh = verified.endpoints.flatMap((pair) => [pair.new.dnsName, pair.new.arn, ...pair.new.listeners.map(({ arn }) => arn)]);
    const apis = opened.map(async ({ ref, api }) => {
      const texts = (await api.integrations()).map((one) => ({ label: one.label, endpoint: endpointText(one) }));
      return {
        id: ref.id,
        region: ref.region,
        name: api.name,
        integrations: texts.filter(({ endpoint }) => fresh.some((one) => endpoint.includes(one))),
      };
    });
    return { apis: await Promise.all(apis) };
  },
});

/** Where a run goes, and what leaves the regions of its APIs. */
function placeOf(
  estate: Pick<Estate, 'primary' | 'apiGateway' | 'drill'>,
  { mode }: Pick<Run, 'mode'>,
  { region }: { readonly region: string },
) {
  return { mode, region, domains: switchedDomains(estate, mode, region) };
}
