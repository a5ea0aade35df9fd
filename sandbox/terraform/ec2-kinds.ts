import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type ResourceType,
  type SecurityGroup,
  type Subnet,
  type Tag,
  type Vpc,
} from '@aws-sdk/client-ec2';
import { errorName } from './failure.ts';
import type { ProviderContext, ResourceKind } from './kinds.ts';
import { type Attributes, mapOf, textOf } from './values.ts';
import { orNull, retried } from './waiting.ts';

const minutes = 60_000;

const clientFor = ({ region }: ProviderContext): EC2Client => new EC2Client({ region, maxAttempts: 5 });

function tagSpecification(kind: ResourceType, wanted: Attributes) {
  const tags = Object.entries(mapOf(wanted, 'tags_all')).map(([Key, Value]) => ({ Key, Value }));
  return tags.length === 0 ? [] : [{ ResourceType: kind, Tags: tags }];
}

function tagsOf(
  tags: readonly Tag[] | undefined,
  { defaultTags }: ProviderContext,
): { readonly tags: Record<string, string>; readonly tags_all: Record<string, string> } {
  const all = Object.fromEntries(
    (tags ?? []).flatMap(({ Key, Value }) => (Key === undefined || Key.startsWith('aws:') ? [] : [[Key, Value ?? '']])),
  );
  const own = Object.fromEntries(Object.entries(all).filter(([key, value]) => defaultTags[key] !== value));
  return { tags: own, tags_all: all };
}

async function changeTags(held: Attributes, wanted: Attributes, context: ProviderContext): Promise<void> {
  const before = mapOf(held, 'tags_all');
  const after = mapOf(wanted, 'tags_all');
  const Resources = [textOf(held, 'id')];
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  const fresh = Object.entries(after).filter(([key, value]) => before[key] !== value);
  const client = clientFor(context);
  if (gone.length > 0) await client.send(new DeleteTagsCommand({ Resources, Tags: gone.map((Key) => ({ Key })) }));
  if (fresh.length > 0) await client.send(new CreateTagsCommand({ Resources, Tags: fresh.map(([Key, Value]) => ({ Key, Value })) }));
}

/** Deletion waits for what still uses the object, as the provider does, up to its default timeout. */
async function removeOnceUnused(context: ProviderContext, limit: number, missing: string, call: () => Promise<unknown>): Promise<void> {
  const inUse = (error: unknown): boolean => errorName(error) === 'DependencyViolation';
  await orNull([missing], () => retried(context, limit, inUse, call));
}

function vpcAttributes(vpc: Vpc, context: ProviderContext): Attributes {
  const id = vpc.VpcId ?? '';
  return {
    id,
    arn: `arn:aws:ec2:${context.region}:${vpc.OwnerId}:vpc/${id}`,
    cidr_block: vpc.CidrBlock ?? '',
    owner_id: vpc.OwnerId ?? '',
    ...tagsOf(vpc.Tags, context),
  };
}

export const vpcKind: ResourceKind = {
  computed: ['id', 'arn', 'owner_id'],
  updatable: ['tags', 'tags_all'],
  noun: 'EC2 VPC',
  async create(wanted, context, born) {
    const command = new CreateVpcCommand({ CidrBlock: textOf(wanted, 'cidr_block'), TagSpecifications: tagSpecification('vpc', wanted) });
    const { Vpc: vpc } = await clientFor(context).send(command);
    const attributes = vpcAttributes(vpc ?? {}, context);
    born(attributes);
    return attributes;
  },
  async read(held, context) {
    const VpcIds = [textOf(held, 'id')];
    const found = await orNull(['InvalidVpcID.NotFound'], () => clientFor(context).send(new DescribeVpcsCommand({ VpcIds })));
    const vpc = found?.Vpcs?.[0];
    return vpc ? vpcAttributes(vpc, context) : null;
  },
  async update(held, wanted, context) {
    await changeTags(held, wanted, context);
    return { ...held, tags: mapOf(wanted, 'tags'), tags_all: mapOf(wanted, 'tags_all') };
  },
  async remove(held, context) {
    const VpcId = textOf(held, 'id');
    await removeOnceUnused(context, 5 * minutes, 'InvalidVpcID.NotFound', () => clientFor(context).send(new DeleteVpcCommand({ VpcId })));
  },
};

