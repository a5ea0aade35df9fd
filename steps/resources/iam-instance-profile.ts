import type { Clients } from '../clients/clients.ts';
import { instanceProfilesNamed } from '../leftovers/iam-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';
import { unlessNoSuchEntity } from './iam-spread.ts';

/** Karpenter makes one for the nodes of each EC2NodeClass that names a role. IAM deletes neither it nor the role while one is in the other. */
export const iamInstanceProfile = leftoverDriver<Pick<Clients, 'iam'>>({
  kind: 'iam.instance-profile',
  noun: 'instance profile',
  permissions: {
    read: ['iam:ListInstanceProfiles', 'iam:GetInstanceProfile'],
    write: ['iam:RemoveRoleFromInstanceProfile', 'iam:DeleteInstanceProfile'],
  },
  find: async (clients, _region, ids) => instanceProfilesNamed(await clients.iam(), ids),
  remove: async (clients, { id: InstanceProfileName }) => {
    const iam = await clients.iam();
    const found = await unlessNoSuchEntity(iam.getInstanceProfile({ InstanceProfileName }));
    for (const { RoleName } of found?.InstanceProfile?.Roles ?? [])
      await unlessNoSuchEntity(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
    await unlessNoSuchEntity(iam.deleteInstanceProfile({ InstanceProfileName }));
  },
});
