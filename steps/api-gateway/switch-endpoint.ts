import type { EndpointPair, LeftOut, Listening, Place } from '../endpoints/endpoint-map.ts';
import { inTheFormOf, normalisedHost } from '../endpoints/host-name.ts';
import type { GatewayEndpoint, GatewayLink } from './gateway-endpoint.ts';
import { linkNameFor, linkNameInto } from './link-names.ts';

/** What is known of the primary's load balancers and their successors. */
export interface GatewayInputs {
  readonly run: string;
  /** Where the successors are. */
  readonly region: string;
  readonly old: readonly Listening<Pick<Place, 'dnsName' | 'arn'>>[];
  readonly pairs: readonly Pick<EndpointPair, 'stack' | 'type' | 'scheme' | 'old' | 'new'>[];
  readonly leftOut: readonly Pick<LeftOut, 'dnsName' | 'reason'>[];
}

/** What becomes of an endpoint that leads to the primary. `links`: the ARNs of the network load balancers it needs links to. */
export type Outcome =
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'switched'; readonly to: GatewayEndpoint; readonly linkTo: readonly GatewayInputs['pairs'][number][] }
  | { readonly kind: 'left-alone'; readonly reason: string }
  | { readonly kind: 'problem'; readonly reason: string };

/** The host of an address, with or without scheme and port; a host name that stands elsewhere in it leads nowhere. */
const HOST = /^([a-z][a-z0-9+.-]*:\/\/)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?)(?=[:/?#]|$)/i;

/** Where an integration of an API in `region` shall lead. Host names are compared whole and normalised, ARNs exactly. */
export function switchEndpoint(from: GatewayEndpoint, region: string, links: readonly GatewayLink[], inputs: GatewayInputs): Outcome {
  const link = from.connection === '' ? undefined : links.find(({ name }) => name === from.connection);
  const concerned = inputs.old.filter(
    (old) => names(from.uri, old.dnsName) || isOf(from.uri, old) || isOf(from.target, old) || isTargetOf(link, old),
  );
  if (concerned.length === 0) return { kind: 'elsewhere' };
  const left = concerned
    .map(({ dnsName }) => inputs.leftOut.find((one) => sameHost(one.dnsName, dnsName)))
    .find((one) => one !== undefined);
  if (left !== undefined) return { kind: 'left-alone', reason: `${normalisedHost(left.dnsName)}: ${left.reason}` };
  if (from.connection !== '' && region !== inputs.region) {
    const reason = `a private integration reaches load balancers of its own region ${region} only, and the new ones are in ${inputs.region}: lead its custom domain name to an API there`;
    return { kind: 'left-alone', reason };
  }
  const pairs = concerned.map(({ dnsName }) => inputs.pairs.filter(({ old }) => sameHost(old.dnsName, dnsName)));
  const unmapped = concerned.filter((_, index) => pairs[index]?.length !== 1);
  if (unmapped.length > 0)
    return { kind: 'problem', reason: `${unmapped.map(({ dnsName }) => normalisedHost(dnsName)).join(', ')} has no one successor` };
  return through(from, link, pairs.flat(), inputs.run);
}

/** The same endpoint by its successors. */
function through(
  from: GatewayEndpoint,
  link: GatewayLink | undefined,
  pairs: readonly GatewayInputs['pairs'][number][],
  run: string,
): Outcome {
  const uri = successorText(from.uri, pairs);
  const target = successorText(from.target, pairs);
  if (typeof uri !== 'string') return uri;
  if (typeof target !== 'string') return target;
  if (from.connection === '') return { kind: 'switched', to: { uri, connection: '', target }, linkTo: [] };
  if (from.connection.startsWith('${')) {
    // The variable is switched by itself: to a link of the first version, which leads to one load balancer.
    if (target === '') return { kind: 'switched', to: { uri, connection: from.connection, target }, linkTo: [] };
    return {
      kind: 'problem',
      reason: `a stage variable names its VPC link ${from.connection}, which leads into another VPC: name the link itself`,
    };
  }
  if (link === undefined) return { kind: 'problem', reason: `its VPC link ${from.connection} is not known` };
  if (link.version === 2) return { kind: 'switched', to: { uri, connection: linkNameInto(run), target }, linkTo: [] };
  const behind = pairs.filter(({ old }) => link.targets.includes(old.arn));
  const [only] = behind;
  if (only === undefined || behind.length > 1)
    return { kind: 'problem', reason: `its VPC link ${link.name} does not lead to the load balancer that its address names` };
  return { kind: 'switched', to: { uri, connection: linkNameFor(run, only), target }, linkTo: [only] };
}

/** Whether an endpoint leads to what took the place of a load balancer of the primary. */
export function leadsToSuccessor({ uri, target }: GatewayEndpoint, { pairs }: Pick<GatewayInputs, 'pairs'>): boolean {
  return pairs.some(({ new: to }) => names(uri, to.dnsName) || isOf(uri, to) || isOf(target, to));
}

/** Which links an endpoint needs once it is switched: one into the new VPC, or one to the successor of each of these load balancers. */
export function linksNeeded(
  from: GatewayEndpoint,
  links: readonly GatewayLink[],
  old: GatewayInputs['old'],
): { readonly into: boolean; readonly to: GatewayInputs['old'] } {
  const link = links.find(({ name }) => name === from.connection);
  if (link?.version === 1) return { into: false, to: old.filter((one) => isTargetOf(link, one)) };
  const into = link?.version === 2 && old.some((one) => names(from.uri, one.dnsName) || isOf(from.uri, one) || isOf(from.target, one));
  return { into, to: [] };
}

/** A text with every old host name and ARN replaced. */
export function successorText(text: string, pairs: readonly GatewayInputs['pairs'][number][]): string | (Outcome & { kind: 'problem' }) {
  if (text.startsWith('arn:')) {
    const pair = pairs.find(({ old }) => isOf(text, old));
    return pair === undefined ? text : successorArn(text, pair);
  }
  return text.replace(HOST, (whole, scheme: string | undefined, host: string) => {
    const pair = pairs.find(({ old }) => sameHost(old.dnsName, host));
    return pair === undefined ? whole : `${scheme ?? ''}${inTheFormOf(host, pair.new.dnsName)}`;
  });
}

function successorArn(arn: string, pair: GatewayInputs['pairs'][number]): string | (Outcome & { kind: 'problem' }) {
  if (arn === pair.old.arn) return pair.new.arn;
  const listener = pair.old.listeners.find((one) => one.arn === arn);
  const found = pair.new.listeners.filter(({ protocol, port }) => protocol === listener?.protocol && port === listener.port);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.arn;
  const reason = `${pair.new.dnsName}, the successor of ${pair.old.dnsName}, has ${found.length === 0 ? 'no listener' : `${found.length} listeners`} ${listener?.protocol} ${listener?.port}`;
  return { kind: 'problem', reason };
}

/** Whether a text leads to a host. */
export function names(text: string, host: string): boolean {
  const found = HOST.exec(text)?.[2];
  return found !== undefined && sameHost(found, host);
}

function isOf(text: string, { arn, listeners }: Pick<GatewayInputs['old'][number], 'arn' | 'listeners'>): boolean {
  return text !== '' && (text === arn || listeners.some((listener) => listener.arn === text));
}

function isTargetOf(link: GatewayLink | undefined, { arn }: { readonly arn: string }): boolean {
  return arn !== '' && link?.version === 1 && link.targets.includes(arn);
}

function sameHost(a: string, b: string): boolean {
  return normalisedHost(a) === normalisedHost(b);
}
