import type { DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import type { CloudFront } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG, SCOPE_TAG } from '../naming.ts';
import { ownerByTags } from '../resources/cluster-owner.ts';

/** A distribution with what makes its next update conditional. Its configuration may hold secrets (custom headers): it enters no plan. */
export interface Distribution {
  readonly id: string;
  readonly arn: string;
  readonly etag: string;
  /** `InProgress` until every edge location has the newest configuration. */
  readonly status: string;
  readonly config: DistributionConfig;
}

/** One distribution, or null. */
export async function readDistribution(cloudfront: CloudFront, id: string): Promise<Distribution | null> {
  const answer = await unlessMissing(cloudfront.getDistribution({ Id: id }), 'NoSuchDistribution');
  const found = answer?.Distribution;
  if (found?.DistributionConfig === undefined) return null;
  return { id, arn: found.ARN ?? '', etag: answer?.ETag ?? '', status: found.Status ?? '', config: found.DistributionConfig };
}

/** Every distribution of the account but staging ones, which continuous deployment looks after; with its origins, in few requests. */
export async function listDistributions(cloudfront: CloudFront): Promise<DistributionSummary[]> {
  const all = await allPages(async (Marker) => {
    const { DistributionList: list } = await cloudfront.listDistributions({ Marker });
    return [list?.Items, list?.IsTruncated === true ? list.NextMarker : undefined];
  });
  return all.filter(({ Staging }) => Staging !== true);
}

/** Whose a distribution is, by its tags. */
export async function distributionOwner(cloudfront: CloudFront, { id, arn }: Pick<Distribution, 'id' | 'arn'>): Promise<Owner> {
  return (
    ownerByTags(await tagsOf(cloudfront, arn)) ?? {
      kind: 'other',
      detail: `the distribution ${id} carries neither ${SCOPE_TAG} nor ${RUN_TAG}`,
    }
  );
}

/** The tags on a distribution or VPC origin. */
export async function tagsOf(cloudfront: CloudFront, Resource: string): Promise<Record<string, string>> {
  const { Tags } = await cloudfront.listTagsForResource({ Resource });
  return Object.fromEntries((Tags?.Items ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
