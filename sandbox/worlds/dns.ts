import { elbRegion, type LoadBalancer } from '../elb/state.ts';
import { addHealthCheck } from '../route53/health-checks.ts';
import type { RecordSet } from '../route53/state.ts';
import { createZone, putRecord } from '../route53/zones.ts';
import type { World } from '../world.ts';
import { DRILL_ZONE, PRIMARY_CLUSTER, PRIMARY_REGION, PRODUCTION_ZONE } from './names.ts';
import type { Service } from './services.ts';

/** The production zone, and its copy for drills: both point at the load balancers of the primary. */
export function seedDns(world: World, services: readonly Service[]): void {
  addZone(world, PRODUCTION_ZONE, {}, [...balancedRecords(world, services, PRODUCTION_ZONE.name), ...otherRecords(PRODUCTION_ZONE.name)]);
  const drill = { 'eks-dr:scope': 'drill' };
  addZone(world, DRILL_ZONE, drill, balancedRecords(world, services, DRILL_ZONE.name));
  addCheck(world, PRODUCTION_ZONE, {});
  addCheck(world, DRILL_ZONE, drill);
}

function addZone(
  world: World,
  { id, name }: { id: string; name: string },
  tags: Record<string, string>,
  records: readonly RecordSet[],
): void {
  const zone = createZone(world, { name, tags, comment: 'Made with the sandbox' });
  delete world.route53.zones[zone.id];
  zone.id = id;
  world.route53.zones[id] = zone;
  for (const record of records) putRecord(zone, record);
}

/** One record of the zone counts only while its load balancer answers. */
function addCheck(world: World, { id, name }: { id: string; name: string }, tags: Record<string, string>): void {
  const record = Object.values(world.route53.zones[id]?.records ?? {}).find(({ SetIdentifier }) => SetIdentifier === 'main');
  if (record?.AliasTarget === undefined) throw new Error(`the zone ${name} has no weighted record`);
  const endpoint = record.AliasTarget.DNSName.replace(/\.$/, '');
  const settings = { RequestInterval: 30, FailureThreshold: 3, MeasureLatency: false, Inverted: false, Disabled: false, EnableSNI: true };
  const config = { Type: 'HTTPS', Port: 443, ResourcePath: '/healthz', FullyQualifiedDomainName: endpoint, ...settings };
  record.HealthCheckId = addHealthCheck(world, { callerReference: `main of ${name}`, config, tags }).id;
}

function balancedRecords(world: World, services: readonly Service[], zone: string): RecordSet[] {
  const exposed = services.flatMap((service) => {
    const balancer = service.exposure === 'none' ? undefined : balancerOf(world, service);
    return balancer === undefined ? [] : [{ team: service.team, balancer }];
  });
  return exposed.flatMap(({ team, balancer }, index) => {
    const other = exposed[(index + 1) % exposed.length]?.balancer ?? balancer;
    const shape = (number: number, name: string): RecordSet[] => shapes[number % shapes.length]?.(name, balancer, other) ?? [];
    // The first two have a second name each, so that a world with only two load balancers has most shapes, too.
    const second = index < 2 ? shape(index + 2, `${team}-www.${zone}`) : [];
    return [...shape(index, `${team}.${zone}`), ...second];
  });
}

type Shape = (name: string, balancer: LoadBalancer, other: LoadBalancer) => RecordSet[];

/** The ways in which records point at load balancers. */
const shapes: readonly Shape[] = [
  (name, balancer) => [alias(name, 'A', balancer, ''), alias(name, 'AAAA', balancer, '')],
  (name, balancer) => [alias(name, 'A', balancer, 'dualstack.')],
  (name, balancer) => [{ Name: name, Type: 'CNAME', TTL: 300, ResourceRecords: [balancer.dnsName] }],
  (name, balancer, other) => [
    { ...alias(name, 'A', balancer, ''), SetIdentifier: 'main', Weight: 90 },
    { ...alias(name, 'A', other, ''), SetIdentifier: 'canary', Weight: 10 },
  ],
  (name, balancer) => [
    { Name: name, Type: 'CNAME', TTL: 60, SetIdentifier: 'ireland', Region: PRIMARY_REGION, ResourceRecords: [balancer.dnsName] },
    { Name: name, Type: 'CNAME', TTL: 60, SetIdentifier: 'virginia', Region: 'us-east-1', ResourceRecords: ['edge.example.net'] },
  ],
];

function alias(name: string, type: 'A' | 'AAAA', balancer: LoadBalancer, prefix: string): RecordSet {
  const target = { HostedZoneId: balancer.canonicalHostedZoneId, DNSName: `${prefix}${balancer.dnsName}`, EvaluateTargetHealth: true };
  return { Name: name, Type: type, AliasTarget: target };
}

/** Records that a recovery leaves alone. */
function otherRecords(zone: string): RecordSet[] {
  return [
    { Name: zone, Type: 'MX', TTL: 3600, ResourceRecords: ['10 mail1.example.net', '20 mail2.example.net'] },
    { Name: zone, Type: 'TXT', TTL: 3600, ResourceRecords: ['"v=spf1 include:example.net -all"'] },
    { Name: `_dmarc.${zone}`, Type: 'TXT', TTL: 3600, ResourceRecords: ['"v=DMARC1; p=reject"'] },
    { Name: `status.${zone}`, Type: 'CNAME', TTL: 300, ResourceRecords: ['status.example.net'] },
    { Name: `legacy.${zone}`, Type: 'A', TTL: 300, ResourceRecords: ['192.0.2.10', '192.0.2.11'] },
    // The start of a name is not the name: this one must not be taken for a load balancer's.
    { Name: `lookalike.${zone}`, Type: 'CNAME', TTL: 300, ResourceRecords: ['k8s-cart-cartapi.elb.eu-west-1.amazonaws.com.example.net'] },
  ];
}

function balancerOf(world: World, { namespace, name }: Service): LoadBalancer | undefined {
  const stack = `${namespace}/${name}`;
  return Object.values(elbRegion(world.elb, PRIMARY_REGION).loadBalancers).find(
    ({ tags }) =>
      tags['elbv2.k8s.aws/cluster'] === PRIMARY_CLUSTER && [tags['service.k8s.aws/stack'], tags['ingress.k8s.aws/stack']].includes(stack),
  );
}
