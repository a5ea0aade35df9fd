import { PRODUCTION_APIS } from '../../sandbox/worlds/api-names.ts';
import { PRIMARY_REGION } from '../../sandbox/worlds/names.ts';
import type { Run } from '../../steps/kit/run.ts';
import type { Attack } from './attacks.ts';

const region = PRIMARY_REGION;
const uri = 'http://drill.example.com/';

/** The APIs and VPC links of production. The ids of methods and integrations need not exist: whose an API is counts. */
export function gatewayAttacks({ id: run }: Pick<Run, 'id'>): readonly Attack[] {
  return [
    {
      title: 'a method of an API',
      kind: 'apigateway.integration',
      id: { region, api: PRODUCTION_APIS.shop, resource: 'any', path: '/cart', method: 'GET' },
      after: { uri, connection: '', target: '' },
    },
    {
      title: 'a stage variable',
      kind: 'apigateway.stage-variable',
      id: { region, api: PRODUCTION_APIS.catalog, type: 'rest', stage: 'prod', variable: 'backend' },
      after: { value: 'drill.example.com', link: '' },
    },
    {
      title: 'a deployment of an API',
      kind: 'apigateway.deployment',
      id: { region, api: PRODUCTION_APIS.shop, stage: 'prod' },
      after: { routes: { 'GET /cart': uri }, run },
    },
    { title: 'the end of a VPC link', kind: 'apigateway.vpc-link', id: { region, name: 'cart' }, after: null },
    {
      title: 'an integration of an HTTP or WebSocket API',
      kind: 'apigatewayv2.integration',
      id: { region, api: PRODUCTION_APIS.storefront, integration: 'any' },
      after: { uri, connection: '' },
    },
    {
      title: 'a deployment of an HTTP API',
      kind: 'apigatewayv2.deployment',
      id: { region, api: PRODUCTION_APIS.storefront, stage: 'prod' },
      after: { routes: { 'GET /status': uri }, run },
    },
    {
      title: 'a deployment of a WebSocket API',
      kind: 'apigatewayv2.websocket-deployment',
      id: { region, api: PRODUCTION_APIS.events, stage: 'prod' },
      after: { serves: 'sha256:00', run },
    },
    { title: 'the end of a VPC link into the VPC', kind: 'apigatewayv2.vpc-link', id: { region, name: 'shop-vpc' }, after: null },
  ];
}
