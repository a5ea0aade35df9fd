import { awsFault } from '../aws/fault.ts';
import { type QueryCall, text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { XmlValue } from '../aws/xml.ts';
import type { World } from '../world.ts';
import { byName, iamResponse, nameIn, noSuchEntity, page, tagList } from './common.ts';
import { nextIamId } from './ids.ts';
import { roleIn, roleView } from './roles.ts';
import type { InstanceProfile } from './state.ts';

/** One that Karpenter makes for the nodes of a class; one that is there already stays, with the role that the class names now. */
export function ensureInstanceProfile(world: World, profile: Pick<InstanceProfile, 'name' | 'path' | 'role' | 'tags'>, now: number): void {
  const found = world.iam.instanceProfiles[profile.name];
  if (found !== undefined) {
    found.role = profile.role;
    return;
  }
  const arn = `arn:aws:iam::${world.accountId}:instance-profile${profile.path}${profile.name}`;
  world.iam.instanceProfiles[profile.name] = {
    ...profile,
    tags: { ...profile.tags },
    arn,
    id: nextIamId(world.iam, 'AIPA'),
    createdAt: now,
  };
}

function profileIn(call: QueryCall, world: World): InstanceProfile {
  const name = nameIn(call, 'InstanceProfileName', 128);
  const found = world.iam.instanceProfiles[name];
  if (found === undefined) throw noSuchEntity(`Instance Profile ${name} cannot be found.`);
  return found;
}

/** What is listed carries no tags: they are asked for by profile. */
function view({ iam }: World, profile: InstanceProfile): { readonly [name: string]: XmlValue } {
  const role = profile.role === null ? undefined : iam.roles[profile.role];
  return {
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    Path: profile.path,
    CreateDate: new Date(profile.createdAt).toISOString(),
    Roles: role === undefined ? [] : [roleView(role)],
  };
}

export const instanceProfileOperations: QueryOperations = {
  ListInstanceProfiles: {
    parameters: ['PathPrefix', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const prefix = text(call.parameters, 'PathPrefix') ?? '/';
      const { items, members } = page(
        call,
        byName(world.iam.instanceProfiles).filter(({ path }) => path.startsWith(prefix)),
      );
      return iamResponse(call.action, { InstanceProfiles: items.map((profile) => view(world, profile)), ...members });
    },
  },
  ListInstanceProfilesForRole: {
    parameters: ['RoleName', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const { name } = roleIn(call, world);
      const { items, members } = page(
        call,
        byName(world.iam.instanceProfiles).filter(({ role }) => role === name),
      );
      return iamResponse(call.action, { InstanceProfiles: items.map((profile) => view(world, profile)), ...members });
    },
  },
  GetInstanceProfile: {
    parameters: ['InstanceProfileName'],
    mutates: false,
    handle(call, _request, { world }) {
      const profile = profileIn(call, world);
      return iamResponse(call.action, { InstanceProfile: { ...view(world, profile), Tags: tagList(profile.tags) } });
    },
  },
  ListInstanceProfileTags: {
    parameters: ['InstanceProfileName', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const { items, members } = page(call, Object.entries(profileIn(call, world).tags));
      return iamResponse(call.action, { Tags: tagList(Object.fromEntries(items)), ...members });
    },
  },
  RemoveRoleFromInstanceProfile: {
    parameters: ['InstanceProfileName', 'RoleName'],
    mutates: true,
    handle(call, _request, { world }) {
      const [profile, role] = [profileIn(call, world), nameIn(call, 'RoleName', 64)];
      if (profile.role !== role) throw noSuchEntity(`The role with name ${role} is not in the instance profile ${profile.name}.`);
      profile.role = null;
      return iamResponse(call.action, null);
    },
  },
  DeleteInstanceProfile: {
    parameters: ['InstanceProfileName'],
    mutates: true,
    handle(call, _request, { world }) {
      const { name, role } = profileIn(call, world);
      if (role !== null) throw awsFault(409, 'DeleteConflict', 'Cannot delete entity, must remove roles from instance profile first.');
      delete world.iam.instanceProfiles[name];
      return iamResponse(call.action, null);
    },
  },
};
