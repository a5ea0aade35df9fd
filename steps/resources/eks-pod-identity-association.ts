import type { PodIdentityAssociation, PodIdentityAssociationSummary } from '@aws-sdk/client-eks';
import * as z from 'zod';
import type { Eks } from '../clients/aws.ts';
import { explaining, isAwsError, unlessMissing } from '../clients/aws-errors.ts';
import { allPages } from '../clients/aws-pages.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { sameJson } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG } from '../naming.ts';
import { clusterOwner, noCluster, ownerWithin } from './cluster-owner.ts';
import { whileIamSpreads } from './iam-spread.ts';

const id = z.strictObject({ region: z.string(), cluster: z.string(), namespace: z.string(), serviceAccount: z.string() });

const state = z.strictObject({
  roleArn: z.string(),
  /** A role, of another account perhaps, that is assumed from there; or null. */
  targetRoleArn: z.string().nullable(),
  /** A session policy (JSON) that narrows what the role allows. EKS takes one only without session tags. */
  policy: z.string().optional(),
  /** No tags of cluster, namespace and account on the session; left out where there are some. */
  disableSessionTags: z.literal(true).optional(),
  run: z.string().nullable(),
});

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type AssociationClients = Pick<Clients, 'eks' | 'clock' | 'signal'>;

/** An EKS Pod Identity association: which IAM role the pods of a service account get. */
export const eksPodIdentityAssociation = defineDriver<Id, State, AssociationClients>({
  kind: 'eks.pod-identity-association',
  noun: 'pod identity association',
  compareAndSwap: { cas: 'no', window: 'between the last look and the update, well below a second' },
  permissions: {
    read: ['eks:DescribeCluster', 'eks:ListPodIdentityAssociations', 'eks:DescribePodIdentityAssociation'],
    write: [
      'eks:CreatePodIdentityAssociation',
      'eks:UpdatePodIdentityAssociation',
      'eks:DeletePodIdentityAssociation',
      'eks:TagResource',
      'eks:UntagResource',
      'iam:PassRole',
      'iam:GetRole',
    ],
  },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ cluster, namespace, serviceAccount }) => `${namespace}/${serviceAccount} on ${cluster}`,
  refuse(at, { state: before }, after) {
    if (before.targetRoleArn !== null && after.targetRoleArn === null) return staysThere(at, `the target role ${before.targetRoleArn}`);
    return before.policy !== undefined && after.policy === undefined ? staysThere(at, 'a session policy') : null;
  },
  halfWritten: fieldByField,
  read,
  write: single(writeOne),
});

async function read(clients: Pick<Clients, 'eks'>, ids: readonly Id[]): Promise<Observed<State>[]> {
  const clusters = groupBy(ids, ({ region, cluster }) => `${region}/${cluster}`);
  const read = await Promise.all([...clusters.values()].map((members) => readCluster(clients, members)));
  const found = new Map(read.flat());
  return ids.map((at) => found.get(at) ?? { state: null, owner: noCluster(at.cluster) });
}

/** What a cluster has, listed once for all of its ids and described where it is there. */
async function readCluster(clients: Pick<Clients, 'eks'>, members: readonly Id[]): Promise<[Id, Observed<State>][]> {
  const { region = '', cluster = '' } = members[0] ?? {};
  const eks = await clients.eks(region);
  const described = await unlessMissing(eks.describeCluster({ name: cluster }), 'ResourceNotFoundException');
  if (described === null) return [];
  const container = clusterOwner(cluster, described.cluster?.tags);
  const listed = await listAssociations(eks, cluster, members.length === 1 ? members[0] : undefined);
  return Promise.all(
    members.map(async (at): Promise<[Id, Observed<State>]> => {
      const summary = listed.find(({ namespace, serviceAccount }) => namespace === at.namespace && serviceAccount === at.serviceAccount);
      return [at, await readOne(eks, cluster, summary?.associationId, container)];
    }),
  );
}

function listAssociations(eks: Eks, clusterName: string, only: Id | undefined): Promise<PodIdentityAssociationSummary[]> {
  const filter = only === undefined ? {} : { namespace: only.namespace, serviceAccount: only.serviceAccount };
  return allPages(async (nextToken) => {
    const page = await eks.listPodIdentityAssociations({ clusterName, ...filter, nextToken });
    return [page.associations, page.nextToken];
  });
}

