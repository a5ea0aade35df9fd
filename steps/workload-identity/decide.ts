import { DRILL_SCOPE } from '../kit/guard.ts';
import type { Json, JsonObject } from '../kit/json.ts';
import { groupBy } from '../kit/keys.ts';
import type { Run } from '../kit/run.ts';
import { documentSize, withoutStatements, withStatements } from '../resources/iam-document.ts';
import { issuerPath } from '../resources/iam-oidc-provider.ts';
import { isPrepared, POD_ACTIONS, POD_SERVICE, podStatement } from './pod-trust.ts';
import { accountOf, type RoleFacts, roleName } from './role-facts.ts';
import { keyOf, type WantedAccount } from './wanted-accounts.ts';

/** The new cluster, as trust policies see it. */
export interface TrustingCluster {
  readonly cluster: string;
  readonly region: string;
  readonly partition: string;
  readonly accountId: string;
  readonly oidcIssuer: string;
}

/** A service account that stays without its role, and what to do about it. */
export interface WithoutRole {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly reason: string;
  readonly remedy: string;
}

export interface Decision {
  readonly associations: readonly WantedAccount[];
  /** Accounts whose role comes to trust the new cluster's issuer. */
  readonly trusted: readonly WantedAccount[];
  /** One for a role and way: the trust statements that are to be made. */
  readonly statements: readonly { readonly role: string; readonly sid: string; readonly statement: Json }[];
  readonly without: readonly WithoutRole[];
}

export interface Facts {
  readonly cluster: TrustingCluster;
  readonly roles: ReadonlyMap<string, RoleFacts | null>;
  /** The most characters of a trust policy. */
  readonly trustLimit: number;
  readonly run: Pick<Run, 'id' | 'mode'>;
}

/**
 * Decides for each service account how it comes to its role in the new cluster. A role that already lets EKS Pod Identity in needs no
 * write to IAM for an association. Where the role's trust policy has to change and must not (in a drill, production's) or can't, an
 * association stands in if the role is prepared for one; else the account is listed with the reason and the remedy.
 */
export function decide(accounts: readonly WantedAccount[], facts: Facts): Decision {
  const perRole = [...groupBy(accounts, ({ roleArn }) => roleArn)].map(([arn, members]) => decideRole(arn, members, facts));
  const byName = <T extends WantedAccount | WithoutRole>(items: readonly T[]): T[] =>
    items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return {
    associations: byName(perRole.flatMap(({ associations }) => associations)),
    trusted: byName(perRole.flatMap(({ trusted }) => trusted)),
    statements: perRole.flatMap(({ statements }) => statements).toSorted((a, b) => (`${a.role} ${a.sid}` < `${b.role} ${b.sid}` ? -1 : 1)),
    without: byName(perRole.flatMap(({ without }) => without)),
  };
}

function decideRole(arn: string, members: readonly WantedAccount[], facts: Facts): Decision {
  const { cluster, roles } = facts;
  const none: Decision = { associations: [], trusted: [], statements: [], without: [] };
  const refused = (why: Pick<WithoutRole, 'reason' | 'remedy'>): Decision => ({
    ...none,
    without: members.map((account) => lacking(account, why)),
  });
  if (accountOf(arn) !== cluster.accountId) return refused(otherAccount(arn, cluster));
  const role = roles.get(arn) ?? null;
  if (role === null) return refused(missing(arn));

  // What an earlier turn of this run put there counts for nothing.
  const trust = withoutStatements(role.trust, [sidOf(cluster, 'Irsa'), sidOf(cluster, 'Pods')]);
  const letsIn = (account: WantedAccount): boolean => isPrepared(trust, cluster, account);
  const associated = members.filter((account) => account.means === 'association');
  const prepared = associated.filter(letsIn);
  const toTrust = members.filter((account) => account.means === 'trust');
  const toPrepare = associated.filter((account) => !letsIn(account));
  const statements = [
    ...(toTrust.length === 0 ? [] : [{ role: roleName(arn), sid: sidOf(cluster, 'Irsa'), statement: issuerStatement(cluster, toTrust) }]),
    ...(toPrepare.length === 0 ? [] : [{ role: roleName(arn), sid: sidOf(cluster, 'Pods'), statement: podStatement }]),
  ];
  const obstacle = obstacleTo(arn, role, trust, statements, facts);
  if (obstacle === null) {
    return {
      associations: [...prepared, ...toPrepare],
      trusted: toTrust,
      statements,
      without: toTrust.filter(({ annotated }) => !annotated).map(unnamed),
    };
  }
  const stand = toTrust.filter(letsIn);
  const left = [...toTrust.filter((account) => !letsIn(account)), ...toPrepare];
  return { ...none, associations: [...prepared, ...stand], without: left.map((account) => lacking(account, obstacle)) };
}

