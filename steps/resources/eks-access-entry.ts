import * as z from 'zod';
import { type Eks, partitionOf } from '../clients/aws.ts';
import { isAwsError, unlessMissing } from '../clients/aws-errors.ts';
import type { Clients } from '../clients/clients.ts';
import { defineDriver, eachId, fieldByField, type Observed, single, type Write } from '../kit/driver.ts';
import { EksDrError } from '../kit/errors.ts';
import { sameJson } from '../kit/json.ts';
import type { Owner } from '../kit/resource.ts';
import { RUN_TAG } from '../naming.ts';
import { clusterOwner, noCluster, ownerWithin } from './cluster-owner.ts';
import { whileIamSpreads } from './iam-spread.ts';

const id = z.strictObject({ region: z.string(), cluster: z.string(), principalArn: z.string() });

const state = z.strictObject({
  /** STANDARD for people and programs, EC2_LINUX for nodes: those are in the groups of nodes, and in no others. */
  type: z.string(),
  /** Kubernetes groups of the principal, beside its access policies. */
  groups: z.array(z.string()),
  /** The value of the run tag, or null on an entry that was there before us. */
  run: z.string().nullable(),
});

const STANDARD = 'STANDARD';

type Id = z.infer<typeof id>;
type State = z.infer<typeof state>;
type EntryClients = Pick<Clients, 'eks' | 'clock' | 'signal'>;

/** An EKS access entry: which IAM principal may log in to a cluster. The entry's user name stays as it is. */
export const eksAccessEntry = defineDriver<Id, State, EntryClients>({
  kind: 'eks.access-entry',
  noun: 'access entry',
  compareAndSwap: { cas: 'no', window: 'between the last look and the update of its groups, well below a second' },
  permissions: {
    read: ['eks:DescribeCluster', 'eks:DescribeAccessEntry'],
    write: ['eks:CreateAccessEntry', 'eks:UpdateAccessEntry', 'eks:DeleteAccessEntry', 'eks:TagResource', 'eks:UntagResource'],
  },
  concurrency: 4,
  visibleWithinSeconds: 30,
  id,
  state,
  label: ({ cluster, principalArn }) => `${principalArn} on ${cluster}`,
  canonical: ({ type, groups, run }) => ({ type, groups: type === STANDARD ? [...new Set(groups)].sort() : [], run }),
  refuse: (at, { state: before }, after) => (after.type === before.type ? null : otherType(at, before.type, after.type)),
  halfWritten: fieldByField,
  read: eachId(readOne),
  write: single(writeOne),
});

async function readOne(clients: Pick<Clients, 'eks'>, { region, cluster, principalArn }: Id): Promise<Observed<State>> {
  const eks = await clients.eks(region);
  const described = await unlessMissing(eks.describeCluster({ name: cluster }), 'ResourceNotFoundException');
  if (described === null) return { state: null, owner: noCluster(cluster) };
  const container = clusterOwner(cluster, described.cluster?.tags);
  const found = await unlessMissing(eks.describeAccessEntry({ clusterName: cluster, principalArn }), 'ResourceNotFoundException');
  if (found?.accessEntry === undefined) return { state: null, owner: container };
  const { type = STANDARD, kubernetesGroups = [], tags = {}, accessEntryArn } = found.accessEntry;
  return {
    state: { type, groups: type === STANDARD ? [...kubernetesGroups].sort() : [], run: tags[RUN_TAG] ?? null },
    owner: ownerWithin(container, runOf(tags)),
    version: accessEntryArn,
  };
}

function runOf(tags: Readonly<Record<string, string>>): Owner | null {
  const run = tags[RUN_TAG];
  return run === undefined ? null : { kind: 'run', run };
}

async function writeOne(clients: EntryClients, { id: at, before, after, observed }: Write<Id, State>): Promise<void> {
  const eks = await clients.eks(at.region);
  const target = { clusterName: at.cluster, principalArn: at.principalArn };
  if (after === null) {
    await unlessMissing(eks.deleteAccessEntry(target), 'ResourceNotFoundException');
    return;
  }
  if (before === null) {
    const entry = {
      ...target,
      type: after.type,
      ...(after.type === STANDARD ? { kubernetesGroups: after.groups } : {}),
      ...(after.run === null ? {} : { tags: { [RUN_TAG]: after.run } }),
    };
    await whileIamSpreads(clients, isUnknownPrincipal, () => eks.createAccessEntry(entry));
    return;
  }
  if (!sameJson(after.groups, before.groups)) await eks.updateAccessEntry({ ...target, kubernetesGroups: after.groups });
  if (after.run !== before.run) await tag(eks, String(observed.version), after.run);
}

/** A role that was made moments ago may not have come to EKS yet. */
function isUnknownPrincipal(error: EksDrError): boolean {
  return isAwsError(error, 'InvalidParameter') && /invalid principal/i.test(error.message);
}

function otherType({ cluster, principalArn }: Id, before: string, after: string): EksDrError {
  return new EksDrError('conflict', {
    message: `The access entry of ${principalArn} on ${cluster} is of type ${before}, which EKS does not change to ${after}.`,
    target: `${principalArn} on ${cluster}`,
    remedy: 'Delete that entry if nothing needs it as it is (aws eks delete-access-entry), or use another role; then plan again.',
  });
}

async function tag(eks: Eks, resourceArn: string, run: string | null): Promise<void> {
  if (run === null) await eks.untagResource({ resourceArn, tagKeys: [RUN_TAG] });
  else await eks.tagResource({ resourceArn, tags: { [RUN_TAG]: run } });
}

/** The ARN of one of the access policies that EKS offers. */
export function accessPolicyArn(region: string, policy: string): string {
  return `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${policy}`;
}
