import { addDomain, addHttpApi, addLinkV1, addLinkV2, addRestApi, editRestApi, type Place } from '../apigateway/seed.ts';
import { defaultNetwork } from '../ec2/network.ts';
import { elbRegion, type Listener, type LoadBalancer } from '../elb/state.ts';
import { putRecord } from '../route53/zones.ts';
import type { World } from '../world.ts';
import { DRILL_APIS, DRILL_APIS_BESIDE, PRODUCTION_APIS, STANDBY_APIS } from './api-names.ts';
import { BORN, DRILL_ZONE, PRIMARY_REGION, PRODUCTION_ZONE, RECOVERY_REGION } from './names.ts';

interface Backends {
  /** A network load balancer. */
  readonly cart: LoadBalancer;
  /** An application load balancer, and its listener. */
  readonly checkout: LoadBalancer;
  readonly listener: Listener;
}

/** The APIs of the shop, and copies of them for drills. */
export function seedApiGateway(world: World): void {
  const backends = backendsOf(world);
  const production: Place = { world, region: PRIMARY_REGION, at: BORN, tags: { environment: 'production' } };
  const drill: Place = { world, region: RECOVERY_REGION, at: BORN, tags: { 'eks-dr:scope': 'drill' } };
  seedPublic(production, backends, PRODUCTION_APIS, '');
  seedPrivate(production, backends, PRODUCTION_APIS, '');
  seedPartners(production, backends);
  seedPublic(drill, backends, DRILL_APIS, 'drill-');
  seedPrivate({ ...drill, region: PRIMARY_REGION }, backends, DRILL_APIS_BESIDE, 'drill-');
  const standby: Place = { ...production, region: RECOVERY_REGION };
  seedShop(standby, backends, STANDBY_APIS.shop, 'standby-');
  seedCatalog(standby, backends, STANDBY_APIS.catalog, 'standby-');
  seedDomain(PRODUCTION_ZONE, [
    [production, { '': PRODUCTION_APIS.shop, catalog: PRODUCTION_APIS.catalog }],
    [standby, { '': STANDBY_APIS.shop, catalog: STANDBY_APIS.catalog }],
  ]);
  seedDomain(DRILL_ZONE, [
    [{ ...drill, region: PRIMARY_REGION }, { '': DRILL_APIS_BESIDE.orders }],
    [drill, { '': DRILL_APIS.shop, catalog: DRILL_APIS.catalog }],
  ]);
}

/** A custom domain name in two regions, each with its own APIs by path. The record of the name leads to the first. */
function seedDomain(
  zone: { readonly id: string; readonly name: string },
  regions: readonly [Place, Readonly<Record<string, string>>][],
): void {
  const name = `api.${zone.name}`;
  const [first] = regions.map(([place, apis]) => {
    const mappings = Object.entries(apis).map(([path, apiId]) => [path, { apiId, stage: 'prod' }] as const);
    return { world: place.world, domain: addDomain(place, name, Object.fromEntries(mappings)) };
  });
  const hosted = first?.world.route53.zones[zone.id];
  if (first === undefined || hosted === undefined) throw new Error(`The world has no zone ${zone.name}.`);
  const { targetName: DNSName, targetZoneId: HostedZoneId } = first.domain;
  putRecord(hosted, { Name: name, Type: 'A', AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: true } });
}

function backendsOf(world: World): Backends {
  const { loadBalancers, listeners } = elbRegion(world.elb, PRIMARY_REGION);
  const behind = (stack: string): LoadBalancer => {
    const found = Object.values(loadBalancers).find(({ tags }) => Object.values(tags).includes(stack));
    if (found === undefined) throw new Error(`The world has no load balancer of ${stack}.`);
    return found;
  };
  const checkout = behind('checkout/checkout-api');
  const listener = Object.values(listeners).find(({ loadBalancerArn }) => loadBalancerArn === checkout.arn);
  if (listener === undefined) throw new Error('The load balancer of checkout-api has no listener.');
  return { cart: behind('cart/cart-api'), checkout, listener };
}

type PublicIds = Readonly<Record<'shop' | 'catalog' | 'storefront' | 'events', string>>;

