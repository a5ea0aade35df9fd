import { DRILL_APIS } from '../../../../sandbox/worlds/api-names.ts';
import { PRIMARY_REGION, RECOVERY_REGION } from '../../../../sandbox/worlds/names.ts';
import { contentDigest } from '../../../../steps/api-gateway/content-digest.ts';
import { endpointText } from '../../../../steps/api-gateway/gateway-endpoint.ts';
import { openApi } from '../../../../steps/api-gateway/open-api.ts';
import type { GatewayApiClient } from '../../../../steps/api-gateway/stage-api.ts';
import { apigatewayDeployment } from '../../../../steps/resources/apigateway-deployment.ts';
import { apigatewayIntegration } from '../../../../steps/resources/apigateway-integration.ts';
import { apigatewayStageVariable } from '../../../../steps/resources/apigateway-stage-variable.ts';
import { apigatewayVpcLink } from '../../../../steps/resources/apigateway-vpc-link.ts';
import { apigatewayv2Deployment } from '../../../../steps/resources/apigatewayv2-deployment.ts';
import { apigatewayv2Integration } from '../../../../steps/resources/apigatewayv2-integration.ts';
import { apigatewayv2VpcLink } from '../../../../steps/resources/apigatewayv2-vpc-link.ts';
import { apigatewayv2WebsocketDeployment } from '../../../../steps/resources/apigatewayv2-websocket-deployment.ts';
import { unique } from '../../unique.ts';
import type { LawWorld } from '../world.ts';
import type { LawCase } from './case.ts';

// APIs can only be had by importing or making them, which no step does: the cases use the copies for drills in the shop's world.
const region = RECOVERY_REGION;

async function opened({ clients }: LawWorld, id: string): Promise<GatewayApiClient> {
  const api = await openApi(clients, { region, id }, async () => []);
  if (api === null) throw new Error(`there is no API ${id}`);
  return api;
}

const integration: LawCase = {
  driver: apigatewayIntegration,
  referees: [],
  async arrange(world) {
    const all = await (await opened(world, DRILL_APIS.catalog)).integrations();
    const found = all.find(({ label }) => label === 'GET /prices');
    const state = (uri: string) => ({ desired: { uri, connection: '', target: '' } });
    const { resource = '', path = '', method = '' } = found?.id ?? {};
    return [
      {
        id: { region, api: DRILL_APIS.catalog, resource, path, method },
        states: [state('http://a.example.com/x'), state('https://b.example.com/')],
      },
    ];
  },
};

const variable: LawCase = {
  driver: apigatewayStageVariable,
  referees: [],
  async arrange() {
    const id = { region, api: DRILL_APIS.catalog, type: 'rest', stage: 'prod', variable: 'backend' };
    const state = (value: string) => ({ desired: { value, link: '' } });
    return [{ id, states: [state('a.example.com'), state('b.example.com:8080')] }];
  },
};

const httpIntegration: LawCase = {
  driver: apigatewayv2Integration,
  referees: [],
  async arrange(world) {
    const [found] = await (await opened(world, DRILL_APIS.events)).integrations();
    const id = { region, api: DRILL_APIS.events, integration: found?.id.integration ?? '' };
    const state = (uri: string) => ({ desired: { uri, connection: '' } });
    return [{ id, states: [state('http://a.example.com/x'), state('https://b.example.com/')] }];
  },
};

/** What the API says once a method of it was led elsewhere, as a deployment by the run would serve it. */
async function said(world: LawWorld, id: string) {
  const { routes } = await (await opened(world, id)).current();
  return { desired: { routes: Object.fromEntries([...routes].map(([route, to]) => [route, endpointText(to)])), run: world.run } };
}

const deployment: LawCase = {
  driver: apigatewayDeployment,
  referees: [],
  async arrange(world) {
    const api = DRILL_APIS.shop;
    const found = (await (await opened(world, api)).integrations()).find(({ label }) => label === 'GET /cart');
    const gateway = await world.clients.apiGateway(region);
    const patchOperations = [{ op: 'replace' as const, path: '/uri', value: 'http://a.example.com/cart' }];
    await gateway.updateIntegration({ restApiId: api, resourceId: found?.id.resource, httpMethod: 'GET', patchOperations });
    return [{ id: { region, api, stage: 'prod' }, states: [await said(world, api)] }];
  },
};

const httpDeployment: LawCase = {
  driver: apigatewayv2Deployment,
  referees: [],
  async arrange(world) {
    const api = DRILL_APIS.storefront;
    const found = (await (await opened(world, api)).integrations()).find(({ uri }) => uri.startsWith('https://status'));
    const gateway = await world.clients.apiGatewayV2(region);
    await gateway.updateIntegration({ ApiId: api, IntegrationId: found?.id.integration, IntegrationUri: 'https://a.example.com/' });
    return [{ id: { region, api, stage: 'prod' }, states: [await said(world, api)] }];
  },
};

const webSocketDeployment: LawCase = {
  driver: apigatewayv2WebsocketDeployment,
  referees: [],
  async arrange(world) {
    const api = DRILL_APIS.events;
    const [found] = await (await opened(world, api)).integrations();
    const gateway = await world.clients.apiGatewayV2(region);
    await gateway.updateIntegration({ ApiId: api, IntegrationId: found?.id.integration, IntegrationUri: 'https://a.example.com/' });
    const serves = contentDigest(await (await opened(world, api)).current());
    return [{ id: { region, api, stage: 'prod' }, states: [{ desired: { serves, run: world.run } }] }];
  },
};

const link: LawCase = {
  driver: apigatewayVpcLink,
  referees: [],
  async arrange({ clients, run }) {
    const links = await (await clients.apiGateway(PRIMARY_REGION)).getVpcLinks({});
    const [target = ''] = links.items?.[0]?.targetArns ?? [];
    return [{ id: { region: PRIMARY_REGION, name: unique('law') }, states: [{ desired: { target, run } }], onlyOnce: true }];
  },
};

const httpLink: LawCase = {
  driver: apigatewayv2VpcLink,
  referees: [],
  async arrange({ clients, run }) {
    const { Subnets = [] } = await (await clients.ec2(region)).describeSubnets({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] });
    const subnets = Subnets.map(({ SubnetId = '' }) => SubnetId).toSorted();
    const desired = { subnets, securityGroups: [], run };
    const spellings = [{ ...desired, subnets: subnets.toReversed() }];
    return [{ id: { region, name: unique('law') }, states: [{ desired, spellings }], onlyOnce: true }];
  },
};

export const apiGatewayCases: readonly LawCase[] = [
  integration,
  variable,
  httpIntegration,
  deployment,
  httpDeployment,
  webSocketDeployment,
  link,
  httpLink,
];
