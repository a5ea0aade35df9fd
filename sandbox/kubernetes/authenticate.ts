import { principalMay } from '../eks/access.ts';
import type { AccessScope } from '../eks/state.ts';
import { identifyPresigned } from '../sts/identify-presigned.ts';
import type { Sandbox, SandboxRequest } from '../system.ts';
import { failure } from './failure.ts';
import type { KubernetesClusterState } from './state.ts';
import { readServiceAccountToken } from './tokens.ts';

/** Who asks. */
export interface User {
  readonly username: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** Access policies of EKS that were associated with the principal. */
  readonly associations: readonly { readonly policyArn: string; readonly accessScope: AccessScope }[];
}

const anonymous: User = { username: 'system:anonymous', groups: ['system:unauthenticated'], associations: [] };
const TOKEN_PREFIX = 'k8s-aws-v1.';

function serviceAccountUser(cluster: KubernetesClusterState, token: string, now: number, audiences: readonly string[]): User | null {
  const claims = readServiceAccountToken(cluster, token, now);
  if (claims === null) return null;
  if (claims.audiences !== undefined && !claims.audiences.some((audience) => audiences.includes(audience))) return null;
  const { namespace, account, uid } = claims;
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  return { username: `system:serviceaccount:${namespace}:${account}`, uid, groups, associations: [] };
}

function iamUser(sandbox: Sandbox, cluster: KubernetesClusterState, token: string): User | null {
  const url = Buffer.from(token.slice(TOKEN_PREFIX.length), 'base64url').toString('utf8');
  const headers = { 'x-k8s-aws-id': cluster.cluster };
  const principal = identifyPresigned(sandbox, url, { headers, clusterRegion: cluster.region });
  if (principal === null) return null;
  const access = principalMay(sandbox.world, cluster.region, cluster.cluster, principal.arn, principal.sessionName);
  if (access === null) return null;
  const { username, groups, associations } = access;
  const [principalId = '', sessionName = ''] = principal.userId.split(':');
  const extra = {
    arn: [principal.callerArn],
    canonicalArn: [principal.arn],
    principalId: [principalId],
    sessionName: [sessionName],
    accessKeyId: [new URL(url).searchParams.get('X-Amz-Credential')?.split('/')[0] ?? ''],
  };
  return {
    username,
    uid: `aws-iam-authenticator:${sandbox.world.accountId}:${principalId}`,
    groups: [...groups, 'system:authenticated'],
    extra,
    associations,
  };
}

/** The audiences that the API server itself accepts. */
export function apiAudiences(cluster: KubernetesClusterState): readonly string[] {
  return ['https://kubernetes.default.svc', cluster.issuer];
}

/** Who a bearer token speaks for; null when the cluster does not accept it. */
export function userOfToken(
  sandbox: Sandbox,
  cluster: KubernetesClusterState,
  token: string,
  audiences = apiAudiences(cluster),
): User | null {
  if (token.startsWith(TOKEN_PREFIX)) return iamUser(sandbox, cluster, token);
  return serviceAccountUser(cluster, token, sandbox.clock.now(), audiences);
}

const HEALTH = ['/healthz', '/livez', '/readyz'];

/**
 * The user of a request at a path of the cluster. Throws 401 on a token that is not accepted, and on none, but for health:
 * EKS has allowed anonymous requests nothing else since 1.32 (EKS user guide, the notes on that version).
 */
export function authenticate(sandbox: Sandbox, cluster: KubernetesClusterState, request: SandboxRequest, path: string): User {
  const { authorization } = request.headers;
  if (authorization === undefined && HEALTH.includes(path)) return anonymous;
  const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  const user = token === undefined ? null : userOfToken(sandbox, cluster, token);
  if (user === null) throw failure(401, 'Unauthorized', 'Unauthorized');
  return user;
}
