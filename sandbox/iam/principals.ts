import { globMatches } from '../glob.ts';
import type { World } from '../world.ts';

export interface Principal {
  /** The role or user: what access entries and policies name. */
  readonly arn: string;
  /** What GetCallerIdentity answers: the role's session, or the user itself. */
  readonly callerArn: string;
  readonly userId: string;
  readonly sessionName?: string;
}

/** `team/deploy` of `arn:aws:iam::111122223333:role/team/deploy`. */
function resourceName(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1);
}

/** The role whose ARN this is, paths included. */
export function roleOf(world: World, arn: string): World['iam']['roles'][string] | null {
  const name = resourceName(arn).split('/').at(-1) ?? '';
  const role = world.iam.roles[name];
  return role?.arn === arn ? role : null;
}

/** Who is behind an access key; null for a key that does not exist. */
export function principalOf(world: World, accessKeyId: string): Principal | null {
  const key = world.iam.accessKeys[accessKeyId];
  if (!key) return null;
  const arn = key.principal;
  if (!arn.includes(':role/')) return { arn, callerArn: arn, userId: accessKeyId.replace(/^A[KS]IA/, 'AIDA') };
  const sessionName = key.sessionName ?? 'session';
  const roleName = resourceName(arn).split('/').at(-1) ?? '';
  const callerArn = `arn:aws:sts::${world.accountId}:assumed-role/${roleName}/${sessionName}`;
  const roleId = roleOf(world, arn)?.id ?? 'AROAEXAMPLE0000000000';
  return { arn, callerArn, userId: `${roleId}:${sessionName}`, sessionName };
}

/** Whether a role exists, as another service sees it: a new role shows there after some seconds. `now` is sandbox time; without it, any role counts. */
export function roleExists(world: World, arn: string, now = Number.POSITIVE_INFINITY): boolean {
  const role = roleOf(world, arn);
  return role !== null && role.visibleAt <= now;
}

/** Whether a user exists: those that have an access key (the sandbox serves no users). */
export function userExists(world: World, arn: string): boolean {
  return arn.includes(':user/') && Object.values(world.iam.accessKeys).some(({ principal }) => principal === arn);
}

/** SimulatePrincipalPolicy's words for what the policies of a principal say to an action. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What the identity of a principal (ARN) says to an action (`eks:CreateCluster`); a deny counts for more than an allow. */
export function decisionFor(world: World, principal: string, action: string): Decision {
  const identity = world.iam.identities[principal];
  if (identity?.deny?.some((pattern) => globMatches(pattern, action))) return 'explicitDeny';
  return identity?.allow.some((pattern) => globMatches(pattern, action)) ? 'allowed' : 'implicitDeny';
}

/** What the caller with an access key is told of an action. Every principal may ask who it is. */
export function decisionForKey(world: World, accessKeyId: string, action: string): Decision {
  if (action === 'sts:GetCallerIdentity') return 'allowed';
  const key = world.iam.accessKeys[accessKeyId];
  return key === undefined ? 'implicitDeny' : decisionFor(world, key.principal, action);
}

/** Adds a long-lived access key for a principal and says what that principal may do: for seeds and tests. */
export function grantAccessKey(
  world: World,
  options: {
    readonly accessKeyId: string;
    readonly secret: string;
    readonly principal: string;
    readonly allow: readonly string[];
    readonly deny?: readonly string[];
  },
): void {
  const { accessKeyId, secret, principal, allow, deny = [] } = options;
  world.iam.accessKeys[accessKeyId] = { secret, principal };
  world.iam.identities[principal] = { allow: [...allow], deny: [...deny] };
}