async function readOne(eks: Eks, clusterName: string, associationId: string | undefined, container: Owner): Promise<Observed<State>> {
  if (associationId === undefined) return { state: null, owner: container };
  const described = await unlessMissing(
    eks.describePodIdentityAssociation({ clusterName, associationId }),
    'ResourceNotFoundException',
    'NotFoundException',
  );
  const association = described?.association;
  if (association === undefined) return { state: null, owner: container };
  const run = association.tags?.[RUN_TAG] ?? null;
  return {
    state: stateOf(association, run),
    owner: ownerWithin(container, run === null ? null : { kind: 'run', run }),
    version: association,
  };
}

function stateOf({ roleArn = '', targetRoleArn, policy, disableSessionTags }: PodIdentityAssociation, run: string | null): State {
  return {
    roleArn,
    targetRoleArn: targetRoleArn ?? null,
    ...(policy === undefined || policy === '' ? {} : { policy }),
    ...(disableSessionTags === true ? { disableSessionTags } : {}),
    run,
  };
}

/** What EKS is told of a state, the run aside. */
function inputOf({ roleArn, targetRoleArn, policy, disableSessionTags }: State) {
  return {
    roleArn,
    disableSessionTags: disableSessionTags ?? false,
    ...(targetRoleArn === null ? {} : { targetRoleArn }),
    ...(policy === undefined ? {} : { policy }),
  };
}

async function writeOne(clients: AssociationClients, { id: at, before, after, observed }: Write<Id, State>): Promise<void> {
  const eks = await clients.eks(at.region);
  const { associationId, associationArn } = (observed.version ?? {}) as PodIdentityAssociation;
  const clusterName = at.cluster;
  if (after === null) {
    await unlessMissing(eks.deletePodIdentityAssociation({ clusterName, associationId }), 'ResourceNotFoundException', 'NotFoundException');
    return;
  }
  if (before === null) {
    const { namespace, serviceAccount } = at;
    const tags = after.run === null ? {} : { tags: { [RUN_TAG]: after.run } };
    await withKnownRole(clients, at, after, () =>
      eks.createPodIdentityAssociation({ clusterName, namespace, serviceAccount, ...inputOf(after), ...tags }),
    );
    return;
  }
  if (!sameJson(inputOf(after), inputOf(before)))
    await withKnownRole(clients, at, after, () => eks.updatePodIdentityAssociation({ clusterName, associationId, ...inputOf(after) }));
  if (after.run === before.run) return;
  if (after.run === null) await eks.untagResource({ resourceArn: associationArn, tagKeys: [RUN_TAG] });
  else await eks.tagResource({ resourceArn: associationArn, tags: { [RUN_TAG]: after.run } });
}

/**
 * EKS looks the role up in IAM, where one that was made or changed moments ago shows after some seconds: until then EKS calls it
 * missing, or its trust policy invalid.
 */
async function withKnownRole<T>(clients: AssociationClients, at: Id, { roleArn }: State, call: () => Promise<T>): Promise<T> {
  const isUnknownYet = (error: EksDrError): boolean =>
    isAwsError(error, 'InvalidParameter') && /role provided in the request does not exist|trust policy of the role/i.test(error.message);
  return explaining(whileIamSpreads(clients, isUnknownYet, call), {
    InvalidParameter: (error) => (isUnknownYet(error) ? roleRefused(at, roleArn, error) : error),
    ResourceLimitExceeded: (error) => tooMany(at, error),
  });
}

function roleRefused(at: Id, roleArn: string, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `EKS does not take the role ${roleArn} for ${at.namespace}/${at.serviceAccount}: ${error.message}`,
    target: roleArn,
    remedy:
      'The role must exist in the account of the cluster, and its trust policy must let pods.eks.amazonaws.com do sts:AssumeRole and sts:TagSession. Mend that, or take the service account out with workloadIdentity.exclude; then run the step again.',
    cause: error.cause,
  });
}

function tooMany(at: Id, error: EksDrError): EksDrError {
  return new EksDrError('remote-refused', {
    message: `The cluster ${at.cluster} takes no further pod identity association: ${error.message}`,
    target: at.cluster,
    remedy:
      'Have the EKS quota "EKS Pod Identity associations per cluster" raised in the recovery region, or let fewer service accounts have one (workloadIdentity.method: as-is); then run the step again.',
    cause: error.cause,
  });
}

/** EKS's update has no way to take a target role or a policy off. */
function staysThere(at: Id, what: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The association of ${at.namespace}/${at.serviceAccount} has ${what}, which EKS does not take off.`,
    target: `${at.namespace}/${at.serviceAccount} on ${at.cluster}`,
    remedy: 'Delete that association, then plan again.',
  });
}
