import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, single } from '../kit/driver.ts';
import type { Json } from '../kit/json.ts';
import { canonicalDocument, decodeDocument } from './iam-document.ts';
import { iamOwner, tagsOf } from './iam-owner.ts';
import { isNoSuchEntity, unlessNoSuchEntity, whileIamSpreads } from './iam-spread.ts';

const id = z.strictObject({ role: z.string(), name: z.string() });

const state = z.strictObject({ document: z.custom<Json>((value) => value !== undefined) });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/**
 * A policy written into a role. Runs write none: those that people wrote into a role of the run are shown before they go with it.
 * Whose the role is, its policies are.
 */
export const iamInlinePolicy = defineDriver<Id, State, Pick<Clients, 'iam' | 'clock' | 'signal'>>({
  kind: 'iam.inline-policy',
  noun: 'inline policy',
  compareAndSwap: { cas: 'no', window: 'between the last look and the write, well below a second' },
  permissions: { read: ['iam:GetRole', 'iam:GetRolePolicy'], write: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'] },
  concurrency: 4,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ role, name }) => `${name} of the role ${role}`,
  canonical: ({ document }) => ({ document: canonicalDocument(document) }),

  read: eachId(async (clients, { role, name }) => {
    const iam = await clients.iam();
    const found = await unlessNoSuchEntity(iam.getRole({ RoleName: role }));
    if (found === null) return { state: null, owner: { kind: 'nobody' } };
    const policy = await unlessNoSuchEntity(iam.getRolePolicy({ RoleName: role, PolicyName: name }));
    return {
      state: policy === null ? null : { document: canonicalDocument(decodeDocument(policy.PolicyDocument)) },
      owner: iamOwner(tagsOf(found.Role?.Tags), `the role ${role}`),
    };
  }),

  write: single(async (clients, { id: { role, name }, after }) => {
    const iam = await clients.iam();
    const policy = { RoleName: role, PolicyName: name };
    if (after === null) {
      await unlessNoSuchEntity(iam.deleteRolePolicy(policy));
      return;
    }
    const PolicyDocument = JSON.stringify(after.document);
    await whileIamSpreads(clients, isNoSuchEntity, () => iam.putRolePolicy({ ...policy, PolicyDocument }));
  }),
});

/** The names of the policies written into a role; none where there is no role. */
export async function inlinePolicies(iam: Iam, role: string): Promise<string[]> {
  return allPages(async (Marker) => {
    const page = await unlessNoSuchEntity(iam.listRolePolicies({ RoleName: role, Marker }));
    return [page?.PolicyNames, page?.Marker];
  });
}
