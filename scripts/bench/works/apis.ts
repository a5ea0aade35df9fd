import { addHttpApi, addRestApi, type Place } from '../../../sandbox/apigateway/seed.ts';
import { apigateway } from '../../../sandbox/apigateway/system.ts';
import { iam } from '../../../sandbox/iam/system.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import { sts } from '../../../sandbox/sts/system.ts';
import { emptyWorld } from '../../../sandbox/worlds/empty.ts';
import { BORN, RECOVERY_REGION as region } from '../../../sandbox/worlds/names.ts';
import type { Clients } from '../../../steps/clients/clients.ts';
import { switchApiGateway } from '../../../steps/switch-api-gateway.ts';
import { documented } from '../rated/documented.ts';
import { DRILL_TAGS, needs, pair } from '../rated/endpoints.ts';
import type { RatedWork } from '../rated/rated-work.ts';
import { describeStep } from '../rated/step-context.ts';

/** API Gateway takes one deployment in five seconds. */
const SCRIPT_PAUSE_SECONDS = 5;
const METHODS = ['GET /cart', 'PUT /cart', 'GET /orders', 'POST /orders'];

/** REST and HTTP APIs with public integrations, until the stages serve them. A fifth deploys by itself. */
export const apis: RatedWork = {
  title: 'APIs of API Gateway',
  drivers: switchApiGateway.drivers,
  waits: switchApiGateway.waits,
  scale: 5,
  async start(objects, scale) {
    const world = emptyWorld();
    const place: Place = { world, region, at: BORN, tags: DRILL_TAGS };
    const ids = Array.from({ length: objects }, (_, index) => seedApi(place, index));
    const running = await startSandbox({ world, scale, systems: [sts, iam, apigateway] });
    return {
      running,
      describe(clients, estate, run) {
        const drill = { ...estate.drill, apis: ids.map(({ id }) => ({ id, region })) };
        return describeStep(switchApiGateway, { clients, estate: { ...estate, drill }, run, needs });
      },
      stages(calls) {
        const both = (name: string) => calls(`apigateway:${name}`) + calls(`apigatewayv2:${name}`);
        const all = OPERATIONS.reduce((sum, name) => sum + both(name), 0);
        // All of them may go beside each other: an API can be deployed while others are still read.
        const deployments = { 'apigateway:CreateDeployment': both('CreateDeployment') };
        return [{ requests: { apigateway: all, 'apigateway:GetResources': both('GetResources'), ...deployments } }];
      },
      limits: documented('apigateway'),
      script: async (clients) => {
        for (const one of ids) await (one.rest ? switchRest(clients, one.id) : switchHttp(clients, one));
      },
    };
  },
};

const OPERATIONS = [
  'GetRestApi',
  'GetApi',
  'GetResources',
  'GetIntegration',
  'GetStages',
  'GetStage',
  'GetDeployments',
  'GetDeployment',
  'GetExport',
  'ExportApi',
  'GetVpcLinks',
  'UpdateIntegration',
  'CreateDeployment',
];

interface Seeded {
  readonly id: string;
  readonly rest: boolean;
  readonly deploys: boolean;
}

/** Of each five, three are REST APIs; of the HTTP APIs, one deploys by itself. */
function seedApi(place: Place, index: number): Seeded {
  const id = `bench${String(index).padStart(5, '0')}`;
  const to = (path: string) => `http://${pair.old.dnsName}${path}`;
  if (index % 5 < 3) {
    const methods = Object.fromEntries(METHODS.map((method) => [method, { uri: to(method.slice(method.indexOf('/'))) }]));
    addRestApi(place, { id, name: id, methods: { ...methods, 'GET /health': { type: 'MOCK' } }, stages: { prod: {} } });
    return { id, rest: true, deploys: true };
  }
  const autoDeploy = index % 5 === 4;
  const routes = { 'ANY /cart': { integrationUri: to('/cart') }, 'ANY /orders': { integrationUri: to('/orders') } };
  addHttpApi(place, { id, name: id, protocolType: 'HTTP', routes, stage: { name: 'prod', autoDeploy } });
  return { id, rest: false, deploys: !autoDeploy };
}

const led = (uri: string) => uri.replace(pair.old.dnsName, pair.new.dnsName);

async function switchRest({ apiGateway, clock }: Clients, restApiId: string): Promise<void> {
  const gateway = await apiGateway(region);
  const { items = [] } = await gateway.getResources({ restApiId, embed: ['methods'] });
  for (const { id: resourceId, resourceMethods = {} } of items)
    for (const [httpMethod, { methodIntegration }] of Object.entries(resourceMethods)) {
      const uri = methodIntegration?.uri;
      if (uri?.includes(pair.old.dnsName) !== true) continue;
      const patchOperations = [{ op: 'replace' as const, path: '/uri', value: led(uri) }];
      await gateway.updateIntegration({ restApiId, resourceId, httpMethod, patchOperations });
    }
  await gateway.createDeployment({ restApiId, stageName: 'prod' });
  await clock.sleep(SCRIPT_PAUSE_SECONDS);
}

async function switchHttp({ apiGatewayV2, clock }: Clients, { id: ApiId, deploys }: Seeded): Promise<void> {
  const gateway = await apiGatewayV2(region);
  const { Items = [] } = await gateway.getIntegrations({ ApiId });
  for (const { IntegrationId, IntegrationUri = '' } of Items)
    await gateway.updateIntegration({ ApiId, IntegrationId, IntegrationUri: led(IntegrationUri) });
  if (!deploys) return;
  await gateway.createDeployment({ ApiId, StageName: 'prod' });
  await clock.sleep(SCRIPT_PAUSE_SECONDS);
}
