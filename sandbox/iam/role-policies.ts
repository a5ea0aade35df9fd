import { type QueryCall, requiredText, text } from '../aws/query.ts';
import type { QueryOperations } from '../aws/query-system.ts';
import type { World } from '../world.ts';
import { isAwsManaged, policyNameOf } from './aws-managed.ts';
import { encodeDocument, iamResponse, limitExceeded, nameIn, noSuchEntity, page } from './common.ts';
import { checkPermissions } from './documents.ts';
import { quotas } from './quotas.ts';
import { roleIn } from './roles.ts';

function policyArnIn(call: QueryCall, world: World): string {
  const arn = requiredText(call.parameters, 'PolicyArn');
  if (isAwsManaged(arn) || world.iam.policies[arn]) return arn;
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
}

export const rolePolicyOperations: QueryOperations = {
  AttachRolePolicy: {
    parameters: ['RoleName', 'PolicyArn'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const arn = policyArnIn(call, world);
      if (role.attached.includes(arn)) return iamResponse(call.action, null);
      if (role.attached.length >= quotas.policiesPerRole) throw limitExceeded('PoliciesPerRole', quotas.policiesPerRole);
      role.attached.push(arn);
      return iamResponse(call.action, null);
    },
  },
  DetachRolePolicy: {
    parameters: ['RoleName', 'PolicyArn'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const arn = requiredText(call.parameters, 'PolicyArn');
      if (!role.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      role.attached = role.attached.filter((each) => each !== arn);
      return iamResponse(call.action, null);
    },
  },
  ListAttachedRolePolicies: {
    parameters: ['RoleName', 'PathPrefix', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const prefix = text(call.parameters, 'PathPrefix') ?? '/';
      const attached = roleIn(call, world).attached.filter((arn) => arn.slice(arn.indexOf(':policy/') + 7).startsWith(prefix));
      const { items, members } = page(call, attached);
      const views = items.map((arn) => ({ PolicyName: policyNameOf(arn), PolicyArn: arn }));
      return iamResponse(call.action, { AttachedPolicies: views, ...members });
    },
  },
  PutRolePolicy: {
    parameters: ['RoleName', 'PolicyName', 'PolicyDocument'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const name = nameIn(call, 'PolicyName', 128);
      const document = requiredText(call.parameters, 'PolicyDocument');
      checkPermissions(document, 'inline');
      const total = Object.values({ ...role.inline, [name]: document })
        .join('')
        .replace(/\s/g, '').length;
      if (total > quotas.inlinePolicySize) throw limitExceeded('RolePolicySize', quotas.inlinePolicySize);
      role.inline[name] = document;
      return iamResponse(call.action, null);
    },
  },
  GetRolePolicy: {
    parameters: ['RoleName', 'PolicyName'],
    mutates: false,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const name = nameIn(call, 'PolicyName', 128);
      const document = role.inline[name];
      if (document === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
      return iamResponse(call.action, { RoleName: role.name, PolicyName: name, PolicyDocument: encodeDocument(document) });
    },
  },
  DeleteRolePolicy: {
    parameters: ['RoleName', 'PolicyName'],
    mutates: true,
    handle(call, _request, { world }) {
      const role = roleIn(call, world);
      const name = nameIn(call, 'PolicyName', 128);
      if (role.inline[name] === undefined) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
      delete role.inline[name];
      return iamResponse(call.action, null);
    },
  },
  ListRolePolicies: {
    parameters: ['RoleName', 'Marker', 'MaxItems'],
    mutates: false,
    handle(call, _request, { world }) {
      const { items, members } = page(call, Object.keys(roleIn(call, world).inline).sort());
      return iamResponse(call.action, { PolicyNames: items, ...members });
    },
  },
};
