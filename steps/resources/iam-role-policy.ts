import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { explaining } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { iamOwner, tagsOf } from './iam-owner.ts';
import { isNoSuchEntity, unlessNoSuchEntity, whileIamSpreads } from './iam-spread.ts';

const id = z.strictObject({ role: z.string(), policyArn: z.string() });

const state = z.strictObject({ attached: z.literal(true) });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type AttachmentClients = Pick<Clients, 'iam' | 'clock' | 'signal'>;

/** A managed policy attached to a role. Whose the role is, the attachment is. */
export const iamRolePolicy = defineDriver<Id, State, AttachmentClients>({
  kind: 'iam.role-policy',
  noun: 'policy attachment',
  compareAndSwap: { cas: 'no', window: 'none that matters: attaching and detaching can be repeated' },
  permissions: {
    read: ['iam:GetRole', 'iam:ListAttachedRolePolicies'],
    write: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
  },
  concurrency: 4,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ role, policyArn }) => `${policyArn} on the role ${role}`,
  read,
  write: single(writeOne),
});

async function read(clients: Pick<Clients, 'iam'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const iam = await clients.iam();
  const names = [...new Set(ids.map(({ role }) => role))];
  const roles = new Map(await Promise.all(names.map(async (role) => [role, await attachments(iam, role)] as const)));
  return ids.map(({ role, policyArn }) => {
    const found = roles.get(role) ?? null;
    // The role may be made by the same plan, so there may be none yet; what lies in it then is as free as its name.
    if (found === null) return { state: null, owner: { kind: 'nobody' } };
    return { state: found.policies.has(policyArn) ? { attached: true } : null, owner: found.owner };
  });
}

async function attachments(iam: Iam, RoleName: string) {
  const found = await unlessNoSuchEntity(iam.getRole({ RoleName }));
  if (found === null) return null;
  const policies = new Set(await attachedPolicies(iam, RoleName));
  return { policies, owner: iamOwner(tagsOf(found.Role?.Tags), `the role ${RoleName}`) };
}

/** The ARNs of the managed policies attached to a role; none where there is no role. */
export async function attachedPolicies(iam: Iam, RoleName: string): Promise<string[]> {
  const attached = await allPages(async (Marker) => {
    const page = await unlessNoSuchEntity(iam.listAttachedRolePolicies({ RoleName, Marker }));
    return [page?.AttachedPolicies, page?.Marker];
  });
  return attached.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

async function writeOne(clients: AttachmentClients, { id: { role, policyArn }, after }: Write<Id, State>): Promise<void> {
  const iam = await clients.iam();
  const input = { RoleName: role, PolicyArn: policyArn };
  if (after === null) {
    await unlessNoSuchEntity(iam.detachRolePolicy(input));
    return;
  }
  // Both role and policy may be seconds old.
  await explaining(
    whileIamSpreads(clients, isNoSuchEntity, () => iam.attachRolePolicy(input)),
    { LimitExceeded: (error) => tooMany(role, error) },
  );
}

function tooMany(role: string, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `No further policy can be attached to the role ${role}: ${error.message}`,
    target: `role ${role}`,
    remedy: 'Have the IAM quota "Managed policies per role" raised (10 unless raised, up to 25), then run the step again.',
    cause: error.cause,
  });
}
