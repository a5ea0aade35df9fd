import { isJsonObject, type Json, type JsonObject } from '../kit/json.ts';
import { statementsOf } from '../resources/iam-document.ts';
import type { WantedAccount } from './wanted-accounts.ts';

/** The service that gives pods their credentials by an association. */
export const POD_SERVICE = 'pods.eks.amazonaws.com';
export const POD_ACTIONS = ['sts:AssumeRole', 'sts:TagSession'] as const;

/** Lets EKS Pod Identity in, for whichever cluster. */
export const podStatement: Json = { Effect: 'Allow', Principal: { Service: POD_SERVICE }, Action: [...POD_ACTIONS] };

/** For whom a role is asked: what the conditions of its trust policy may be about. */
interface PodCaller {
  readonly accountId: string;
  readonly clusterArn: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Whether a trust policy lets EKS Pod Identity take the role for the pods of a service account of that cluster. A condition that we
 * can't judge counts as not met: better told than found out by the service.
 */
function trustsPods(trust: JsonObject, caller: PodCaller, actions: readonly string[]): boolean {
  const statements = statementsOf(trust.Statement).filter(isJsonObject);
  const concerned = statements.filter(({ Principal, Condition }) => namesPods(Principal) && isMet(Condition, caller));
  const matching = (effect: string, action: string) =>
    concerned.some((statement) => statement.Effect === effect && texts(statement.Action).some((pattern) => matches(pattern, action)));
  return actions.every((action) => matching('Allow', action) && !matching('Deny', action));
}

/** Whether a role with this trust policy can be handed to the pods of an account by an association in that cluster. */
export function isPrepared(
  trust: JsonObject,
  cluster: Omit<PodCaller, 'clusterArn' | 'namespace' | 'serviceAccount'> & { readonly region: string; readonly partition: string },
  account: Pick<WantedAccount, 'namespace' | 'serviceAccount' | 'disableSessionTags'>,
): boolean {
  const { partition, region, accountId, cluster: name } = cluster;
  const caller = { ...cluster, ...account, clusterArn: `arn:${partition}:eks:${region}:${accountId}:cluster/${name}` };
  return trustsPods(trust, caller, account.disableSessionTags ? ['sts:AssumeRole'] : POD_ACTIONS);
}

function namesPods(principal: Json | undefined): boolean {
  return principal !== undefined && isJsonObject(principal) && texts(principal.Service).includes(POD_SERVICE);
}

function isMet(condition: Json | undefined, caller: PodCaller): boolean {
  if (condition === undefined) return true;
  if (!isJsonObject(condition)) return false;
  return Object.entries(condition).every(
    ([operator, keys]) =>
      isJsonObject(keys) &&
      Object.entries(keys).every(([key, values]) => {
        const actual = sentAs(key, caller);
        if (actual === undefined) return false;
        if (/^StringEquals(IfExists)?$/i.test(operator)) return texts(values).includes(actual);
        if (/^(StringLike|ArnLike|ArnEquals)(IfExists)?$/i.test(operator)) return texts(values).some((pattern) => matches(pattern, actual));
        return false;
      }),
  );
}

/** What EKS Pod Identity sends along: the source of the request, and its session tags. */
function sentAs(key: string, { accountId, clusterArn, cluster, namespace, serviceAccount }: PodCaller): string | undefined {
  const values: Readonly<Record<string, string>> = {
    'aws:sourceaccount': accountId,
    'aws:sourcearn': clusterArn,
    'aws:requesttag/eks-cluster-arn': clusterArn,
    'aws:requesttag/eks-cluster-name': cluster,
    'aws:requesttag/kubernetes-namespace': namespace,
    'aws:requesttag/kubernetes-service-account': serviceAccount,
  };
  return values[key.toLowerCase()];
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(text);
}

function texts(value: Json | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