function subnetAttributes(subnet: Subnet, context: ProviderContext): Attributes {
  return {
    id: subnet.SubnetId ?? '',
    arn: subnet.SubnetArn ?? '',
    vpc_id: subnet.VpcId ?? '',
    cidr_block: subnet.CidrBlock ?? '',
    availability_zone: subnet.AvailabilityZone ?? '',
    availability_zone_id: subnet.AvailabilityZoneId ?? '',
    ...tagsOf(subnet.Tags, context),
  };
}

export const subnetKind: ResourceKind = {
  computed: ['id', 'arn', 'availability_zone_id'],
  updatable: ['tags', 'tags_all'],
  noun: 'EC2 Subnet',
  async create(wanted, context, born) {
    const command = new CreateSubnetCommand({
      VpcId: textOf(wanted, 'vpc_id'),
      CidrBlock: textOf(wanted, 'cidr_block'),
      AvailabilityZone: textOf(wanted, 'availability_zone'),
      TagSpecifications: tagSpecification('subnet', wanted),
    });
    const { Subnet: subnet } = await clientFor(context).send(command);
    const attributes = subnetAttributes(subnet ?? {}, context);
    born(attributes);
    return attributes;
  },
  async read(held, context) {
    const SubnetIds = [textOf(held, 'id')];
    const found = await orNull(['InvalidSubnetID.NotFound'], () => clientFor(context).send(new DescribeSubnetsCommand({ SubnetIds })));
    const subnet = found?.Subnets?.[0];
    return subnet ? subnetAttributes(subnet, context) : null;
  },
  async update(held, wanted, context) {
    await changeTags(held, wanted, context);
    return { ...held, tags: mapOf(wanted, 'tags'), tags_all: mapOf(wanted, 'tags_all') };
  },
  async remove(held, context) {
    const SubnetId = textOf(held, 'id');
    await removeOnceUnused(context, 20 * minutes, 'InvalidSubnetID.NotFound', () =>
      clientFor(context).send(new DeleteSubnetCommand({ SubnetId })),
    );
  },
};

function groupAttributes(group: SecurityGroup, context: ProviderContext): Attributes {
  return {
    id: group.GroupId ?? '',
    arn: group.SecurityGroupArn ?? '',
    name: group.GroupName ?? '',
    description: group.Description ?? '',
    vpc_id: group.VpcId ?? '',
    owner_id: group.OwnerId ?? '',
    ...tagsOf(group.Tags, context),
  };
}

export const securityGroupKind: ResourceKind = {
  computed: ['id', 'arn', 'owner_id'],
  updatable: ['tags', 'tags_all'],
  noun: 'Security Group',
  async create(wanted, context, born) {
    const command = new CreateSecurityGroupCommand({
      GroupName: textOf(wanted, 'name'),
      Description: textOf(wanted, 'description'),
      VpcId: textOf(wanted, 'vpc_id'),
      TagSpecifications: tagSpecification('security-group', wanted),
    });
    const { GroupId } = await clientFor(context).send(command);
    const found = await clientFor(context).send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }));
    const attributes = groupAttributes(found.SecurityGroups?.[0] ?? { GroupId }, context);
    born(attributes);
    return attributes;
  },
  async read(held, context) {
    const GroupIds = [textOf(held, 'id')];
    const found = await orNull(['InvalidGroup.NotFound'], () => clientFor(context).send(new DescribeSecurityGroupsCommand({ GroupIds })));
    const group = found?.SecurityGroups?.[0];
    return group ? groupAttributes(group, context) : null;
  },
  async update(held, wanted, context) {
    await changeTags(held, wanted, context);
    return { ...held, tags: mapOf(wanted, 'tags'), tags_all: mapOf(wanted, 'tags_all') };
  },
  async remove(held, context) {
    const GroupId = textOf(held, 'id');
    await removeOnceUnused(context, 15 * minutes, 'InvalidGroup.NotFound', () =>
      clientFor(context).send(new DeleteSecurityGroupCommand({ GroupId })),
    );
  },
};
