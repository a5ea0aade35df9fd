import pLimit from 'p-limit';
import type { Iam } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import { unlessNoSuchEntity } from '../resources/iam-spread.ts';
import { type Found, found } from './found.ts';

/**
 * The instance profiles that may be of a cluster, with their tags. Lists of IAM show no tags, and an account may have a thousand profiles:
 * looked at are those in whose ARN the cluster stands, as Karpenter names them, and those that hold a role with its name.
 */
export async function instanceProfiles(iam: Iam, cluster: string): Promise<Found[]> {
  const all = await allPages(async (Marker) => {
    const page = await iam.listInstanceProfiles({ MaxItems: 1000, Marker });
    return [page.InstanceProfiles, page.Marker];
  });
  const candidates = all.filter(
    ({ Arn = '', Roles = [] }) => Arn.includes(cluster) || Roles.some(({ RoleName = '' }) => RoleName.includes(cluster)),
  );
  return instanceProfilesNamed(
    iam,
    candidates.flatMap(({ InstanceProfileName }) => InstanceProfileName ?? []),
  );
}

/** Of these profiles, those that are there. */
export async function instanceProfilesNamed(iam: Iam, names: readonly string[]): Promise<Found[]> {
  const limit = pLimit(4);
  const all = await Promise.all(
    names.map((name) =>
      limit(async () => {
        const profile = await unlessNoSuchEntity(iam.getInstanceProfile({ InstanceProfileName: name }));
        return profile === null ? [] : found(name, profile.InstanceProfile?.Tags, name);
      }),
    ),
  );
  return all.flat();
}
