import type { EndpointKey } from '../endpoints/endpoint-map.ts';

/** The VPC link of the second version that leads into the new cluster's VPC. */
export function linkNameInto(run: string): string {
  return `eks-dr-${run}-vpc`;
}

/** The VPC link of the first version to one network load balancer. */
export function linkNameFor(run: string, { stack, scheme }: Pick<EndpointKey, 'stack' | 'scheme'>): string {
  return `eks-dr-${run}-${stack.replaceAll('/', '.')}-${scheme}`;
}
