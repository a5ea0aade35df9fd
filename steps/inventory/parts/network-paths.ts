import type { SecurityGroup, SecurityGroupRule } from '@aws-sdk/client-ec2';
import * as z from 'zod';
import type { Ec2, Eks } from '../../clients/aws.ts';
import { allPages } from '../../clients/aws-pages.ts';
import { peerOf } from '../../network-paths/rule.ts';
import { natAddresses, peeringsOf } from '../../network-paths/vpc.ts';
import { definePart, sortedBy } from '../part.ts';

const rule = z.strictObject({
  /** The group whose rule it is: id, name, Name tag or ''. */
  group: z.string(),
  name: z.string(),
  nameTag: z.string(),
  vpcId: z.string(),
  region: z.string(),
  direction: z.enum(['ingress', 'egress']),
  protocol: z.string(),
  /** First and last port, -1 for all of them. */
  from: z.number(),
  to: z.number(),
  /** The group of the primary that it names. */
  peer: z.string(),
  description: z.string(),
});

const schema = z.strictObject({
  /** The security groups of the primary itself and of its nodes. */
  groups: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  /** The rules of other groups that name one of them. */
  rules: z.array(rule),
  /** The public addresses of the NAT gateways in its VPC: what partners may have in their lists. */
  natAddresses: z.array(z.string()),
  /** The VPC of the primary, and those that are peered with it. */
  vpcId: z.string(),
  peerings: z.array(z.strictObject({ id: z.string(), vpcId: z.string(), region: z.string(), accountId: z.string() })),
});

type PathRule = z.infer<typeof rule>;

/** What lets the primary in, and whom it may reach, by the security groups of its region. */
export const networkPaths = definePart({
  schema,
  words: 'network paths',
  system: 'EC2 in the primary region',
  size: ({ rules }) => rules.length,

  async read(clients, { primary: { region, cluster } }) {
    const [ec2, eks] = await Promise.all([clients.ec2(region), clients.eks(region)]);
    const { vpcId, named } = await ofCluster(eks, cluster);
    const tagged = await groupsWhere(ec2, [
      { Name: 'vpc-id', Values: [vpcId] },
      { Name: 'tag-key', Values: [`kubernetes.io/cluster/${cluster}`] },
    ]);
    const own = await groupsWhere(ec2, [
      { Name: 'group-id', Values: [...new Set([...named, ...tagged.map(({ GroupId = '' }) => GroupId)])] },
    ]);
    const ids = own.map(({ GroupId = '' }) => GroupId);
    const [ingress, egress, nat, peerings] = await Promise.all([
      groupsWhere(ec2, [{ Name: 'ip-permission.group-id', Values: ids }]),
      groupsWhere(ec2, [{ Name: 'egress.ip-permission.group-id', Values: ids }]),
      natAddresses(ec2, vpcId),
      peeringsOf(ec2, vpcId),
    ]);
    const others = [...new Map([...ingress, ...egress].map((group) => [group.GroupId ?? '', group])).values()];
    const naming = others.filter(({ GroupId = '' }) => !ids.includes(GroupId));
    return {
      groups: sortedBy(
        own.map(({ GroupId = '', GroupName = '' }) => ({ id: GroupId, name: GroupName })),
        ({ id }) => id,
      ),
      rules: sortedBy(await rulesNaming(ec2, naming, ids, region), (found) => JSON.stringify(found)),
      natAddresses: nat.toSorted(),
      vpcId,
      peerings: sortedBy(peerings, ({ id }) => id),
    };
  },
});

/** The groups that EKS knows the cluster and its node groups by. Those of further nodes carry the tag `kubernetes.io/cluster/<name>`. */
async function ofCluster(eks: Eks, name: string): Promise<{ readonly vpcId: string; readonly named: readonly string[] }> {
  const { cluster } = await eks.describeCluster({ name });
  const { vpcId = '', clusterSecurityGroupId = '', securityGroupIds = [] } = cluster?.resourcesVpcConfig ?? {};
  const names = await allPages(async (nextToken) => {
    const page = await eks.listNodegroups({ clusterName: name, nextToken });
    return [page.nodegroups, page.nextToken];
  });
  const remote = await Promise.all(
    names.map(async (nodegroupName) => {
      const { nodegroup } = await eks.describeNodegroup({ clusterName: name, nodegroupName });
      return nodegroup?.resources?.remoteAccessSecurityGroup ?? '';
    }),
  );
  return { vpcId, named: [clusterSecurityGroupId, ...securityGroupIds, ...remote].filter((id) => id !== '') };
}

async function groupsWhere(ec2: Ec2, Filters: { Name: string; Values: string[] }[]): Promise<SecurityGroup[]> {
  if (Filters.some(({ Values }) => Values.length === 0)) return [];
  return allPages(async (NextToken) => {
    const page = await ec2.describeSecurityGroups({ Filters, MaxResults: 1000, NextToken });
    return [page.SecurityGroups, page.NextToken];
  });
}

async function rulesNaming(ec2: Ec2, groups: readonly SecurityGroup[], peers: readonly string[], region: string): Promise<PathRule[]> {
  const byId = new Map(groups.map((group) => [group.GroupId ?? '', group]));
  if (byId.size === 0) return [];
  const rules = await allPages<SecurityGroupRule>(async (NextToken) => {
    const page = await ec2.describeSecurityGroupRules({
      Filters: [{ Name: 'group-id', Values: [...byId.keys()] }],
      MaxResults: 1000,
      NextToken,
    });
    return [page.SecurityGroupRules, page.NextToken];
  });
  return rules
    .filter((found) => peers.includes(peerOf(found)))
    .map((found) => {
      const group = byId.get(found.GroupId ?? '');
      return {
        group: found.GroupId ?? '',
        name: group?.GroupName ?? '',
        nameTag: group?.Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '',
        vpcId: group?.VpcId ?? '',
        region,
        direction: found.IsEgress === true ? 'egress' : 'ingress',
        protocol: found.IpProtocol ?? '-1',
        from: found.FromPort ?? -1,
        to: found.ToPort ?? -1,
        peer: peerOf(found),
        description: found.Description ?? '',
      };
    });
}
