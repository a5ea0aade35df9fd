import { hashNumber } from '../kubernetes/ids.ts';
import type { World } from '../world.ts';
import type { AccessEntry, AccessScope, EffectiveAccess, EksCluster } from './state.ts';

/** What a principal may do in a cluster, as the cluster's authenticator and authorizer see it. */
export interface PrincipalAccess {
  readonly username: string;
  readonly groups: string[];
  /** ARNs of the associated access policies. */
  readonly policies: string[];
  readonly associations: readonly { readonly policyArn: string; readonly accessScope: AccessScope }[];
}

export function effectiveNow(entry: AccessEntry): EffectiveAccess {
  return {
    username: entry.username,
    groups: [...entry.kubernetesGroups],
    associations: Object.values(entry.policies).map(({ policyArn, accessScope }) => ({ policyArn, accessScope })),
  };
}

/** The role behind the ARN of a session; any other ARN as it is. Access entries name roles, with or without their path. */
function roleName(arn: string): string | undefined {
  const [, , service, , , resource = ''] = arn.split(':');
  const [sort, ...rest] = resource.split('/');
  if (service === 'sts' && sort === 'assumed-role') return rest[0];
  return undefined;
}

/** Null: no access entry, so the principal cannot even log in. The session name is filled into the username. */
export function principalMay(
  world: World,
  region: string,
  name: string,
  principalArn: string,
  sessionName = 'session',
): PrincipalAccess | null {
  const cluster = world.eks.clusters[`${region}/${name}`];
  if (cluster === undefined || cluster.status === 'CREATING') return null;
  const access = cluster.effective[principalArn] ?? byRoleName(cluster, roleName(principalArn));
  if (access === undefined) return null;
  const session = principalArn.includes(':assumed-role/') ? (principalArn.split('/').at(-1) ?? sessionName) : sessionName;
  return {
    username: access.username.replaceAll('{{SessionName}}', session.replaceAll('@', '-')),
    groups: [...access.groups],
    policies: access.associations.map(({ policyArn }) => policyArn),
    associations: access.associations,
  };
}

function byRoleName(cluster: EksCluster, name: string | undefined): EffectiveAccess | undefined {
  if (name === undefined) return undefined;
  const found = Object.entries(cluster.effective).find(([arn]) => arn.includes(':role/') && arn.split('/').at(-1) === name);
  return found?.[1];
}

/** The Kubernetes API learns of a change of access 3 to 6 s later (sandbox time). */
export function announceAccess(cluster: EksCluster, principalArn: string, now: number): void {
  cluster.pendingAccess.push({ at: now + 3_000 + hashNumber(`${cluster.name}/${principalArn}`, 3_000), principalArn });
}

/** Brings what has arrived by `now` into force. */
export function advanceAccess(cluster: EksCluster, now: number): void {
  if (cluster.pendingAccess.length === 0) return;
  const due = cluster.pendingAccess.filter(({ at }) => at <= now);
  if (due.length === 0) return;
  cluster.pendingAccess = cluster.pendingAccess.filter(({ at }) => at > now);
  for (const { principalArn } of due) {
    const entry = cluster.accessEntries[principalArn];
    if (entry === undefined) delete cluster.effective[principalArn];
    else cluster.effective[principalArn] = effectiveNow(entry);
  }
}
