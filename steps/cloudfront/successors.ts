import type { CloudFront } from '../clients/aws.ts';
import type { Place } from '../endpoints/endpoint-map.ts';
import type { Resource, Wait } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { cloudfrontVpcOrigin } from '../resources/cloudfront-vpc-origin.ts';
import { cloudfrontVpcOriginsDeployed } from '../waits/cloudfront-vpc-origins-deployed.ts';
import type { Distribution } from './distributions.ts';
import { type NamedVpcOrigin, successorName, type VpcOriginState, vpcOriginState } from './vpc-origins.ts';

/** An old load balancer and its successor, as VPC origins name them. */
interface ArnPair {
  readonly old: Pick<Place, 'arn'>;
  readonly new: Pick<Place, 'arn'>;
}

/** A VPC origin that leads to an old load balancer, and what must be made for its successor. */
export interface VpcOriginSuccessor {
  readonly old: NamedVpcOrigin;
  readonly name: string;
  readonly state: VpcOriginState;
}

/** What is to be made so that each of these VPC origins has one like it at the new load balancer. Those that lead elsewhere need none. */
export function vpcOriginSuccessors(
  run: Pick<Run, 'id'>,
  used: readonly { readonly origin: NamedVpcOrigin; readonly state: VpcOriginState }[],
  pairs: readonly ArnPair[],
): VpcOriginSuccessor[] {
  return used.flatMap(({ origin, state }) => {
    const pair = pairs.find(({ old }) => old.arn !== '' && old.arn === state.target);
    if (pair === undefined) return [];
    return [{ old: origin, name: successorName(run, origin), state: { ...state, target: pair.new.arn, run: run.id } }];
  });
}

/** The successors of the VPC origins that these distributions go through. */
export async function successorsOf(
  cloudfront: CloudFront,
  of: {
    readonly run: Pick<Run, 'id'>;
    readonly distributions: readonly Distribution[];
    readonly vpcOrigins: readonly NamedVpcOrigin[];
    readonly pairs: readonly ArnPair[];
  },
): Promise<VpcOriginSuccessor[]> {
  const used = await Promise.all(
    usedBy(of.distributions, of.vpcOrigins).map(async (origin) => ({ origin, state: (await vpcOriginState(cloudfront, origin.id)).state })),
  );
  return vpcOriginSuccessors(of.run, used, of.pairs);
}

/** VPC origins, and the wait until distributions may use them. prepare-endpoints and the switch describe the same ones by this. */
export function describeVpcOrigins(made: readonly Pick<VpcOriginSuccessor, 'name' | 'state'>[]): [Resource[], Wait] | [] {
  if (made.length === 0) return [];
  return [
    made.map(({ name, state }) => cloudfrontVpcOrigin.resource({ name }, state)),
    cloudfrontVpcOriginsDeployed.for({ names: made.map(({ name }) => name) }),
  ];
}

/** The VPC origins that these distributions go through. */
function usedBy(distributions: readonly Distribution[], all: readonly NamedVpcOrigin[]): NamedVpcOrigin[] {
  const ids = distributions.flatMap(({ config }) =>
    (config.Origins?.Items ?? []).map(({ VpcOriginConfig }) => VpcOriginConfig?.VpcOriginId),
  );
  return all.filter(({ id }) => ids.includes(id));
}