function lacking({ namespace, serviceAccount, roleArn }: WantedAccount, why: Pick<WithoutRole, 'reason' | 'remedy'>): WithoutRole {
  return { namespace, serviceAccount, roleArn, ...why };
}

/** Why a role's trust policy can't take these statements; null where it can. */
function obstacleTo(
  arn: string,
  { owner }: RoleFacts,
  trust: JsonObject,
  statements: Decision['statements'],
  { run, trustLimit }: Facts,
): Pick<WithoutRole, 'reason' | 'remedy'> | null {
  if (statements.length === 0) return null;
  const own = (owner.kind === 'run' && owner.run === run.id) || (owner.kind === 'drill-scope' && owner.scope === DRILL_SCOPE);
  if (run.mode === 'drill' && !own) {
    return {
      reason: `the trust policy of ${roleName(arn)} would have to change, and a drill changes no role of production`,
      remedy: `Prepare the role beforehand (eks-dr prepare): let ${POD_SERVICE} do ${POD_ACTIONS.join(' and ')} in its trust policy. A recovery then needs no write to IAM for it either.`,
    };
  }
  const size = documentSize(withStatements(trust, statements));
  if (size <= trustLimit) return null;
  return {
    reason: `the trust policy of ${roleName(arn)} has no room for the new cluster: it would have ${size} characters, and IAM takes ${trustLimit}`,
    remedy: `Take statements for clusters that are gone out of it, have the IAM quota "Role trust policy length" raised, or let ${POD_SERVICE} in, which does for every cluster.`,
  };
}

function otherAccount(arn: string, { accountId }: TrustingCluster): Pick<WithoutRole, 'reason' | 'remedy'> {
  return {
    reason: `the role lies in account ${accountOf(arn)}, where this run can change nothing, and EKS associates roles of the cluster's account ${accountId} alone`,
    remedy: `Name a role of account ${accountId} under workloadIdentity.roles (it may assume the other one), or have the new cluster's issuer trusted over there.`,
  };
}

function missing(arn: string): Pick<WithoutRole, 'reason' | 'remedy'> {
  return {
    reason: `the role ${roleName(arn)} does not exist (it may have been deleted with the lost cluster)`,
    remedy:
      'Create it again from where it is defined, or name one that stands in for it under workloadIdentity.roles; then run the step again.',
  };
}

function unnamed(account: WantedAccount): WithoutRole {
  return lacking(account, {
    reason: 'its role trusts the new cluster, but its manifest names no role: on the primary it has an association',
    remedy: `Add the annotation eks.amazonaws.com/role-arn: ${account.roleArn} to its manifest, or use workloadIdentity.method as-is.`,
  });
}

/** Sids are letters and digits; the cluster's name, which holds the run, makes ours unlike any other. */
export function sidOf({ cluster }: Pick<TrustingCluster, 'cluster'>, way: 'Irsa' | 'Pods'): string {
  return `EksDr${way}${cluster.replace(/[^A-Za-z0-9]/g, '')}`;
}

/** One statement for all service accounts of a role. */
function issuerStatement({ partition, accountId, oidcIssuer }: TrustingCluster, members: readonly WantedAccount[]): Json {
  const issuer = issuerPath(oidcIssuer);
  const subjects = members.map(({ namespace, serviceAccount }) => `system:serviceaccount:${namespace}:${serviceAccount}`).toSorted();
  return {
    Effect: 'Allow',
    Principal: { Federated: `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subjects } },
  };
}
