import type { Estate } from '../estate/estate.ts';
import { literal } from '../rendering/translate-text.ts';

/** Something that names the primary. `pattern` finds it in a text. */
export interface PrimaryLiteral {
  readonly kind: 'registry' | 'load balancer' | 'API server' | 'cluster' | 'VPC' | 'region' | 'account' | 'resource id';
  readonly pattern: string;
}

interface Primary {
  readonly estate: Pick<Estate, 'primary'>;
  readonly target: Pick<Estate['targets'][string], 'region' | 'accountId'>;
  readonly inventory: {
    readonly loadBalancers: readonly { readonly dnsName: string }[];
    readonly networkPaths: { readonly vpcId: string };
  };
}

// What AWS makes in one region, for ids that a template may hold: they can't exist in another one.
const RESOURCE_ID =
  '(?<![A-Za-z0-9-])(?:sg|subnet|vpc|vpce|fs|fsap|eipalloc|eni|rtb|acl|pl|lt|ami|vol|snap)-(?:[0-9a-f]{17}|[0-9a-f]{8})(?![A-Za-z0-9])';

/**
 * What names the primary and can't be right on the new cluster, the most telling first. In the primary's own region its region is not among
 * it, nor are ids of what lies there.
 */
export function primaryLiterals({ estate: { primary }, target, inventory }: Primary): PrimaryLiteral[] {
  const elsewhere = primary.region !== target.region;
  const otherAccount = primary.accountId !== target.accountId;
  const registry = registryHost(primary);
  const { name, server } = primary.argocdDestination;
  const all: (PrimaryLiteral | false)[] = [
    (elsewhere || otherAccount) && { kind: 'registry', pattern: literal(registry) },
    ...inventory.loadBalancers.map(({ dnsName }): PrimaryLiteral => ({ kind: 'load balancer', pattern: literal(dnsName) })),
    server !== undefined && { kind: 'API server', pattern: literal(server.replace(/^https?:\/\//, '').replace(/\/+$/, '')) },
    // A zone of a region is the region with a letter.
    elsewhere && { kind: 'region', pattern: literal(primary.region, '[a-f]?') },
    { kind: 'cluster', pattern: literal(primary.cluster) },
    name !== undefined && name !== primary.cluster && { kind: 'cluster', pattern: literal(name) },
    otherAccount && { kind: 'account', pattern: literal(primary.accountId) },
    elsewhere && inventory.networkPaths.vpcId !== '' && { kind: 'VPC', pattern: literal(inventory.networkPaths.vpcId) },
    elsewhere && { kind: 'resource id', pattern: RESOURCE_ID },
  ];
  return all.filter((one) => one !== false);
}

/** The host of a private registry of Amazon ECR. Source: "Private registry" in the user guide of ECR. */
export function registryHost({ accountId, region }: { readonly accountId: string; readonly region: string }): string {
  return `${accountId}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
