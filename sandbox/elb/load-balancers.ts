import { createHash } from 'node:crypto';
import type { World } from '../world.ts';
import type { ElbRegion, LoadBalancer, LoadBalancerType, Scheme, TargetGroup } from './state.ts';
import { elbRegion } from './state.ts';
import { canonicalHostedZoneId } from './zones.ts';

/** Targets pass their health checks after this time (ms of sandbox time). */
const TARGET_HEALTHY_AFTER = 20_000;

export interface ListenerWish {
  readonly port: number;
  readonly protocol: string;
  readonly certificateArn?: string;
  readonly targetPort: number;
  /** Instance ids or addresses. */
  readonly targets: readonly string[];
}

/** What the load balancer controller wants for one Service or one group of Ingresses. */
export interface LoadBalancerWish {
  readonly cluster: string;
  /** `service.k8s.aws/stack` or `ingress.k8s.aws/stack`. */
  readonly stackTag: string;
  /** `<namespace>/<name>`, or the name of an Ingress group. */
  readonly stack: string;
  /** At most 32 characters. */
  readonly name: string;
  readonly type: LoadBalancerType;
  readonly scheme: Scheme;
  readonly targetType: 'ip' | 'instance';
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly listeners: readonly ListenerWish[];
}

const hex = (text: string, length: number): string => createHash('sha256').update(text).digest('hex').slice(0, length);

function next(world: World): number {
  world.elb.counter += 1;
  return world.elb.counter;
}

/** The load balancer that a cluster's controller made for a stack. */
export function findStack(world: World, region: string, cluster: string, stackTag: string, stack: string): LoadBalancer | undefined {
  const { loadBalancers } = elbRegion(world.elb, region);
  return Object.values(loadBalancers).find(({ tags }) => tags['elbv2.k8s.aws/cluster'] === cluster && tags[stackTag] === stack);
}

/**
 * Makes a load balancer, or brings the listeners and targets of the existing one in line. `now` is ms of sandbox time.
 * Another type or scheme cannot be changed in place: the load balancer is made anew, with another DNS name.
 */
export function ensureLoadBalancer(world: World, region: string, now: number, wish: LoadBalancerWish): LoadBalancer {
  const existing = findStack(world, region, wish.cluster, wish.stackTag, wish.stack);
  if (existing !== undefined && existing.type === wish.type && existing.scheme === wish.scheme) {
    existing.tags = { ...existing.tags, ...wish.tags };
    alignListeners(world, region, now, existing, wish);
    return existing;
  }
  if (existing !== undefined) removeLoadBalancer(world, region, existing.arn, true);
  const created = create(world, region, now, wish);
  alignListeners(world, region, now, created, wish);
  return created;
}

function create(world: World, region: string, now: number, wish: LoadBalancerWish): LoadBalancer {
  const number = next(world);
  const id = hex(`lb/${number}`, 16);
  const { name, type, scheme } = wish;
  const balancer: LoadBalancer = {
    arn: `arn:aws:elasticloadbalancing:${region}:${world.accountId}:loadbalancer/${type === 'application' ? 'app' : 'net'}/${name}/${id}`,
    name,
    type,
    scheme,
    dnsName: dnsName(region, name, type, scheme, id),
    canonicalHostedZoneId: canonicalHostedZoneId(region, type),
    vpcId: wish.vpcId,
    subnetIds: wish.subnetIds,
    securityGroupIds: wish.securityGroupIds,
    createdAt: now,
    activeAt: now + 120_000 + (Number.parseInt(hex(wish.stack, 4), 16) % 60_000),
    tags: {
      'elbv2.k8s.aws/cluster': wish.cluster,
      [wish.stackTag]: wish.stack,
      [wish.stackTag.replace('/stack', '/resource')]: 'LoadBalancer',
      ...wish.tags,
    },
  };
  elbRegion(world.elb, region).loadBalancers[balancer.arn] = balancer;
  return balancer;
}

function dnsName(region: string, name: string, type: LoadBalancerType, scheme: Scheme, id: string): string {
  if (type === 'network') return `${name}-${id}.elb.${region}.amazonaws.com`;
  const number = Number.parseInt(id.slice(0, 8), 16) % 2_000_000_000;
  return `${scheme === 'internal' ? 'internal-' : ''}${name}-${number}.${region}.elb.amazonaws.com`;
}

