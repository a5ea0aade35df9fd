import type { Elb } from '../clients/aws.ts';
import { leastSeconds } from '../clients/limits.ts';
import type { EndpointKey } from '../endpoints/endpoint-map.ts';
import { normalisedHost } from '../endpoints/host-name.ts';
import { clusterLoadBalancers } from '../endpoints/load-balancers.ts';
import type { Resource, Wait } from '../kit/resource.ts';
import { apigatewayVpcLink } from '../resources/apigateway-vpc-link.ts';
import { apigatewayv2VpcLink } from '../resources/apigatewayv2-vpc-link.ts';
import { vpcLinksAvailable } from '../waits/vpc-links-available.ts';
import { linkNameFor, linkNameInto } from './link-names.ts';

/** The links that APIs of the new region need. */
export interface WantedLinks {
  readonly run: string;
  readonly region: string;
  /** New network load balancers. */
  readonly to: readonly (Pick<EndpointKey, 'stack' | 'scheme'> & { readonly arn: string })[];
  /** The subnets and security groups of a link into the VPC; null: none is needed. */
  readonly into: VpcPlace | null;
}

export interface VpcPlace {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/** The links, and the wait until they can be used. prepare-endpoints and the switch describe the same ones by this. */
export function describeLinks({ run, region, to, into }: WantedLinks): [Resource[], Wait] | [] {
  const first = new Map(to.map((balancer) => [linkNameFor(run, balancer), balancer.arn]));
  const resources = [
    ...[...first].map(([name, target]) => apigatewayVpcLink.resource({ region, name }, { target, run })),
    ...(into === null
      ? []
      : [
          apigatewayv2VpcLink.resource(
            { region, name: linkNameInto(run) },
            { subnets: [...into.subnets], securityGroups: [...into.securityGroups], run },
          ),
        ]),
  ];
  if (resources.length === 0) return [];
  const names = resources.map(({ id }) => id.name ?? '');
  const expectedSeconds = EXPECTED_SECONDS + leastSeconds('apigateway:CreateVpcLink', resources.length);
  return [resources, vpcLinksAvailable.for({ region, names }, { expectedSeconds, limitSeconds: expectedSeconds + 900 })];
}

/** API Gateway makes network interfaces or an endpoint service: two to four minutes. */
const EXPECTED_SECONDS = 180;

/** Where a link into the VPC of the new cluster goes: where the first of these load balancers is. Null where there is none. */
export async function newestPlace(
  elb: Elb,
  cluster: string,
  candidates: readonly { readonly dnsName: string }[],
  securityGroups: readonly string[] | undefined,
): Promise<VpcPlace | null> {
  const names = candidates.map(({ dnsName }) => normalisedHost(dnsName)).toSorted();
  const balancer = (await clusterLoadBalancers(elb, cluster)).find(({ dnsName }) => normalisedHost(dnsName) === names[0]);
  if (balancer === undefined) return null;
  const { LoadBalancers: [found] = [] } = await elb.describeLoadBalancers({ LoadBalancerArns: [balancer.arn] });
  return {
    subnets: (found?.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []).toSorted(),
    securityGroups: (securityGroups ?? found?.SecurityGroups ?? []).toSorted(),
  };
}
