import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { explaining } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { type Json, sameJson } from '../kit/json.ts';
import { RUN_TAG } from '../naming.ts';
import { canonicalDocument, decodeDocument } from './iam-document.ts';
import { iamOwner, runTags, tagsOf } from './iam-owner.ts';
import { policiesOn } from './iam-role-policies.ts';
import { isInvalidPrincipal, unlessNoSuchEntity, whileIamSpreads } from './iam-spread.ts';
import { foreignThing, nameTaken } from './iam-taken.ts';
import { trustTooLong, unknownPrincipal } from './iam-trust-errors.ts';

/** In the account of the credentials. */
const id = z.strictObject({ name: z.string() });

const state = z.strictObject({
  /** '/' unless roles are sorted into paths. A role keeps the one it was made with. */
  path: z.string(),
  description: z.string(),
  /** The trust policy: who may assume the role. */
  trust: z.custom<Json>((value) => value !== undefined),
  maxSessionSeconds: z.number(),
  /** ARN of the policy that bounds what the role may be allowed, or null. */
  permissionsBoundary: z.string().nullable(),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type RoleClients = Pick<Clients, 'iam' | 'clock' | 'signal'>;

/** An IAM role. What it may do is attached to it: policies are resources of their own. */
export const iamRole = defineDriver<Id, State, RoleClients>({
  kind: 'iam.role',
  noun: 'IAM role',
  compareAndSwap: { cas: 'no', window: 'between the last look and the update, well below a second; a role of others is never taken over' },
  permissions: {
    read: ['iam:GetRole'],
    write: [
      'iam:CreateRole',
      'iam:UpdateRole',
      'iam:UpdateAssumeRolePolicy',
      'iam:PutRolePermissionsBoundary',
      'iam:DeleteRolePermissionsBoundary',
      'iam:TagRole',
      'iam:DeleteRole',
      'iam:ListAttachedRolePolicies',
      'iam:ListRolePolicies',
      'iam:ListInstanceProfilesForRole',
    ],
  },
  concurrency: 4,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ name }) => name,
  canonical: (given) => ({ ...given, trust: canonicalDocument(given.trust) }),
  refuse({ name }, { state: before, owner }, after) {
    if (before.run === null || before.run !== after.run) return foreignThing('role', name, owner);
    return after.path === before.path ? null : otherPath(name, before.path, after.path);
  },
  halfWritten: fieldByField,
  attached: (clients, { name }) => policiesOn(clients, name),
  read: eachId(readOne),
  write: single(writeOne),
});

async function readOne(clients: Pick<Clients, 'iam'>, { name }: Id): Promise<Observed<State>> {
  const found = await unlessNoSuchEntity((await clients.iam()).getRole({ RoleName: name }));
  const role = found?.Role;
  if (role === undefined) return { state: null, owner: { kind: 'nobody' } };
  const tags = tagsOf(role.Tags);
  return {
    state: {
      path: role.Path ?? '/',
      description: role.Description ?? '',
      trust: canonicalDocument(decodeDocument(role.AssumeRolePolicyDocument)),
      maxSessionSeconds: role.MaxSessionDuration ?? 3600,
      permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
      run: tags[RUN_TAG] ?? null,
    },
    owner: iamOwner(tags, `the role ${name}`),
  };
}

async function writeOne(clients: RoleClients, { id: { name }, before, after }: Write<Id, State>): Promise<void> {
  const iam = await clients.iam();
  if (after === null) return remove(iam, name);
  if (before === null) return create(clients, iam, name, after);
  await update(clients, iam, name, before, after);
}

async function create(clients: RoleClients, iam: Iam, name: string, after: State): Promise<void> {
  const input = {
    RoleName: name,
    Path: after.path,
    Description: after.description,
    AssumeRolePolicyDocument: JSON.stringify(after.trust),
    MaxSessionDuration: after.maxSessionSeconds,
    Tags: runTags(after.run),
    ...(after.permissionsBoundary === null ? {} : { PermissionsBoundary: after.permissionsBoundary }),
  };
  await explaining(
    whileIamSpreads(clients, isInvalidPrincipal, () => iam.createRole(input)),
    {
      EntityAlreadyExists: () => nameTaken('role', name),
      MalformedPolicyDocument: (error) => unknownPrincipal(name, error),
      LimitExceeded: (error) => limit(name, error),
    },
  );
}

async function update(clients: RoleClients, iam: Iam, name: string, before: State, after: State): Promise<void> {
  if (after.description !== before.description || after.maxSessionSeconds !== before.maxSessionSeconds)
    await iam.updateRole({ RoleName: name, Description: after.description, MaxSessionDuration: after.maxSessionSeconds });
  if (!sameJson(after.trust, before.trust)) {
    const PolicyDocument = JSON.stringify(after.trust);
    await explaining(
      whileIamSpreads(clients, isInvalidPrincipal, () => iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument })),
      { MalformedPolicyDocument: (error) => unknownPrincipal(name, error), LimitExceeded: (error) => trustTooLong(name, error) },
    );
  }
  if (after.permissionsBoundary === before.permissionsBoundary) return;
  if (after.permissionsBoundary === null) await unlessNoSuchEntity(iam.deleteRolePermissionsBoundary({ RoleName: name }));
  else await iam.putRolePermissionsBoundary({ RoleName: name, PermissionsBoundary: after.permissionsBoundary });
}

/** Deletes the role alone: what came to it after the plan was made is told, so that nobody loses what they attached. */
async function remove(iam: Iam, name: string): Promise<void> {
  await explaining(unlessNoSuchEntity(iam.deleteRole({ RoleName: name })), { DeleteConflict: () => stillUsed(iam, name) });
}

async function stillUsed(iam: Iam, name: string): Promise<EksDrError> {
  const [attached, inline, profiles] = await Promise.all([
    iam.listAttachedRolePolicies({ RoleName: name }),
    iam.listRolePolicies({ RoleName: name }),
    iam.listInstanceProfilesForRole({ RoleName: name }),
  ]);
  const holding = [
    ...(attached.AttachedPolicies ?? []).map(({ PolicyArn }) => `the attached policy ${PolicyArn}`),
    ...(inline.PolicyNames ?? []).map((policy) => `the inline policy ${policy}`),
    ...(profiles.InstanceProfiles ?? []).map(({ InstanceProfileName }) => `the instance profile ${InstanceProfileName}`),
  ];
  return new EksDrError('conflict', {
    message: `The role ${name} can't be deleted while it has ${holding.join(', ') || 'policies that are still being detached'}.`,
    target: `role ${name}`,
    remedy: 'Somebody else added that: detach or delete it when nothing needs it any more, then run the step again.',
  });
}

function otherPath(name: string, before: string, after: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The role ${name} lies in the path ${before}, and IAM does not move roles (to ${after}).`,
    target: `role ${name}`,
    remedy: 'Undo the step so that the role goes, then run it again.',
  });
}

function limit(name: string, error: EksDrError): EksDrError {
  if (/ACLSizePerRole/i.test(error.message)) return trustTooLong(name, error);
  return new EksDrError('remote-refused', {
    message: `The role ${name} could not be created: ${error.message}`,
    target: `role ${name}`,
    remedy:
      'Delete roles that nothing uses, or have the IAM quota "Roles per account" raised (Service Quotas, us-east-1), then run the step again.',
    cause: error.cause,
  });
}
