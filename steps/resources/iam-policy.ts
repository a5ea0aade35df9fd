import type { PolicyVersion } from '@aws-sdk/client-iam';
import * as z from 'zod';
import type { Iam } from '../clients/aws.ts';
import { explaining } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { type Json, sameJson } from '../kit/json.ts';
import { RUN_TAG } from '../naming.ts';
import { canonicalDocument, decodeDocument } from './iam-document.ts';
import { iamOwner, runTags, tagsOf } from './iam-owner.ts';
import { unlessNoSuchEntity } from './iam-spread.ts';
import { foreignThing, nameTaken } from './iam-taken.ts';

/** In the account of the credentials, whatever its path: names are unique over all of them. */
const id = z.strictObject({ name: z.string() });

const state = z.strictObject({
  /** '/' unless policies are sorted into paths. Like the description, a policy keeps the one it was made with. */
  path: z.string(),
  description: z.string(),
  document: z.custom<Json>((value) => value !== undefined),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;

/** IAM keeps so many versions of a policy. */
const MOST_VERSIONS = 5;

/** A customer managed policy: its default version counts. */
export const iamPolicy = defineDriver<Id, State, Pick<Clients, 'iam'>>({
  kind: 'iam.policy',
  noun: 'IAM policy',
  compareAndSwap: {
    cas: 'no',
    window: 'between the last look and the new version, about a second; a policy of others is never taken over',
  },
  permissions: {
    read: ['iam:ListPolicies', 'iam:GetPolicy', 'iam:GetPolicyVersion'],
    write: [
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:ListPolicyVersions',
      'iam:DeletePolicyVersion',
      'iam:TagPolicy',
      'iam:DeletePolicy',
      'iam:ListEntitiesForPolicy',
    ],
  },
  concurrency: 4,
  visibleWithinSeconds: 60,
  id,
  state,
  label: ({ name }) => name,
  canonical: (given) => ({ ...given, document: canonicalDocument(given.document) }),
  refuse({ name }, { state: before, owner }, after) {
    if (before.run === null || before.run !== after.run) return foreignThing('policy', name, owner);
    return after.path === before.path && after.description === before.description ? null : notChangeable(name);
  },
  read,
  write: single(writeOne),
});

async function read(clients: Pick<Clients, 'iam'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const iam = await clients.iam();
  const arns = await policyArns(iam);
  return Promise.all(ids.map(({ name }) => readOne(iam, name, arns.get(name))));
}

/** The ARNs of all customer managed policies, by name. A policy can be asked for by its ARN only, and that holds its path. */
async function policyArns(iam: Iam): Promise<Map<string, string>> {
  const policies = await allPages(async (Marker) => {
    const page = await iam.listPolicies({ Scope: 'Local', MaxItems: 1000, Marker });
    return [page.Policies, page.Marker];
  });
  return new Map(policies.map(({ PolicyName = '', Arn = '' }) => [PolicyName, Arn]));
}

async function readOne(iam: Iam, name: string, PolicyArn: string | undefined): Promise<Observed<State>> {
  const nothing: Observed<State> = { state: null, owner: { kind: 'nobody' } };
  if (PolicyArn === undefined) return nothing;
  const policy = (await unlessNoSuchEntity(iam.getPolicy({ PolicyArn })))?.Policy;
  if (policy === undefined) return nothing;
  const version = await unlessNoSuchEntity(iam.getPolicyVersion({ PolicyArn, VersionId: policy.DefaultVersionId }));
  if (version === null) return nothing;
  const tags = tagsOf(policy.Tags);
  return {
    state: {
      path: policy.Path ?? '/',
      description: policy.Description ?? '',
      document: canonicalDocument(decodeDocument(version.PolicyVersion?.Document)),
      run: tags[RUN_TAG] ?? null,
    },
    owner: iamOwner(tags, `the policy ${name}`),
    version: PolicyArn,
  };
}

async function writeOne(clients: Pick<Clients, 'iam'>, { id: { name }, before, after, observed }: Write<Id, State>): Promise<void> {
  const iam = await clients.iam();
  const arn = String(observed.version ?? '');
  if (after === null) return remove(iam, name, arn);
  if (before === null) return create(iam, name, after);
  if (!sameJson(after.document, before.document)) await addVersion(iam, name, arn, after.document);
}

async function create(iam: Iam, name: string, after: State): Promise<void> {
  const input = {
    PolicyName: name,
    Path: after.path,
    Description: after.description,
    PolicyDocument: JSON.stringify(after.document),
    Tags: runTags(after.run),
  };
  await explaining(iam.createPolicy(input), {
    EntityAlreadyExists: () => nameTaken('policy', name),
    LimitExceeded: (error) => overLimit(name, error),
  });
}

/** The new document becomes the default version; where IAM keeps as many as it can, the oldest that isn't the default goes first. */
async function addVersion(iam: Iam, name: string, PolicyArn: string, document: Json): Promise<void> {
  const versions = await versionsOf(iam, PolicyArn);
  const spare = versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true);
  if (versions.length >= MOST_VERSIONS)
    await unlessNoSuchEntity(iam.deletePolicyVersion({ PolicyArn, VersionId: spare.at(-1)?.VersionId }));
  await explaining(iam.createPolicyVersion({ PolicyArn, PolicyDocument: JSON.stringify(document), SetAsDefault: true }), {
    LimitExceeded: (error) => overLimit(name, error),
  });
}

/** Newest first. */
async function versionsOf(iam: Iam, PolicyArn: string): Promise<PolicyVersion[]> {
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn });
  const number = ({ VersionId = 'v0' }: PolicyVersion): number => Number(VersionId.slice(1));
  return Versions.toSorted((one, other) => number(other) - number(one));
}

async function remove(iam: Iam, name: string, PolicyArn: string): Promise<void> {
  const versions = (await unlessNoSuchEntity(versionsOf(iam, PolicyArn))) ?? [];
  for (const { IsDefaultVersion, VersionId } of versions)
    if (IsDefaultVersion !== true) await unlessNoSuchEntity(iam.deletePolicyVersion({ PolicyArn, VersionId }));
  await explaining(unlessNoSuchEntity(iam.deletePolicy({ PolicyArn })), { DeleteConflict: () => stillUsed(iam, name, PolicyArn) });
}

async function stillUsed(iam: Iam, name: string, PolicyArn: string): Promise<EksDrError> {
  const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = await iam.listEntitiesForPolicy({ PolicyArn });
  const holding = [
    ...PolicyRoles.map(({ RoleName }) => `the role ${RoleName}`),
    ...PolicyUsers.map(({ UserName }) => `the user ${UserName}`),
    ...PolicyGroups.map(({ GroupName }) => `the group ${GroupName}`),
  ];
  return new EksDrError('conflict', {
    message: `The policy ${name} can't be deleted while it is attached to ${holding.join(', ') || 'something that is still being detached'}.`,
    target: `policy ${name}`,
    remedy: 'Somebody else attached it: detach it where nothing needs it any more, then run the step again.',
  });
}

function notChangeable(name: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The policy ${name} is there with another path or description, which IAM does not change.`,
    target: `policy ${name}`,
    remedy: 'Undo the step so that the policy goes, then run it again.',
  });
}

function overLimit(name: string, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `IAM does not take the policy ${name}: ${error.message}`,
    target: `policy ${name}`,
    remedy:
      'A policy may have 6,144 characters without white space: split a longer one. Else delete policies that nothing uses, or have the IAM quota that is named raised (Service Quotas, us-east-1); then run the step again.',
    cause: error.cause,
  });
}
