import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  type Role,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { ProviderContext, ResourceKind } from './kinds.ts';
import { type Attributes, mapOf, textOf } from './values.ts';
import { orNull } from './waiting.ts';

const missing = ['NoSuchEntityException'];
const clientFor = ({ region }: ProviderContext): IAMClient => new IAMClient({ region, maxAttempts: 5 });

function roleAttributes(role: Role, { defaultTags }: ProviderContext): Attributes {
  const all = Object.fromEntries((role.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  return {
    id: role.RoleName ?? '',
    arn: role.Arn ?? '',
    name: role.RoleName ?? '',
    unique_id: role.RoleId ?? '',
    description: role.Description ?? '',
    assume_role_policy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ''),
    tags: Object.fromEntries(Object.entries(all).filter(([key, value]) => defaultTags[key] !== value)),
    tags_all: all,
  };
}

export const roleKind: ResourceKind = {
  computed: ['id', 'arn', 'unique_id'],
  updatable: ['tags', 'tags_all', 'assume_role_policy'],
  noun: 'IAM Role',
  async create(wanted, context, born) {
    const command = new CreateRoleCommand({
      RoleName: textOf(wanted, 'name'),
      AssumeRolePolicyDocument: textOf(wanted, 'assume_role_policy'),
      Description: textOf(wanted, 'description'),
      Tags: Object.entries(mapOf(wanted, 'tags_all')).map(([Key, Value]) => ({ Key, Value })),
    });
    const { Role: role } = await clientFor(context).send(command);
    const attributes = { ...roleAttributes(role ?? ({} as Role), context), description: textOf(wanted, 'description') };
    born(attributes);
    return attributes;
  },
  async read(held, context) {
    const RoleName = textOf(held, 'id');
    const found = await orNull(missing, () => clientFor(context).send(new GetRoleCommand({ RoleName })));
    return found?.Role ? roleAttributes(found.Role, context) : null;
  },
  async update(held, wanted, context) {
    const client = clientFor(context);
    const RoleName = textOf(held, 'id');
    const trust = textOf(wanted, 'assume_role_policy');
    if (trust !== textOf(held, 'assume_role_policy'))
      await client.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trust }));
    const before = mapOf(held, 'tags_all');
    const after = mapOf(wanted, 'tags_all');
    const gone = Object.keys(before).filter((key) => after[key] === undefined);
    const fresh = Object.entries(after).filter(([key, value]) => before[key] !== value);
    if (gone.length > 0) await client.send(new UntagRoleCommand({ RoleName, TagKeys: gone }));
    if (fresh.length > 0) await client.send(new TagRoleCommand({ RoleName, Tags: fresh.map(([Key, Value]) => ({ Key, Value })) }));
    return { ...held, assume_role_policy: trust, tags: mapOf(wanted, 'tags'), tags_all: after };
  },
  async remove(held, context) {
    await orNull(missing, () => clientFor(context).send(new DeleteRoleCommand({ RoleName: textOf(held, 'id') })));
  },
};

export const roleAttachmentKind: ResourceKind = {
  computed: ['id'],
  updatable: [],
  noun: 'IAM Role Policy Attachment',
  async create(wanted, context, born) {
    const RoleName = textOf(wanted, 'role');
    const PolicyArn = textOf(wanted, 'policy_arn');
    await clientFor(context).send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const attributes = { ...wanted, id: `${RoleName}/${PolicyArn}` };
    born(attributes);
    return attributes;
  },
  async read(held, context) {
    const RoleName = textOf(held, 'role');
    const found = await orNull(missing, () => clientFor(context).send(new ListAttachedRolePoliciesCommand({ RoleName })));
    const attached = found?.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === textOf(held, 'policy_arn'));
    return attached ? held : null;
  },
  update: async (held) => held,
  async remove(held, context) {
    const command = new DetachRolePolicyCommand({ RoleName: textOf(held, 'role'), PolicyArn: textOf(held, 'policy_arn') });
    await orNull(missing, () => clientFor(context).send(command));
  },
};
