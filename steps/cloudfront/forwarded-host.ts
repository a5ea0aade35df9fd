import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import { normalisedHost } from '../endpoints/host-name.ts';

/** Managed origin request policies that forward the viewer's Host: AllViewer, AllViewerAndCloudFrontHeaders-2022-06. */
const HOST_POLICIES = ['216adef6-5c7f-47e4-b989-5492eafa07d3', '33f36d7e-f396-46d9-90e0-52428a34d9dc'];

type Behaviour = DefaultCacheBehavior | CacheBehavior;

/**
 * Origins that CloudFront asks by HTTPS under a load balancer's own name, without the Host of the viewer: no certificate is for such a name,
 * so their answers can't be trusted and CloudFront gives 502. One line each, for people.
 */
export function unheardHosts(distribution: string, config: DistributionConfig, origins: readonly Origin[]): string[] {
  const behaviours: readonly Behaviour[] = [config.DefaultCacheBehavior, ...(config.CacheBehaviors?.Items ?? [])].filter(
    (one) => one !== undefined,
  );
  return origins.flatMap((origin) => {
    const { Id = '', DomainName = '', CustomOriginConfig: custom } = origin;
    const byHttps = custom?.OriginProtocolPolicy === 'https-only' || custom?.OriginProtocolPolicy === 'match-viewer';
    if (!byHttps || !/\.elb\./.test(normalisedHost(DomainName))) return [];
    const asked = targetsOf(config, Id);
    const silent = behaviours.filter(({ TargetOriginId = '' }) => asked.includes(TargetOriginId)).filter((one) => !forwardsHost(one));
    if (silent.length === 0) return [];
    const where = silent.map((one) => ('PathPattern' in one ? (one.PathPattern ?? '') : 'the default behaviour')).join(', ');
    return [
      `The origin ${Id} of ${distribution} is asked by HTTPS under the load balancer's own name, which no certificate is for, and ${where} may not forward the Host header: look whether it answers`,
    ];
  });
}

/** The ids by which behaviours name an origin: its own, and those of the groups it is in. */
function targetsOf(config: DistributionConfig, origin: string): string[] {
  const groups = (config.OriginGroups?.Items ?? []).filter(({ Members }) => Members?.Items?.some(({ OriginId }) => OriginId === origin));
  return [origin, ...groups.map(({ Id = '' }) => Id)];
}

function forwardsHost({ OriginRequestPolicyId = '', ForwardedValues }: Behaviour): boolean {
  if (HOST_POLICIES.includes(OriginRequestPolicyId)) return true;
  return (ForwardedValues?.Headers?.Items ?? []).some((name) => name === '*' || name.toLowerCase() === 'host');
}
