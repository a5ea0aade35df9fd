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

/** Whether the identity behind a key may call an action (`eks:CreateCluster`). Every principal may ask who it is. */
export function mayCall(world: World, accessKeyId: string, action: string): boolean {
  if (action === 'sts:GetCallerIdentity') return true;
  const key = world.iam.accessKeys[accessKeyId];
  const identity = key && world.iam.identities[key.principal];
  if (!identity) return false;
  if (identity.deny?.some((pattern) => globMatches(pattern, action))) return false;
  return identity.allow.some((pattern) => globMatches(pattern, action));
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
