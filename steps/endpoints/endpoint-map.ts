import { normalisedHost } from './host-name.ts';

/** What joins a load balancer of the primary with its successor: the stack it was made for, its type, its scheme. */
export interface EndpointKey {
  /** `namespace/name` of the Service or Ingress, or the name of an Ingress group. */
  readonly stack: string;
  readonly type: 'network' | 'application';
  readonly scheme: 'internet-facing' | 'internal';
}

/** What a private integration of API Gateway names instead of the load balancer. */
export interface Listener {
  readonly arn: string;
  readonly protocol: string;
  readonly port: number;
}

/** A load balancer, as what leads to it names it. */
export interface Place {
  readonly dnsName: string;
  /** The canonical hosted zone: it differs per region and type. */
  readonly zoneId: string;
  readonly arn: string;
}

export interface Endpoint extends EndpointKey, Place {}

/** With what a private integration of API Gateway needs to know. */
export type Listening<T> = T & { readonly listeners: readonly Listener[] };

export interface NewEndpoint extends Endpoint {
  /** Null: active, with healthy targets. Else what is wrong, in a few words. */
  readonly problem: string | null;
}

export interface EndpointPair extends EndpointKey {
  readonly old: Listening<Place>;
  readonly new: Listening<Place>;
}

/** As much of a pair as DNS needs to know. */
export interface DnsPair {
  readonly old: Pick<Place, 'dnsName'>;
  readonly new: Pick<Place, 'dnsName' | 'zoneId'>;
}

/** An old endpoint that has no successor, and why that is accepted. */
export interface LeftOut extends EndpointKey {
  readonly dnsName: string;
  readonly reason: string;
}

export interface EndpointMap {
  readonly pairs: readonly EndpointPair[];
  readonly leftOut: readonly LeftOut[];
  /** One sentence per old endpoint that should have exactly one good successor but has not. */
  readonly gaps: readonly string[];
}

/** Whether an old endpoint counts: it must have a successor, may have one, or is not part of this recovery (with the reason). */
export type Expectation = { readonly kind: 'required' } | { readonly kind: 'excused' | 'left-out'; readonly reason: string };

/** Joins old and new endpoints by stack, type and scheme; what doesn't join one to one is a gap unless the expectation excuses it. */
export function mapEndpoints(
  old: readonly Listening<Endpoint>[],
  fresh: readonly Listening<NewEndpoint>[],
  expect: (key: EndpointKey) => Expectation,
): EndpointMap {
  const pairs: EndpointPair[] = [];
  const leftOut: LeftOut[] = [];
  const gaps: string[] = [];
  for (const endpoint of old) {
    const { stack, type, scheme } = endpoint;
    const expectation = expect(endpoint);
    if (expectation.kind === 'left-out') {
      leftOut.push({ stack, type, scheme, dnsName: normalisedHost(endpoint.dnsName), reason: expectation.reason });
      continue;
    }
    const outcome = successorOf(endpoint, old, fresh);
    if (typeof outcome !== 'string') pairs.push(pair(endpoint, outcome));
    else if (expectation.kind === 'required') gaps.push(`${describeKey(endpoint)}: ${outcome}`);
    else leftOut.push({ stack, type, scheme, dnsName: normalisedHost(endpoint.dnsName), reason: `${expectation.reason}; ${outcome}` });
  }
  return { pairs, leftOut, gaps };
}

/** `shop/cart (network, internal)`. */
export function describeKey({ stack, type, scheme }: EndpointKey): string {
  return `${stack} (${type}, ${scheme})`;
}

export function sameKey(a: EndpointKey, b: EndpointKey): boolean {
  return a.stack === b.stack && a.type === b.type && a.scheme === b.scheme;
}

function successorOf<T extends NewEndpoint>(endpoint: Endpoint, old: readonly Endpoint[], fresh: readonly T[]): T | string {
  const twins = old.filter((other) => sameKey(other, endpoint)).length;
  if (twins > 1) return `the primary has ${twins} such load balancers, so which is which can't be told`;
  const candidates = fresh.filter((candidate) => sameKey(candidate, endpoint));
  const [only] = candidates;
  if (only === undefined) {
    const other = fresh.find(({ stack }) => stack === endpoint.stack);
    return other === undefined
      ? 'it has no load balancer in the recovery cluster'
      : `its load balancer in the recovery cluster is ${other.type}, ${other.scheme}`;
  }
  if (candidates.length > 1) return `it has ${candidates.length} load balancers in the recovery cluster`;
  return only.problem ?? only;
}

function pair(old: Listening<Endpoint>, fresh: Listening<NewEndpoint>): EndpointPair {
  const { stack, type, scheme } = old;
  return {
    stack,
    type,
    scheme,
    old: placeOf(old),
    new: placeOf(fresh),
  };
}

function placeOf({ dnsName, zoneId, arn, listeners }: Listening<Place>): Listening<Place> {
  return { dnsName: normalisedHost(dnsName), zoneId, arn, listeners };
}
