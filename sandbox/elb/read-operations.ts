import { awsFault } from '../aws/fault.ts';
import { protocols } from '../aws/protocols.ts';
import { type QueryParameters, queryResponse, requiredText, text, texts } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import { ec2Region } from '../ec2/network.ts';
import type { Sandbox, SandboxRequest } from '../system.ts';
import { elbRegion, type Listener, type LoadBalancer, type TargetGroup } from './state.ts';

export const xmlns = protocols.elasticloadbalancing?.xmlns ?? '';

export const regionOf = (request: SandboxRequest): string => request.scope?.region ?? '';

/** One page of things that have an ARN. Markers are opaque to callers. */
function page<T extends { readonly arn: string }>(
  parameters: QueryParameters,
  all: readonly T[],
): { items: readonly T[]; NextMarker?: string } {
  const size = Number(text(parameters, 'PageSize') ?? 400);
  if (!Number.isInteger(size) || size < 1 || size > 400)
    throw awsFault(
      400,
      'ValidationError',
      `1 validation error detected: Value '${size}' at 'pageSize' failed to satisfy constraint: Member must be between 1 and 400`,
    );
  const marker = text(parameters, 'Marker');
  const after = marker === undefined ? '' : Buffer.from(marker, 'base64url').toString('utf8');
  const sorted = all.filter(({ arn }) => arn > after).toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const items = sorted.slice(0, size);
  const last = items.at(-1);
  return sorted.length > size && last !== undefined ? { items, NextMarker: Buffer.from(last.arn).toString('base64url') } : { items };
}

const noBalancer = (): Error => awsFault(400, 'LoadBalancerNotFound', 'One or more load balancers not found');
const noTargetGroup = (): Error => awsFault(400, 'TargetGroupNotFound', 'One or more target groups not found');
const noListener = (): Error => awsFault(400, 'ListenerNotFound', 'One or more listeners not found');

function describeBalancer({ world, clock }: Sandbox, region: string, balancer: LoadBalancer): XmlValue {
  const { subnets } = ec2Region(world, region);
  const zones = balancer.subnetIds.map((id) => ({ ZoneName: subnets[id]?.zone ?? `${region}a`, SubnetId: id, LoadBalancerAddresses: [] }));
  return {
    LoadBalancerArn: balancer.arn,
    DNSName: balancer.dnsName,
    CanonicalHostedZoneId: balancer.canonicalHostedZoneId,
    CreatedTime: new Date(balancer.createdAt).toISOString(),
    LoadBalancerName: balancer.name,
    Scheme: balancer.scheme,
    VpcId: balancer.vpcId,
    State: { Code: clock.now() >= balancer.activeAt ? 'active' : 'provisioning' },
    Type: balancer.type,
    AvailabilityZones: zones,
    SecurityGroups: [...balancer.securityGroupIds],
    IpAddressType: 'ipv4',
  };
}

function describeGroup(group: TargetGroup): XmlValue {
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckProtocol: group.protocol === 'HTTP' ? 'HTTP' : 'TCP',
    HealthCheckPort: 'traffic-port',
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: 15,
    HealthCheckTimeoutSeconds: 5,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 2,
    LoadBalancerArns: group.loadBalancerArn === '' ? [] : [group.loadBalancerArn],
    TargetType: group.targetType,
    IpAddressType: 'ipv4',
  };
}

function describeListener(listener: Listener): XmlValue {
  const { arn, loadBalancerArn, port, protocol, certificateArn, targetGroupArn } = listener;
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancerArn,
    Port: port,
    Protocol: protocol,
    Certificates: certificateArn === undefined ? undefined : [{ CertificateArn: certificateArn }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn, Order: 1 }],
  };
}

/** Everything of a region that carries tags, by ARN. */
export function taggedIn(sandbox: Sandbox, region: string, arn: string): { tags: Record<string, string> } {
  const { loadBalancers, targetGroups, listeners } = elbRegion(sandbox.world.elb, region);
  if (arn.includes(':targetgroup/')) return targetGroups[arn] ?? raise(noTargetGroup());
  if (arn.includes(':listener/')) return listeners[arn] ?? raise(noListener());
  return loadBalancers[arn] ?? raise(noBalancer());
}

function raise(error: Error): never {
  throw error;
}

function targetHealth(group: TargetGroup, balancer: LoadBalancer | undefined, now: number): XmlValue[] {
  return group.targets.map(({ id, port, healthyAt }) => {
    const unused = balancer === undefined;
    const since = Math.max(healthyAt, (balancer?.activeAt ?? 0) + 5_000);
    const health: XmlValue = unused
      ? {
          State: 'unused',
          Reason: 'Target.NotInUse',
          Description: 'Target group is not configured to receive traffic from the load balancer',
        }
      : now >= since
        ? { State: 'healthy' }
        : { State: 'initial', Reason: 'Elb.RegistrationInProgress', Description: 'Target registration is in progress' };
    return { Target: { Id: id, Port: port }, HealthCheckPort: String(port), TargetHealth: health };
  });
}