function seedPublic(place: Place, backends: Backends, ids: PublicIds, prefix: string): void {
  const { cart } = backends;
  seedShop(place, backends, ids.shop, prefix);
  seedCatalog(place, backends, ids.catalog, prefix);
  addHttpApi(place, {
    id: ids.storefront,
    name: `${prefix}storefront`,
    protocolType: 'HTTP',
    routes: {
      'ANY /{proxy+}': { integrationUri: `http://${cart.dnsName}/{proxy}` },
      'GET /status': { integrationMethod: 'GET', integrationUri: 'https://status.example.net/' },
    },
    stage: { name: 'prod', autoDeploy: false },
  });
  addHttpApi(place, {
    id: ids.events,
    name: `${prefix}events`,
    protocolType: 'WEBSOCKET',
    routes: {
      $connect: { integrationMethod: 'POST', integrationUri: `http://${cart.dnsName}/events/connect` },
      $default: { integrationMethod: 'POST', integrationUri: `http://${cart.dnsName}/events` },
    },
    stage: { name: 'prod', autoDeploy: false },
  });
}

function seedShop(place: Place, { cart, checkout }: Backends, id: string, prefix: string): void {
  addRestApi(place, {
    id,
    name: `${prefix}shop`,
    methods: {
      'GET /cart': { uri: `http://${cart.dnsName}/cart` },
      'ANY /cart/{item}': {
        uri: `http://${cart.dnsName}:80/cart/{item}`,
        requestParameters: { 'integration.request.path.item': 'method.request.path.item' },
      },
      'POST /checkout': {
        type: 'HTTP',
        uri: `https://${checkout.dnsName}/checkout?channel=api`,
        requestTemplates: { 'application/json': '$input.json("$")' },
      },
      // What only looks like a load balancer of the primary, or names one elsewhere than as the host.
      'GET /lookalike': { uri: `http://${cart.dnsName}.example.net/cart` },
      'GET /redirect': { uri: `https://partner.example.net/go?to=${cart.dnsName}` },
      'GET /health': { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
    },
    stages: { prod: {}, beta: {} },
  });
}

function seedCatalog(place: Place, { cart }: Backends, id: string, prefix: string): void {
  addRestApi(place, {
    id,
    name: `${prefix}catalog`,
    methods: {
      'GET /products': { uri: 'http://${stageVariables.backend}/products' },
      'GET /prices': { uri: 'https://prices.example.net/v1' },
    },
    stages: { prod: { backend: cart.dnsName, currency: 'EUR' } },
  });
}

type PrivateIds = Readonly<Record<'orders' | 'payments' | 'checkout' | 'alerts', string>>;

function seedPrivate(place: Place, { cart, checkout, listener }: Backends, ids: PrivateIds, prefix: string): void {
  const { subnets, securityGroups } = defaultNetwork(place.world, place.region);
  const first = addLinkV1(place, `${prefix}cart`, cart.arn);
  const second = addLinkV2(place, `${prefix}shop-vpc`, {
    subnetIds: subnets.map(({ id }) => id),
    securityGroupIds: securityGroups.filter(({ name }) => name === 'default').map(({ id }) => id),
  });
  addRestApi(place, {
    id: ids.orders,
    name: `${prefix}orders`,
    methods: { 'ANY /orders': { uri: `http://${cart.dnsName}/orders`, connectionType: 'VPC_LINK', connectionId: first.id } },
    stages: { prod: {} },
  });
  addRestApi(place, {
    id: ids.payments,
    name: `${prefix}payments`,
    methods: {
      'POST /payments': {
        uri: 'http://payments.shop.internal/payments',
        connectionType: 'VPC_LINK',
        connectionId: second.id,
        integrationTarget: listener.arn,
      },
      'GET /payments': {
        uri: 'http://payments.shop.internal/payments',
        connectionType: 'VPC_LINK',
        connectionId: second.id,
        integrationTarget: checkout.arn,
      },
    },
    stages: { prod: {} },
  });
  addHttpApi(place, {
    id: ids.checkout,
    name: `${prefix}checkout`,
    protocolType: 'HTTP',
    routes: { $default: { integrationUri: listener.arn, connectionType: 'VPC_LINK', connectionId: second.id } },
    stage: { name: '$default', autoDeploy: true },
  });
  addHttpApi(place, {
    id: ids.alerts,
    name: `${prefix}alerts`,
    protocolType: 'WEBSOCKET',
    routes: {
      $default: {
        integrationMethod: 'POST',
        integrationUri: `http://${cart.dnsName}/alerts`,
        connectionType: 'VPC_LINK',
        connectionId: first.id,
      },
    },
    stage: { name: 'prod', autoDeploy: true },
  });
}

/** An API on which somebody is at work: what is deployed is not what it says. */
function seedPartners(place: Place, { cart }: Backends): void {
  const api = addRestApi(place, {
    id: PRODUCTION_APIS.partners,
    name: 'partners',
    methods: { 'GET /offers': { uri: `http://${cart.dnsName}/offers` } },
    stages: { prod: {} },
  });
  editRestApi(place.world, api, 'POST /offers', { uri: `http://${cart.dnsName}/offers/draft` });
}
