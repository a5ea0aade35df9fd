import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { Ec2 } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Owner } from '../kit/resource.ts';
import { ownerByTags } from '../resources/cluster-owner.ts';

/** A security group as it is now. */
export interface GroupFacts {
  readonly id: string;
  readonly name: string;
  readonly nameTag: string;
  readonly vpcId: string;
  readonly region: string;
  /** Null: production's, as far as its tags tell. */
  readonly owner: Owner | null;
}

/** All security groups of a region: their names are compared with those of the primary region. */
export async function groupsIn(ec2: Ec2, region: string): Promise<GroupFacts[]> {
  const groups = await allPages<SecurityGroup>(async (NextToken) => {
    const page = await ec2.describeSecurityGroups({ MaxResults: 1000, NextToken });
    return [page.SecurityGroups, page.NextToken];
  });
  return groups.map(({ GroupId = '', GroupName = '', VpcId = '', Tags = [] }) => {
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    return { id: GroupId, name: GroupName, nameTag: tags.Name ?? '', vpcId: VpcId, region, owner: ownerByTags(tags) };
  });
}
