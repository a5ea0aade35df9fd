import {
  DescribeAccessEntryCommand,
  type EKSClient,
  paginateListAccessEntries,
  paginateListAssociatedAccessPolicies,
} from '@aws-sdk/client-eks';
import type { Caller } from './caller.ts';

/** What Kubernetes is told of a user. */
export interface KubernetesUser {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/**
 * The user as whom the caller's access entry lets it in; null without an entry. A role's entry names the role, which STS does not:
 * the role's path is lost in the ARN of its session, so its name decides, as it does for EKS.
 * EKS has an authorizer of its own for access policies: here a policy for the whole cluster is a group (`policyGroup`).
 */
export async function userOf(caller: Caller, accessKeyId: string, cluster: string, eks: EKSClient): Promise<KubernetesUser | null> {
  const principalArn = await entryOf(caller, cluster, eks);
  if (principalArn === null) return null;
  const { accessEntry } = await eks.send(new DescribeAccessEntryCommand({ clusterName: cluster, principalArn }));
  const [userId = '', session = ''] = caller.userId.split(':');
  const groups = [...(accessEntry?.kubernetesGroups ?? []), ...(await policyGroups(cluster, principalArn, eks))];
  return {
    username: (accessEntry?.username || defaultUsername(caller.arn)).replaceAll('{{SessionName}}', session.replaceAll('@', '-')),
    uid: `aws-iam-authenticator:${caller.account}:${userId}`,
    groups,
    extra: { arn: [caller.arn], canonicalArn: [principalArn], accessKeyId: [accessKeyId], principalId: [userId], sessionName: [session] },
  };
}

/** The group that stands for an access policy with the scope of the cluster. */
export function policyGroup(policy: string): string {
  return `eks-access-policy:${policy}`;
}

async function entryOf(caller: Caller, cluster: string, eks: EKSClient): Promise<string | null> {
  const wanted = canonical(caller.arn);
  for await (const { accessEntries = [] } of paginateListAccessEntries({ client: eks }, { clusterName: cluster })) {
    const found = accessEntries.find((arn) => withoutPath(arn) === wanted);
    if (found !== undefined) return found;
  }
  return null;
}

/** `arn:aws:sts::1:assumed-role/name/session` is `arn:aws:iam::1:role/name`; a user's ARN stays. The root user has no entry. */
function canonical(arn: string): string {
  const role = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn);
  return role === null ? withoutPath(arn) : `arn:${role[1]}:iam::${role[2]}:role/${role[3]}`;
}

function withoutPath(arn: string): string {
  return arn.replace(/^(arn:[\w-]+:iam::\d+:(?:role|user)\/)(?:.*\/)?([^/]+)$/, '$1$2');
}

/** EKS's own names: the session's ARN with a placeholder for a role, the ARN itself for a user. */
function defaultUsername(arn: string): string {
  return arn.replace(/^(arn:[\w-]+:sts::\d+:assumed-role\/[^/]+\/).*$/, '$1{{SessionName}}');
}

async function policyGroups(cluster: string, principalArn: string, eks: EKSClient): Promise<string[]> {
  const groups: string[] = [];
  const pages = paginateListAssociatedAccessPolicies({ client: eks }, { clusterName: cluster, principalArn });
  for await (const { associatedAccessPolicies = [] } of pages) {
    for (const { policyArn = '', accessScope } of associatedAccessPolicies) {
      if (accessScope?.type === 'cluster') groups.push(policyGroup(policyArn.split('/').at(-1) ?? ''));
    }
  }
  return groups;
}
