import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { explaining } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { isJsonObject, type Json, type JsonObject, sameJson } from '../kit/json.ts';
import type { Owner } from '../kit/resource.ts';
import { canonicalStatement, decodeDocument, statementsOf, withoutStatements, withStatements } from './iam-document.ts';
import { iamOwner, tagsOf } from './iam-owner.ts';
import { isInvalidPrincipal, unlessNoSuchEntity, whileIamSpreads } from './iam-spread.ts';
import { trustTooLong, unknownPrincipal } from './iam-trust-errors.ts';

/** The role by its name; `sid`: letters and digits, unique in the role's trust policy. */
const id = z.strictObject({ role: z.string(), sid: z.string().regex(/^[A-Za-z0-9]+$/) });

/** The statement without its Sid. */
const state = z.strictObject({ statement: z.custom<Json>((value) => value !== undefined) });

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type TrustClients = Pick<Clients, 'iam' | 'clock' | 'signal'>;

/** One statement of the trust policy of a role that is there; the others stay as they are. The statements of one role share one write. */
export const iamTrustStatement = defineDriver<Id, State, TrustClients>({
  kind: 'iam.trust-statement',
  noun: 'trust statement',
  compareAndSwap: { cas: 'no', window: 'between a read of the whole policy and its replacement, well below a second' },
  permissions: { read: ['iam:GetRole'], write: ['iam:GetRole', 'iam:UpdateAssumeRolePolicy'] },
  concurrency: 4,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ role, sid }) => `${sid} of the role ${role}`,
  group: ({ role }) => role,
  canonical: ({ statement }) => ({ statement: withoutSid(canonicalStatement(statement)) }),
  read,
  write,
});

async function read(clients: Pick<Clients, 'iam'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const iam = await clients.iam();
  const names = [...new Set(ids.map(({ role }) => role))];
  const roles = new Map(await Promise.all(names.map(async (role) => [role, await readTrust(iam, role)] as const)));
  return ids.map(({ role, sid }) => {
    const { document = null, owner } = roles.get(role) ?? { owner: noRole(role) };
    const found = document === null ? undefined : statementsOf(document.Statement).find((each) => sidOf(each) === sid);
    return { state: found === undefined ? null : { statement: withoutSid(canonicalStatement(found)) }, owner };
  });
}

async function readTrust(iam: Iam, role: string): Promise<{ readonly document: JsonObject | null; readonly owner: Owner }> {
  const found = (await unlessNoSuchEntity(iam.getRole({ RoleName: role })))?.Role;
  if (found === undefined) return { document: null, owner: noRole(role) };
  return { document: decodeDocument(found.AssumeRolePolicyDocument), owner: iamOwner(tagsOf(found.Tags), `the role ${role}`) };
}

function noRole(role: string): Owner {
  return { kind: 'other', detail: `the role ${role} does not exist` };
}

async function write(clients: TrustClients, writes: readonly Write<Id, State>[]): Promise<void> {
  const role = writes[0]?.id.role;
  if (role === undefined) return;
  const iam = await clients.iam();
  const { document } = await readTrust(iam, role);
  if (document === null) throw roleGone(role);
  refuseChanged(role, statementsOf(document.Statement), writes);
  const kept = withoutStatements(
    document,
    writes.map(({ id: { sid } }) => sid),
  );
  const own = writes.flatMap(({ id: { sid }, after }) => (after === null ? [] : [{ sid, statement: after.statement }]));
  const changed = withStatements(kept, own);
  if (statementsOf(changed.Statement).length === 0) throw nobodyLeft(role);
  const PolicyDocument = JSON.stringify(changed);
  await explaining(
    whileIamSpreads(clients, isInvalidPrincipal, () => iam.updateAssumeRolePolicy({ RoleName: role, PolicyDocument })),
    {
      NoSuchEntity: () => roleGone(role),
      MalformedPolicyDocument: (error) => unknownPrincipal(role, error),
      LimitExceeded: (error) => trustTooLong(role, error),
    },
  );
}

/** The policy is read once more for the other statements; ours must be as they were at the last look. */
function refuseChanged(role: string, old: readonly Json[], writes: readonly Write<Id, State>[]): void {
  for (const { id: at, observed } of writes) {
    const found = old.find((each) => sidOf(each) === at.sid);
    const now = found === undefined ? null : { statement: withoutSid(canonicalStatement(found)) };
    if (sameJson(now, observed.state)) continue;
    throw new EksDrError('conflict', {
      message: `The statement ${at.sid} in the trust policy of the role ${role} was changed by somebody else just now.`,
      target: `role ${role}`,
    });
  }
}

function sidOf(statement: Json): Json | undefined {
  return isJsonObject(statement) ? statement.Sid : undefined;
}

function withoutSid({ Sid: _, ...statement }: JsonObject): JsonObject {
  return statement;
}

function roleGone(role: string): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The role ${role} does not exist (any more), so nobody can be let into it.`,
    target: `role ${role}`,
    remedy:
      'Create it again from where it is defined, name a role that stands in for it under workloadIdentity.roles, or take its service accounts out with workloadIdentity.exclude; then plan again.',
  });
}

function nobodyLeft(role: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The trust policy of the role ${role} holds nothing but what this would take out, and IAM takes no empty one.`,
    target: `role ${role}`,
    remedy: 'Put back the statements that are missing from its trust policy, or delete the role; then run the step again.',
  });
}
