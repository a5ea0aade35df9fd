import { addDistribution } from '../cloudfront/distributions.ts';
import type { XmlObject } from '../cloudfront/shape.ts';
import { addVpcOrigin } from '../cloudfront/vpc-origins.ts';
import { elbRegion, type LoadBalancer } from '../elb/state.ts';
import type { World } from '../world.ts';
import { BORN, DISTRIBUTIONS, DRILL_DISTRIBUTIONS, PRIMARY_CLUSTER, PRIMARY_REGION } from './names.ts';

/** The managed cache policy CachingDisabled, as everywhere. */
const CACHE_POLICY = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
/** AllViewer: forwards every header, Host among them. */
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';
const DRILL_TAGS = { 'eks-dr:scope': 'drill' };

/** Distributions in front of the primary, and a copy for drills of each that leads to it. */
export function seedDistributions(world: World): void {
  const ingress = balancerOf(world, 'istio-ingress/istio-ingress');
  const endpoint = { Name: 'ingress', Arn: ingress.arn, HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' };
  const { id: vpcOrigin } = addVpcOrigin(world, { endpoint, at: BORN, deployedAt: BORN });
  add(world, DISTRIBUTIONS.storefront, {}, storefront(world, ''));
  add(world, DISTRIBUTIONS.checkout, {}, checkout(world, '', vpcOrigin));
  add(world, DISTRIBUTIONS.partners, {}, partners());
  add(world, DRILL_DISTRIBUTIONS.storefront, DRILL_TAGS, storefront(world, 'drill.'));
  add(world, DRILL_DISTRIBUTIONS.checkout, DRILL_TAGS, checkout(world, 'drill.', vpcOrigin));
}

/** A custom origin with headers of its own, one in S3, and a group that falls back from one to the other. */
function storefront(world: World, prefix: string): XmlObject {
  const ingress = balancerOf(world, 'istio-ingress/istio-ingress');
  const headers = { Quantity: 1, Items: [{ HeaderName: 'X-Shop-Edge', HeaderValue: 'storefront' }] };
  return {
    ...config(`${prefix}www.shop.example.com`, 'The storefront', 'ingress-or-page'),
    Origins: counted([
      { ...custom('ingress', ingress.dnsName, 'https-only'), CustomHeaders: headers },
      bucket('assets', 'shop-assets.s3.eu-west-1.amazonaws.com'),
    ]),
    OriginGroups: counted([
      {
        Id: 'ingress-or-page',
        FailoverCriteria: { StatusCodes: counted([502, 503, 504]) },
        Members: counted([{ OriginId: 'ingress' }, { OriginId: 'assets' }]),
      },
    ]),
    CacheBehaviors: counted([{ PathPattern: '/assets/*', ...behaviour('assets') }]),
  };
}

/** Two load balancers: one by its public name, and one through a VPC origin. */
function checkout(world: World, prefix: string, vpcOrigin: string): XmlObject {
  const ingress = balancerOf(world, 'istio-ingress/istio-ingress');
  return {
    ...config(`${prefix}checkout.shop.example.com`, 'Checkout and cart', 'checkout'),
    Origins: counted([
      custom('checkout', `dualstack.${balancerOf(world, 'checkout/checkout-api').dnsName}`, 'http-only'),
      { Id: 'cart', DomainName: ingress.dnsName, VpcOriginConfig: { VpcOriginId: vpcOrigin } },
    ]),
    CacheBehaviors: counted([{ PathPattern: '/cart/*', ...behaviour('cart') }]),
  };
}

/** Leads nowhere near the primary, though the start of a name looks so. */
function partners(): XmlObject {
  return {
    ...config('partners.shop.example.com', 'Partners', 'lookalike'),
    Origins: counted([custom('lookalike', 'k8s-cart-cartapi.elb.eu-west-1.amazonaws.com.example.net', 'https-only')]),
  };
}

function config(alias: string, comment: string, target: string): XmlObject {
  return {
    CallerReference: alias,
    Comment: comment,
    Enabled: true,
    Aliases: counted([alias]),
    DefaultCacheBehavior: behaviour(target),
  };
}

function behaviour(target: string): XmlObject {
  return {
    TargetOriginId: target,
    ViewerProtocolPolicy: 'redirect-to-https',
    CachePolicyId: CACHE_POLICY,
    ...(target === 'assets' ? {} : { OriginRequestPolicyId: ALL_VIEWER }),
  };
}

function custom(id: string, domainName: string, policy: string): XmlObject {
  return { Id: id, DomainName: domainName, CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: policy } };
}

function bucket(id: string, domainName: string): XmlObject {
  return { Id: id, DomainName: domainName, S3OriginConfig: { OriginAccessIdentity: '' } };
}

function counted(items: (XmlObject | string | number)[]): XmlObject {
  return { Quantity: items.length, Items: items as XmlObject[] };
}

function add(world: World, id: string, tags: Record<string, string>, given: XmlObject): void {
  addDistribution(world, { id, config: given, tags, at: BORN, deployedAt: BORN });
}

function balancerOf(world: World, stack: string): LoadBalancer {
  const found = Object.values(elbRegion(world.elb, PRIMARY_REGION).loadBalancers).find(
    ({ tags }) =>
      tags['elbv2.k8s.aws/cluster'] === PRIMARY_CLUSTER && [tags['service.k8s.aws/stack'], tags['ingress.k8s.aws/stack']].includes(stack),
  );
  if (found === undefined) throw new Error(`the world has no load balancer of ${stack}`);
  return found;
}