function alignListeners(world: World, region: string, now: number, balancer: LoadBalancer, wish: LoadBalancerWish): void {
  const state = elbRegion(world.elb, region);
  const groups = Object.values(state.targetGroups).filter((group) => group.loadBalancerArn === balancer.arn);
  const wanted = new Set<string>();
  for (const listener of wish.listeners) {
    const protocol = balancer.type === 'network' ? listener.protocol : 'HTTP';
    const existing = groups.find(
      (group) => group.port === listener.targetPort && group.protocol === protocol && group.targetType === wish.targetType,
    );
    const group = existing ?? createTargetGroup(world, region, balancer, wish, listener.targetPort, protocol);
    if (existing === undefined) groups.push(group);
    alignTargets(group, listener, now);
    wanted.add(group.arn);
    wanted.add(ensureListener(world, state, balancer, listener, group));
  }
  for (const listener of Object.values(state.listeners)) {
    if (listener.loadBalancerArn === balancer.arn && !wanted.has(listener.arn)) delete state.listeners[listener.arn];
  }
  for (const group of groups) if (!wanted.has(group.arn)) delete state.targetGroups[group.arn];
}

function createTargetGroup(
  world: World,
  region: string,
  balancer: LoadBalancer,
  wish: LoadBalancerWish,
  port: number,
  protocol: string,
): TargetGroup {
  const number = next(world);
  const name = `k8s-${hex(`${wish.cluster}/${wish.stack}/${port}/${protocol}`, 24)}`;
  const arn = `arn:aws:elasticloadbalancing:${region}:${world.accountId}:targetgroup/${name}/${hex(`tg/${number}`, 16)}`;
  const group: TargetGroup = {
    arn,
    name,
    loadBalancerArn: balancer.arn,
    protocol,
    port,
    targetType: wish.targetType,
    vpcId: balancer.vpcId,
    targets: [],
    tags: { 'elbv2.k8s.aws/cluster': wish.cluster, [wish.stackTag]: wish.stack, ...wish.tags },
  };
  elbRegion(world.elb, region).targetGroups[arn] = group;
  return group;
}

function alignTargets(group: TargetGroup, listener: ListenerWish, now: number): void {
  const known = new Map(group.targets.map((target) => [target.id, target]));
  group.targets = listener.targets.map((id) => known.get(id) ?? { id, port: listener.targetPort, healthyAt: now + TARGET_HEALTHY_AFTER });
}

function ensureListener(world: World, state: ElbRegion, balancer: LoadBalancer, wish: ListenerWish, group: TargetGroup): string {
  const existing = Object.values(state.listeners).find((each) => each.loadBalancerArn === balancer.arn && each.port === wish.port);
  if (existing !== undefined && existing.protocol === wish.protocol && existing.targetGroupArn === group.arn) return existing.arn;
  const arn = existing?.arn ?? `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${hex(`listener/${next(world)}`, 16)}`;
  const { protocol, port, certificateArn } = wish;
  const certificate = certificateArn === undefined ? {} : { certificateArn };
  state.listeners[arn] = {
    arn,
    loadBalancerArn: balancer.arn,
    targetGroupArn: group.arn,
    protocol,
    port,
    ...certificate,
    tags: { ...balancer.tags },
  };
  return arn;
}

/** Removes a load balancer with its listeners; its target groups stay behind without a load balancer, unless they go too. */
export function removeLoadBalancer(world: World, region: string, arn: string, withTargetGroups: boolean): void {
  const state = elbRegion(world.elb, region);
  delete state.loadBalancers[arn];
  for (const listener of Object.values(state.listeners)) if (listener.loadBalancerArn === arn) delete state.listeners[listener.arn];
  for (const group of Object.values(state.targetGroups)) {
    if (group.loadBalancerArn !== arn) continue;
    if (withTargetGroups) delete state.targetGroups[group.arn];
    else state.targetGroups[group.arn] = { ...group, loadBalancerArn: '' };
  }
}