export const readOperations: QueryOperations = {
  DescribeLoadBalancers: {
    parameters: ['LoadBalancerArns', 'Names', 'Marker', 'PageSize'],
    mutates: false,
    handle({ parameters }, request, sandbox) {
      const region = regionOf(request);
      const own = Object.values(elbRegion(sandbox.world.elb, region).loadBalancers);
      const [arns, names] = [texts(parameters, 'LoadBalancerArns'), texts(parameters, 'Names')];
      if (arns.length > 0 && names.length > 0)
        throw awsFault(400, 'ValidationError', 'Load balancer names and load balancer ARNs cannot be specified at the same time');
      const missing = [
        ...arns.filter((arn) => own.every((each) => each.arn !== arn)),
        ...names.filter((name) => own.every((each) => each.name !== name)),
      ];
      if (missing.length > 0) throw awsFault(400, 'LoadBalancerNotFound', `Load balancers '[${missing.join(', ')}]' not found`);
      const wanted = own.filter(
        ({ arn, name }) => (arns.length === 0 || arns.includes(arn)) && (names.length === 0 || names.includes(name)),
      );
      const { items, ...next } = page(parameters, wanted);
      return queryResponse('DescribeLoadBalancers', xmlns, {
        LoadBalancers: items.map((each) => describeBalancer(sandbox, region, each)),
        ...next,
      });
    },
  },
  DescribeTags: {
    parameters: ['ResourceArns'],
    mutates: false,
    handle({ parameters }, request, sandbox) {
      const arns = texts(parameters, 'ResourceArns');
      if (arns.length === 0) requiredText(parameters, 'ResourceArns');
      if (arns.length > 20)
        throw awsFault(
          400,
          'ValidationError',
          "1 validation error detected: Value at 'resourceArns' failed to satisfy constraint: Member must have length less than or equal to 20",
        );
      const TagDescriptions = arns.map((ResourceArn) => {
        const { tags } = taggedIn(sandbox, regionOf(request), ResourceArn);
        return { ResourceArn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      });
      return queryResponse('DescribeTags', xmlns, { TagDescriptions });
    },
  },
  DescribeTargetGroups: {
    parameters: ['LoadBalancerArn', 'TargetGroupArns', 'Names', 'Marker', 'PageSize'],
    mutates: false,
    handle({ parameters }, request, { world }) {
      const { targetGroups, loadBalancers } = elbRegion(world.elb, regionOf(request));
      const own = Object.values(targetGroups);
      const balancer = text(parameters, 'LoadBalancerArn');
      const [arns, names] = [texts(parameters, 'TargetGroupArns'), texts(parameters, 'Names')];
      if (balancer !== undefined && loadBalancers[balancer] === undefined) throw noBalancer();
      const isMissing =
        arns.some((arn) => targetGroups[arn] === undefined) || names.some((name) => own.every((each) => each.name !== name));
      if (isMissing) throw noTargetGroup();
      const wanted = own.filter(
        ({ arn, name, loadBalancerArn }) =>
          (balancer === undefined || loadBalancerArn === balancer) &&
          (arns.length === 0 || arns.includes(arn)) &&
          (names.length === 0 || names.includes(name)),
      );
      const { items, ...next } = page(parameters, wanted);
      return queryResponse('DescribeTargetGroups', xmlns, { TargetGroups: items.map(describeGroup), ...next });
    },
  },
  DescribeTargetHealth: {
    parameters: ['TargetGroupArn', 'Targets', 'Include'],
    mutates: false,
    handle({ parameters }, request, { world, clock }) {
      const { targetGroups, loadBalancers } = elbRegion(world.elb, regionOf(request));
      const group = targetGroups[requiredText(parameters, 'TargetGroupArn')];
      if (group === undefined) throw noTargetGroup();
      const TargetHealthDescriptions = targetHealth(group, loadBalancers[group.loadBalancerArn], clock.now());
      return queryResponse('DescribeTargetHealth', xmlns, { TargetHealthDescriptions });
    },
  },
  DescribeListeners: {
    parameters: ['LoadBalancerArn', 'ListenerArns', 'Marker', 'PageSize'],
    mutates: false,
    handle({ parameters }, request, { world }) {
      const { listeners, loadBalancers } = elbRegion(world.elb, regionOf(request));
      const balancer = text(parameters, 'LoadBalancerArn');
      const arns = texts(parameters, 'ListenerArns');
      if (balancer === undefined && arns.length === 0)
        throw awsFault(400, 'ValidationError', 'You must specify either listener ARNs or a load balancer ARN');
      if (balancer !== undefined && loadBalancers[balancer] === undefined) throw noBalancer();
      if (arns.some((arn) => listeners[arn] === undefined)) throw noListener();
      const wanted = Object.values(listeners).filter(
        ({ arn, loadBalancerArn }) => (balancer === undefined || loadBalancerArn === balancer) && (arns.length === 0 || arns.includes(arn)),
      );
      const { items, ...next } = page(parameters, wanted);
      return queryResponse('DescribeListeners', xmlns, { Listeners: items.map(describeListener), ...next });
    },
  },
};
