import type { Ec2 } from '../clients/aws.ts';
import { unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { securityGroups } from '../leftovers/ec2-things.ts';
import { leftoverDriver } from './cluster-leftover.ts';
import { onceUnused } from './once-unused.ts';

export const ec2SecurityGroup = leftoverDriver<Pick<Clients, 'ec2' | 'clock' | 'signal'>>({
  kind: 'ec2.security-group',
  noun: 'security group (with the rules of others that name it)',
  permissions: {
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
    write: ['ec2:RevokeSecurityGroupIngress', 'ec2:RevokeSecurityGroupEgress', 'ec2:DeleteSecurityGroup'],
  },
  find: async (clients, region, ids) => securityGroups(await clients.ec2(region), [{ Name: 'group-id', Values: [...ids] }]),
  remove: async (clients, { region, id }) => {
    const ec2 = await clients.ec2(region);
    await revokeReferences(ec2, id);
    await onceUnused(clients, () => unlessMissing(ec2.deleteSecurityGroup({ GroupId: id }), 'InvalidGroup.NotFound'));
  },
});

/** EC2 keeps a group that a rule of another one names. Such a rule lets in, or out, nobody any more. */
async function revokeReferences(ec2: Ec2, group: string): Promise<void> {
  for (const direction of ['ip-permission.group-id', 'egress.ip-permission.group-id']) {
    const naming = await securityGroups(ec2, [{ Name: direction, Values: [group] }]);
    for (const { id } of naming.filter((other) => other.id !== group)) await revokeIn(ec2, id, group);
  }
}

async function revokeIn(ec2: Ec2, GroupId: string, named: string): Promise<void> {
  const rules = await allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [GroupId] }], NextToken });
    return [page.SecurityGroupRules, page.NextToken];
  });
  const ids = (egress: boolean): string[] =>
    rules.flatMap(({ ReferencedGroupInfo, IsEgress, SecurityGroupRuleId = '' }) =>
      ReferencedGroupInfo?.GroupId === named && (IsEgress ?? false) === egress ? [SecurityGroupRuleId] : [],
    );
  const [ingress, egress] = [ids(false), ids(true)];
  if (ingress.length > 0) await ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: ingress });
  if (egress.length > 0) await ec2.revokeSecurityGroupEgress({ GroupId, SecurityGroupRuleIds: egress });
}
