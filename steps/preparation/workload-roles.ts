import type { JsonObject } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import { documentSize, withoutStatements, withStatements } from '../resources/iam-document.ts';
import type { TrustingCluster } from '../workload-identity/decide.ts';
import { isPrepared, podStatement } from '../workload-identity/pod-trust.ts';
import { accountOf, type RoleFacts, roleName } from '../workload-identity/role-facts.ts';
import type { WantedAccount } from '../workload-identity/wanted-accounts.ts';

/** Of the statement that lets EKS Pod Identity into a role of a service; the same for every preparation. */
export const PREPARED_SID = 'EksDrPods';

/** What a preparation does for the roles of service accounts. */
export interface WorkloadRoles {
  /** The names of the roles that get our statement, or have it. */
  readonly prepared: readonly string[];
  /** How many let EKS Pod Identity in by themselves. */
  readonly already: number;
  readonly left: readonly { readonly roleArn: string; readonly reason: string; readonly remedy: string }[];
}

interface Facts {
  /** As a recovery would make it: conditions may ask for its name. */
  readonly cluster: Omit<TrustingCluster, 'oidcIssuer'>;
  readonly roles: ReadonlyMap<string, RoleFacts | null>;
  /** The most characters of a trust policy. */
  readonly trustLimit: number;
}

/** Decides which roles shall let EKS Pod Identity in, and why others can't. What an earlier preparation put there counts for nothing in it. */
export function workloadRoles(accounts: readonly WantedAccount[], facts: Facts): WorkloadRoles {
  const decided = [...groupBy(accounts, ({ roleArn }) => roleArn)].map(([arn, members]) => ({ arn, ...decideRole(arn, members, facts) }));
  return {
    prepared: decided.filter(({ way }) => way === 'prepare').map(({ arn }) => roleName(arn)),
    already: decided.filter(({ way }) => way === 'already').length,
    left: decided.flatMap(({ arn, way }) => (typeof way === 'string' ? [] : [{ roleArn: arn, ...way }])),
  };
}

interface Decided {
  readonly way: 'prepare' | 'already' | { readonly reason: string; readonly remedy: string };
}

function decideRole(arn: string, members: readonly WantedAccount[], { cluster, roles, trustLimit }: Facts): Decided {
  const { accountId } = cluster;
  if (accountOf(arn) !== accountId) {
    const reason = `it lies in account ${accountOf(arn)}, and EKS associates roles of the cluster's account ${accountId} alone`;
    return { way: { reason, remedy: `Name a role of account ${accountId} under workloadIdentity.roles, which may assume the other one.` } };
  }
  const role = roles.get(arn) ?? null;
  if (role === null)
    return {
      way: {
        reason: 'it does not exist',
        remedy: 'Create it where it is defined, name one that stands in for it under workloadIdentity.roles, or exclude its accounts.',
      },
    };
  const without = withoutStatements(role.trust, [PREPARED_SID]);
  const letsIn = (trust: JsonObject): boolean => members.every((account) => isPrepared(trust, cluster, account));
  if (letsIn(without)) return { way: 'already' };
  const prepared = withStatements(without, [{ sid: PREPARED_SID, statement: podStatement }]);
  if (!letsIn(prepared)) {
    const reason = 'a statement of its trust policy denies EKS Pod Identity';
    return {
      way: { reason, remedy: 'Take the Deny out of its trust policy, or name a role that stands in for it under workloadIdentity.roles.' },
    };
  }
  const size = documentSize(prepared);
  if (size > trustLimit) {
    const reason = `its trust policy has no room: it would have ${size} characters, and IAM takes ${trustLimit}`;
    const remedy = 'Take statements for clusters that are gone out of it, or have the IAM quota "Role trust policy length" raised.';
    return { way: { reason, remedy } };
  }
  return { way: 'prepare' };
}
