import type { Listening, Place } from '../../../steps/endpoints/endpoint-map.ts';

/** A load balancer of the primary and its successor, which what is switched leads from and to. */
export interface BenchPair {
  readonly stack: string;
  readonly type: 'network';
  readonly scheme: 'internet-facing';
  readonly old: Listening<Place>;
  readonly new: Listening<Place>;
}

export const pair: BenchPair = {
  stack: 'shop/cart',
  type: 'network',
  scheme: 'internet-facing',
  old: balancer('old-cart', 'eu-west-1', 'Z2IFOLAFXWLO4F'),
  new: balancer('new-cart', 'eu-central-1', 'Z3F0SRJ5LGBH90'),
};

/** What the steps that switch endpoints take from those before them. */
export const needs = {
  inventory: { loadBalancers: [{ stack: pair.stack, type: pair.type, scheme: pair.scheme, ...pair.old }] },
  created: { region: 'eu-central-1', cluster: 'shop-bench' },
  istio: { applications: [], loadBalancers: [] },
  verified: { endpoints: [pair], leftOut: [] },
};

/** Owned by drills. */
export const DRILL_TAGS = { 'eks-dr:scope': 'drill' };

function balancer(name: string, region: string, zoneId: string): Listening<Place> {
  const arn = `arn:aws:elasticloadbalancing:${region}:111122223333:loadbalancer/net/${name}/0123456789abcdef`;
  return { dnsName: `${name}.elb.${region}.amazonaws.com`, zoneId, arn, listeners: [] };
}
