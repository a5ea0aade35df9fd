import type { Elb } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { EksDrError } from '../kit/errors.ts';
import { BALANCING_TAG } from '../leftovers/cluster-tags.ts';
import type { Listener, Listening, NewEndpoint } from './endpoint-map.ts';
import { normalisedHost } from './host-name.ts';

/** The tags by which the AWS Load Balancer Controller marks for what it made a load balancer. */
const STACK_TAGS = ['service.k8s.aws/stack', 'ingress.k8s.aws/stack'];
/** DescribeTags takes this many ARNs. */
const TAGS_AT_ONCE = 20;

/** A load balancer of one cluster. */
export interface ClusterLoadBalancer extends Omit<NewEndpoint, 'problem'> {
  /** `provisioning`, `active`, `active_impaired`, `failed`. */
  readonly state: string;
}

/** The load balancers of a region that belong to a cluster, by their tags. */
export async function clusterLoadBalancers(elb: Elb, cluster: string): Promise<ClusterLoadBalancer[]> {
  const all = await describeAll(elb);
  const found: ClusterLoadBalancer[] = [];
  for (let start = 0; start < all.length; start += TAGS_AT_ONCE) {
    const some = all.slice(start, start + TAGS_AT_ONCE);
    const answer = await elb.describeTags({ ResourceArns: some.map(({ arn }) => arn) });
    for (const { ResourceArn, Tags = [] } of answer.TagDescriptions ?? []) {
      const tags = new Map(Tags.map(({ Key, Value }) => [Key, Value ?? '']));
      const balancer = some.find(({ arn }) => arn === ResourceArn);
      if (balancer === undefined || tags.get(BALANCING_TAG) !== cluster) continue;
      const stack = STACK_TAGS.map((tag) => tags.get(tag)).find((value) => value !== undefined);
      found.push({ ...balancer, stack: stack ?? '' });
    }
  }
  return found;
}

/** The same with what is wrong with each: not active, or without healthy targets. */
export async function checkedLoadBalancers(elb: Elb, cluster: string): Promise<NewEndpoint[]> {
  const [balancers, groups] = await Promise.all([clusterLoadBalancers(elb, cluster), targetGroups(elb)]);
  return Promise.all(
    balancers.map(async ({ state, ...endpoint }) => ({ ...endpoint, problem: await problemOf(elb, { ...endpoint, state }, groups) })),
  );
}

/** What is wrong with each of these load balancers, by host name; null: it is active and has healthy targets. */
export async function problemsByHost(elb: Elb, hosts: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const [all, groups] = await Promise.all([describeAll(elb), targetGroups(elb)]);
  const byHost = new Map(all.map((balancer) => [normalisedHost(balancer.dnsName), balancer]));
  const problems = hosts.map(async (host): Promise<[string, string | null]> => {
    const balancer = byHost.get(host);
    return [host, balancer === undefined ? 'there is no such load balancer any more' : await problemOf(elb, balancer, groups)];
  });
  return new Map(await Promise.all(problems));
}

async function problemOf(
  elb: Elb,
  { state, arn }: Pick<ClusterLoadBalancer, 'state' | 'arn'>,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<string | null> {
  return state === 'active' ? targetProblem(elb, groups.get(arn) ?? []) : `its load balancer is ${state}`;
}

/** Each with its listeners, sorted by port. A load balancer that went away meanwhile has none. */
export function withListeners<T extends { readonly arn: string }>(elb: Elb, balancers: readonly T[]): Promise<Listening<T>[]> {
  return Promise.all(balancers.map(async (balancer) => ({ ...balancer, listeners: await listenersOf(elb, balancer.arn) })));
}

async function listenersOf(elb: Elb, LoadBalancerArn: string): Promise<Listener[]> {
  const all = await allPages(async (Marker) => {
    const answer = await unlessMissing(elb.describeListeners({ LoadBalancerArn, Marker }), 'LoadBalancerNotFoundException');
    return [answer?.Listeners, answer?.NextMarker];
  });
  return all
    .flatMap(({ ListenerArn: arn, Protocol, Port }) => (arn === undefined ? [] : [{ arn, protocol: Protocol ?? '', port: Port ?? 0 }]))
    .sort((a, b) => a.port - b.port);
}

async function describeAll(elb: Elb): Promise<Omit<ClusterLoadBalancer, 'stack'>[]> {
  const found: Omit<ClusterLoadBalancer, 'stack'>[] = [];
  let Marker: string | undefined;
  do {
    const answer = await elb.describeLoadBalancers({ Marker, PageSize: 400 });
    for (const { LoadBalancerArn, DNSName, CanonicalHostedZoneId, Type, Scheme, State } of answer.LoadBalancers ?? []) {
      // Gateway load balancers have no scheme and no endpoint of the kind we switch.
      if (Type !== 'network' && Type !== 'application') continue;
      if (LoadBalancerArn === undefined || DNSName === undefined || CanonicalHostedZoneId === undefined) throw incomplete(LoadBalancerArn);
      found.push({
        arn: LoadBalancerArn,
        dnsName: DNSName,
        zoneId: CanonicalHostedZoneId,
        type: Type,
        scheme: Scheme === 'internal' ? 'internal' : 'internet-facing',
        state: State?.Code ?? 'in an unknown state',
      });
    }
    Marker = answer.NextMarker;
  } while (Marker !== undefined && Marker !== '');
  return found;
}

/** Target group ARNs by load balancer ARN. */
async function targetGroups(elb: Elb): Promise<Map<string, string[]>> {
  const groups = new Map<string, string[]>();
  let Marker: string | undefined;
  do {
    const answer = await elb.describeTargetGroups({ Marker, PageSize: 400 });
    for (const { TargetGroupArn, LoadBalancerArns = [] } of answer.TargetGroups ?? []) {
      if (TargetGroupArn === undefined) continue;
      for (const arn of LoadBalancerArns) groups.set(arn, [...(groups.get(arn) ?? []), TargetGroupArn]);
    }
    Marker = answer.NextMarker;
  } while (Marker !== undefined && Marker !== '');
  return groups;
}

/** Every target group needs a healthy target, or its listener answers nobody. */
async function targetProblem(elb: Elb, groups: readonly string[]): Promise<string | null> {
  if (groups.length === 0) return 'its load balancer has no target group';
  const health = await Promise.all(groups.map((TargetGroupArn) => elb.describeTargetHealth({ TargetGroupArn })));
  const dead = health.filter(
    ({ TargetHealthDescriptions = [] }) => !TargetHealthDescriptions.some(({ TargetHealth }) => TargetHealth?.State === 'healthy'),
  );
  if (dead.length === 0) return null;
  const states = [
    ...new Set(
      dead.flatMap(({ TargetHealthDescriptions = [] }) =>
        TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? 'unknown'),
      ),
    ),
  ];
  return `${dead.length} of its ${groups.length} target groups have no healthy target (${states.length === 0 ? 'no targets' : `targets are ${states.join(', ')}`})`;
}

function incomplete(arn: string | undefined): EksDrError {
  return new EksDrError('remote-answer-invalid', {
    message: `DescribeLoadBalancers answered ${arn ?? 'a load balancer'} without DNS name or hosted zone.`,
  });
}
