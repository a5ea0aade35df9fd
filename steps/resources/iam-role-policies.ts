import type { Clients } from '../clients/clients.ts';
import type { Resource } from '../kit/resource.ts';
import { iamInlinePolicy, inlinePolicies } from './iam-inline-policy.ts';
import { attachedPolicies, iamRolePolicy } from './iam-role-policy.ts';

/** The drivers of what {@link policiesOn} answers with. */
export const rolePolicyDrivers = [iamRolePolicy, iamInlinePolicy];

/** Every policy on a role, attached or written into it: IAM deletes no role that has one. */
export async function policiesOn(clients: Pick<Clients, 'iam'>, role: string): Promise<Resource[]> {
  const iam = await clients.iam();
  const [attached, inline] = await Promise.all([attachedPolicies(iam, role), inlinePolicies(iam, role)]);
  return [
    ...attached.map((policyArn) => iamRolePolicy.resource({ role, policyArn }, null)),
    ...inline.map((name) => iamInlinePolicy.resource({ role, name }, null)),
  ];
}
