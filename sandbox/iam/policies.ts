import { awsFault } from '../aws/fault.ts';
import { type QueryCall, requiredText, text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { awsManagedArns, isAwsManaged, policyNameOf } from './aws-managed.ts';
import { addTags, byName, iamResponse, limitExceeded, nameIn, noSuchEntity, page, pathIn, removeTags, tagList } from './common.ts';
import { checkPermissions } from './documents.ts';
import { nextIamId } from './ids.ts';
import { quotas } from './quotas.ts';
import type { IamPolicy, IamRole } from './state.ts';

/** The customer managed policy that the call's PolicyArn names. */
export function policyIn(call: QueryCall, world: World): IamPolicy {
  const arn = requiredText(call.parameters, 'PolicyArn');
  const policy = world.iam.policies[arn];
  if (policy) return policy;
  if (isAwsManaged(arn)) throw awsFault(403, 'AccessDenied', `${arn} is managed by AWS; the sandbox keeps its name only.`);
  throw noSuchEntity(`Policy ${arn} was not found.`);
}

function attachments(world: World, arn: string): string[] {
  return byName(world.iam.roles)
    .filter((role) => role.attached.includes(arn))
    .map((role) => role.name);
}

/** The roles that a ListEntitiesForPolicy asks for: by what they use the policy for, and by path. There is nothing else that has policies. */
function entities({ parameters }: QueryCall, world: World, arn: string): IamRole[] {
  const usage = text(parameters, 'PolicyUsageFilter');
  const prefix = text(parameters, 'PathPrefix') ?? '/';
  if ((text(parameters, 'EntityFilter') ?? 'Role') !== 'Role') return [];
  return byName(world.iam.roles).filter(({ path, attached, permissionsBoundary }) => {
    const permits = usage !== 'PermissionsBoundary' && attached.includes(arn);
    const bounds = usage !== 'PermissionsPolicy' && permissionsBoundary === arn;
    return path.startsWith(prefix) && (permits || bounds);
  });
}

function view(world: World, policy: IamPolicy): { readonly [name: string]: XmlValue } {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(world, policy.arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt).toISOString(),
    UpdateDate: new Date(policy.updatedAt).toISOString(),
  };
}

function detailedView(world: World, policy: IamPolicy): { readonly [name: string]: XmlValue } {
  const description = policy.description === '' ? undefined : policy.description;
  return { ...view(world, policy), Description: description, Tags: tagList(policy.tags) };
}

function awsView(world: World, arn: string): { readonly [name: string]: XmlValue } {
  const path = arn.slice(arn.indexOf(':policy/') + 7, arn.lastIndexOf('/') + 1);
  return {
    PolicyName: policyNameOf(arn),
    Arn: arn,
    Path: path,
    DefaultVersionId: 'v1',
    AttachmentCount: attachments(world, arn).length,
    IsAttachable: true,
  };
}

export const policyOperations: QueryOperations = {
  CreatePolicy: {
    parameters: ['PolicyName', 'Path', 'PolicyDocument', 'Description', 'Tags'],
    mutates: true,
    handle(call, _request, { world, clock }) {
      const name = nameIn(call, 'PolicyName', 128);
      const path = pathIn(call);
      const document = requiredText(call.parameters, 'PolicyDocument');
      const same = Object.values(world.iam.policies).some((policy) => policy.name.toLowerCase() === name.toLowerCase());
      if (same) throw awsFault(409, 'EntityAlreadyExists', `A policy called ${name} already exists. Duplicate names are not allowed.`);
      checkPermissions(document, 'managed');
      if (Object.keys(world.iam.policies).length >= quotas.policies) throw limitExceeded('PoliciesPerAccount', quotas.policies);
      const now = clock.now();
      const policy: IamPolicy = {
        name,
        path,
        arn: `arn:aws:iam::${world.accountId}:policy${path}${name}`,
        id: nextIamId(world.iam, 'ANPA'),
        description: text(call.parameters, 'Description') ?? '',
        tags: addTags(call, {}),
        defaultVersion: 'v1',
        nextVersion: 2,
        versions: [{ id: 'v1', document, createdAt: now }],
        createdAt: now,
        updatedAt: now,
      };
      world.iam.policies[policy.arn] = policy;
      return iamResponse(call.action, { Policy: { ...view(world, policy), Tags: tagList(policy.tags) } });
    },
  },
  GetPolicy: {
    parameters: ['PolicyArn'],
    mutates: false,
    handle(call, _request, { world }) {
      const arn = requiredText(call.parameters, 'PolicyArn');
      const Policy = isAwsManaged(arn) ? awsView(world, arn) : detailedView(world, policyIn(call, world));
      return iamResponse(call.action, { Policy });
    },
  },
  ListPolicies: {
    parameters: ['Scope', 'OnlyAttached', 'PathPrefix', 'PolicyUsageFilter', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const scope = text(call.parameters, 'Scope') ?? 'All';
      const prefix = text(call.parameters, 'PathPrefix') ?? '/';
      const local = scope === 'AWS' ? [] : byName(world.iam.policies).map((policy) => view(world, policy));
      const aws = scope === 'Local' ? [] : awsManagedArns().map((arn) => awsView(world, arn));
      const onlyAttached = text(call.parameters, 'OnlyAttached') === 'true';
      const found = [...local, ...aws].filter(
        (each) => String(each.Path).startsWith(prefix) && (!onlyAttached || each.AttachmentCount !== 0),
      );
      const { items, members } = page(call, found);
      return iamResponse(call.action, { Policies: items, ...members });
    },
  },
  DeletePolicy: {
    parameters: ['PolicyArn'],
    mutates: true,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      if (attachments(world, policy.arn).length > 0) throw awsFault(409, 'DeleteConflict', 'Cannot delete a policy attached to entities.');
      if (policy.versions.length > 1) {
        throw awsFault(
          409,
          'DeleteConflict',
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
        );
      }
      delete world.iam.policies[policy.arn];
      return iamResponse(call.action, null);
    },
  },
  ListEntitiesForPolicy: {
    parameters: ['PolicyArn', 'EntityFilter', 'PathPrefix', 'PolicyUsageFilter', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const arn = requiredText(call.parameters, 'PolicyArn');
      if (!isAwsManaged(arn)) policyIn(call, world);
      const { items, members } = page(call, entities(call, world, arn));
      const roles = items.map(({ name, id }) => ({ RoleName: name, RoleId: id }));
      return iamResponse(call.action, { PolicyGroups: [], PolicyUsers: [], PolicyRoles: roles, ...members });
    },
  },
  TagPolicy: {
    parameters: ['PolicyArn', 'Tags'],
    mutates: true,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      policy.tags = addTags(call, policy.tags);
      return iamResponse(call.action, null);
    },
  },
  UntagPolicy: {
    parameters: ['PolicyArn', 'TagKeys'],
    mutates: true,
    handle(call, _request, { world }) {
      const policy = policyIn(call, world);
      policy.tags = removeTags(call, policy.tags);
      return iamResponse(call.action, null);
    },
  },
  ListPolicyTags: {
    parameters: ['PolicyArn', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const { items, members } = page(call, Object.entries(policyIn(call, world).tags));
      return iamResponse(call.action, { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...members });
    },
  },
};
