import type { TagDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Elb } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import { type Found, found } from './found.ts';

/** DescribeTags takes this many ARNs. */
const TAGS_AT_ONCE = 20;

type Named = readonly [arn: string | undefined, name: string | undefined];

/** Every load balancer of the region with its tags. */
export async function loadBalancers(elb: Elb): Promise<Found[]> {
  const all = await allPages(async (Marker) => {
    const { LoadBalancers = [], NextMarker } = await elb.describeLoadBalancers({ Marker, PageSize: 400 });
    return [LoadBalancers.map(({ LoadBalancerArn, LoadBalancerName }): Named => [LoadBalancerArn, LoadBalancerName]), NextMarker];
  });
  return withTags(elb, all);
}

/** Every target group of the region with its tags. */
export async function targetGroups(elb: Elb): Promise<Found[]> {
  const all = await allPages(async (Marker) => {
    const { TargetGroups = [], NextMarker } = await elb.describeTargetGroups({ Marker, PageSize: 400 });
    return [TargetGroups.map(({ TargetGroupArn, TargetGroupName }): Named => [TargetGroupArn, TargetGroupName]), NextMarker];
  });
  return withTags(elb, all);
}

async function withTags(elb: Elb, all: readonly Named[]): Promise<Found[]> {
  const tagged: Found[] = [];
  for (let start = 0; start < all.length; start += TAGS_AT_ONCE) {
    const some = all.slice(start, start + TAGS_AT_ONCE);
    const descriptions = await tagsOf(
      elb,
      some.flatMap(([arn]) => arn ?? []),
    );
    for (const [arn, name] of some) {
      const description = descriptions.find(({ ResourceArn }) => ResourceArn === arn);
      if (description !== undefined) tagged.push(...found(arn, description.Tags, name));
    }
  }
  return tagged;
}

/** DescribeTags answers nothing at all where one of the ARNs went away meanwhile: then each is asked for by itself. */
async function tagsOf(elb: Elb, arns: readonly string[]): Promise<TagDescription[]> {
  const ask = async (ResourceArns: string[]): Promise<TagDescription[] | null> => {
    const answer = await unlessMissing(elb.describeTags({ ResourceArns }), 'LoadBalancerNotFoundException', 'TargetGroupNotFoundException');
    return answer === null ? null : (answer.TagDescriptions ?? []);
  };
  const together = await ask([...arns]);
  if (together !== null) return together;
  return (await Promise.all(arns.map((arn) => ask([arn])))).flatMap((one) => one ?? []);
}
