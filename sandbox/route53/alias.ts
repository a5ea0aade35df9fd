import { targetZoneOf } from '../apigateway/state.ts';
import { canonicalHostedZoneId } from '../elb/zones.ts';
import type { World } from '../world.ts';
import type { HostedZone, RecordSet } from './state.ts';

/** Zones of AWS services that have one id everywhere, with the domain that lies in each. */
const serviceZones: Readonly<Record<string, string>> = {
  // Amazon CloudFront
  Z2FDTNDATAQYW2: '.cloudfront.net.',
  // AWS Global Accelerator
  Z2BJ6XQ5FK7U4H: '.awsglobalaccelerator.com.',
};

interface LoadBalancerName {
  readonly region: string;
  readonly type: 'application' | 'network';
}

/** The region and type in a load balancer's DNS name: `<name>.elb.<region>.amazonaws.com` (network) or `<name>.<region>.elb.amazonaws.com`. */
function parseLoadBalancerName(name: string): LoadBalancerName | null {
  const network = /\.elb\.([a-z0-9-]+)\.amazonaws\.com\.$/.exec(name);
  if (network?.[1]) return { region: network[1], type: 'network' };
  const application = /\.([a-z0-9-]+)\.elb\.amazonaws\.com\.$/.exec(name);
  return application?.[1] ? { region: application[1], type: 'application' } : null;
}

function lies(world: World, zoneId: string, name: string): boolean {
  const suffix = serviceZones[zoneId];
  if (suffix) return name.endsWith(suffix);
  const balancer = parseLoadBalancerName(name);
  if (balancer) return canonicalHostedZoneId(balancer.region, balancer.type) === zoneId;
  const region = /^d-[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com\.$/.exec(name)?.[1];
  if (region !== undefined) return targetZoneOf(region) === zoneId;
  const own = world.route53.zones[zoneId];
  if (own) return name === own.name || name.endsWith(`.${own.name}`);
  // Zones of other AWS services (S3 websites ...) are not modelled: their names all end like this.
  return name.endsWith('.amazonaws.com.');
}

/** What is wrong with an alias target, or null. Targets in the same zone must exist with the same type; no alias may point at itself. */
export function aliasProblem(world: World, zone: HostedZone, record: RecordSet): string | null {
  const alias = record.AliasTarget;
  if (!alias) return null;
  const { HostedZoneId, DNSName } = alias;
  const what = `Tried to create an alias that targets ${DNSName}, type ${record.Type} in zone ${HostedZoneId}`;
  if (!lies(world, HostedZoneId, DNSName)) return `${what}, but the alias target name does not lie within the target zone`;
  const own = world.route53.zones[HostedZoneId];
  if (!own) {
    const allowed = ['A', 'AAAA', 'HTTPS', 'SVCB'].includes(record.Type);
    return allowed ? null : `${what}, but the target zone does not support aliases of type ${record.Type}`;
  }
  if (own.id !== zone.id) return `${what}, but the alias target must be in the same hosted zone`;
  if (DNSName === record.Name) return `${what}, but an alias may not target itself`;
  const exists = Object.values(own.records).some((each) => each.Name === DNSName && each.Type === record.Type);
  return exists ? null : `${what}, but that target was not found`;
}
