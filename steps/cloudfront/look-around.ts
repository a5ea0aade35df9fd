import type { CloudFront } from '../clients/aws.ts';
import type { Estate } from '../estate/estate.ts';
import { EksDrError } from '../kit/errors.ts';
import type { Run } from '../kit/run.ts';
import { type Distribution, readDistribution } from './distributions.ts';
import { switchedDistributions } from './switched-distributions.ts';
import { listVpcOrigins, type NamedVpcOrigin } from './vpc-origins.ts';

interface Around {
  /** Null where no distribution is to be switched: CloudFront is not asked then. */
  readonly cloudfront: CloudFront | null;
  readonly distributions: readonly Distribution[];
  readonly vpcOrigins: readonly NamedVpcOrigin[];
}

/** The distributions that a run switches, with the VPC origins there are. */
export async function lookAround(
  connect: () => Promise<CloudFront>,
  estate: Pick<Estate, 'cloudfront' | 'drill'>,
  run: Pick<Run, 'mode'>,
): Promise<Around> {
  const ids = await switchedDistributions(connect, estate, run.mode);
  if (ids.length === 0) return { cloudfront: null, distributions: [], vpcOrigins: [] };
  const cloudfront = await connect();
  const distributions = await Promise.all(ids.map((id) => readKnown(cloudfront, id)));
  const behindVpc = distributions.some(({ config }) => config.Origins?.Items?.some(({ VpcOriginConfig }) => VpcOriginConfig !== undefined));
  return { cloudfront, distributions, vpcOrigins: behindVpc ? await listVpcOrigins(cloudfront) : [] };
}

async function readKnown(cloudfront: CloudFront, id: string): Promise<Distribution> {
  const found = await readDistribution(cloudfront, id);
  if (found !== null) return found;
  throw new EksDrError('input-invalid', {
    message: `There is no distribution ${id}, which the estate names.`,
    target: id,
    remedy: 'Correct its id in the estate, or take it out; then plan again.',
  });
}
