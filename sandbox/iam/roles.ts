import { awsFault } from '../aws/fault.ts';
import { type QueryCall, requiredText, text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { isAwsManaged } from './aws-managed.ts';
import {
  addTags,
  byName,
  encodeDocument,
  iamResponse,
  limitExceeded,
  nameIn,
  noSuchEntity,
  page,
  pathIn,
  removeTags,
  tagList,
} from './common.ts';
import { checkTrust } from './documents.ts';
import { nextIamId } from './ids.ts';
import { propagationTime, quotas } from './quotas.ts';
import type { IamRole } from './state.ts';

/** The role that the call's RoleName names. IAM itself sees a new role at once; other services take some seconds. */
export function roleIn(call: QueryCall, world: World): IamRole {
  const name = nameIn(call, 'RoleName', 64);
  const role = world.iam.roles[name];
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

export function roleView(role: IamRole): { readonly [name: string]: XmlValue } {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt).toISOString(),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    Description: role.description === '' ? undefined : role.description,
    MaxSessionDuration: role.maxSessionDuration,
    PermissionsBoundary:
      role.permissionsBoundary === undefined
        ? undefined
        : {
            PermissionsBoundaryType: 'Policy',
            PermissionsBoundaryArn: role.permissionsBoundary,
          },
  };
}

function detailedView(role: IamRole): { readonly [name: string]: XmlValue } {
  return { ...roleView(role), Tags: Object.keys(role.tags).length === 0 ? undefined : tagList(role.tags), RoleLastUsed: {} };
}

function durationIn(call: QueryCall, fallback: number): number {
  const seconds = Number(text(call.parameters, 'MaxSessionDuration') ?? fallback);
  if (Number.isInteger(seconds) && seconds >= 3600 && seconds <= 43_200) return seconds;
  throw awsFault(400, 'ValidationError', 'MaxSessionDuration must be between 3600 and 43200');
}

function descriptionIn(call: QueryCall, fallback: string): string {
  const description = text(call.parameters, 'Description') ?? fallback;
  if (description.length <= 1000) return description;
  throw awsFault(400, 'ValidationError', 'The description is longer than 1000 characters.');
}

/** A managed policy that exists, of the account or of AWS. */
function boundaryIn(call: QueryCall, world: World): string | undefined {
  const arn = text(call.parameters, 'PermissionsBoundary');
  if (arn === undefined || isAwsManaged(arn) || world.iam.policies[arn] !== undefined) return arn;
  throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
}

function existsAlready(world: World, name: string): boolean {
  return Object.keys(world.iam.roles).some((each) => each.toLowerCase() === name.toLowerCase());
}

export const roleOperations: QueryOperations = {
  CreateRole: {
    parameters: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'PermissionsBoundary', 'Tags'],
    mutates: true,
    handle(call, _request, sandbox) {
      const { world, clock } = sandbox;
      const name = nameIn(call, 'RoleName', 64);
      const path = pathIn(call);
      const trust = requiredText(call.parameters, 'AssumeRolePolicyDocument');
      if (existsAlready(world, name)) throw awsFault(409, 'EntityAlreadyExists', `Role with name ${name} already exists.`);
      checkTrust(sandbox, trust);
      if (Object.keys(world.iam.roles).length >= quotas.roles) throw limitExceeded('RolesPerAccount', quotas.roles);
      const boundary = boundaryIn(call, world);
      const role: IamRole = {
        name,
        path,
        arn: `arn:aws:iam::${world.accountId}:role${path}${name}`,
        id: nextIamId(world.iam, 'AROA'),
        trust,
        description: descriptionIn(call, ''),
        maxSessionDuration: durationIn(call, 3600),
        ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
        tags: addTags(call, {}),
        attached: [],
        inline: {},
        createdAt: clock.now(),
        visibleAt: clock.now() + propagationTime,
      };
      world.iam.roles[name] = role;
      return iamResponse(call.action, { Role: { ...roleView(role), Tags: tagList(role.tags) } });
    },
  },
  GetRole: {
    parameters: ['RoleName'],
    mutates: false,
    handle: (call, _request, { world }) => iamResponse(call.action, { Role: detailedView(roleIn(call, world)) }),
  },
  ListRoles: {
    parameters: ['PathPrefix', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const prefix = text(call.parameters, 'PathPrefix') ?? '/';
      const { items, members } = page(
        call,
        byName(world.iam.roles).filter((role) => role.path.startsWith(prefix)),
      );
      return iamResponse(call.action, { Roles: items.map(roleView), ...members });
    },
  },
  UpdateAssumeRolePolicy: {
    parameters: ['RoleName', 'PolicyDocument'],
    mutates: true,
    handle(call, _request, sandbox) {
      const role = roleIn(call, sandbox.world);
      const trust = requiredText(call.parameters, 'PolicyDocument');
      checkTrust(sandbox, trust);
      role.trust = trust;
      return iamResponse(call.action, null);
    },
  },
  UpdateRole: {
    parameters: ['RoleName', 'Description', 'MaxSessionDuration'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const maxSessionDuration = durationIn(call, 3600);
      role.description = descriptionIn(call, role.description);
      role.maxSessionDuration = maxSessionDuration;
      return iamResponse(call.action, {});
    },
  },
  PutRolePermissionsBoundary: {
    parameters: ['RoleName', 'PermissionsBoundary'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      role.permissionsBoundary = boundaryIn(call, world) ?? '';
      return iamResponse(call.action, null);
    },
  },
  DeleteRolePermissionsBoundary: {
    parameters: ['RoleName'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      if (role.permissionsBoundary === undefined) throw noSuchEntity(`The role with name ${role.name} has no permissions boundary.`);
      delete role.permissionsBoundary;
      return iamResponse(call.action, null);
    },
  },
  DeleteRole: {
    parameters: ['RoleName'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      if (role.attached.length > 0) throw awsFault(409, 'DeleteConflict', 'Cannot delete entity, must detach all policies first.');
      if (Object.keys(role.inline).length > 0) throw awsFault(409, 'DeleteConflict', 'Cannot delete entity, must delete policies first.');
      if (Object.values(world.iam.instanceProfiles).some((profile) => profile.role === role.name))
        throw awsFault(409, 'DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
      delete world.iam.roles[role.name];
      return iamResponse(call.action, null);
    },
  },
  TagRole: {
    parameters: ['RoleName', 'Tags'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      role.tags = addTags(call, role.tags);
      return iamResponse(call.action, null);
    },
  },
  UntagRole: {
    parameters: ['RoleName', 'TagKeys'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      role.tags = removeTags(call, role.tags);
      return iamResponse(call.action, null);
    },
  },
  ListRoleTags: {
    parameters: ['RoleName', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const { items, members } = page(call, Object.entries(roleIn(call, world).tags));
      return iamResponse(call.action, { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...members });
    },
  },
};
