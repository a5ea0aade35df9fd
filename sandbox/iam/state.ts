/** Who signs with an access key, and for how long when the key is temporary. */
export interface AccessKey {
  secret: string;
  /** The role or user behind the key; what it may do stands in `identities` under this ARN. */
  principal: string;
  /** Temporary keys only: the token that every request must carry. */
  sessionToken?: string;
  /** The name of the role session, as in `assumed-role/<role>/<session>`. */
  sessionName?: string;
  /** Sandbox time (ms) after which the key is refused. */
  expiresAt?: number;
}

export interface IamRole {
  name: string;
  path: string;
  arn: string;
  id: string;
  /** The trust policy as JSON text, as the caller sent it. */
  trust: string;
  description: string;
  maxSessionDuration: number;
  permissionsBoundary?: string;
  tags: Record<string, string>;
  /** ARNs of the attached managed policies. */
  attached: string[];
  /** Inline policies: name to JSON text. */
  inline: Record<string, string>;
  createdAt: number;
  /** Sandbox time (ms) from which other services find the role. */
  visibleAt: number;
}

export interface IamPolicyVersion {
  id: string;
  document: string;
  createdAt: number;
}

export interface IamPolicy {
  name: string;
  path: string;
  arn: string;
  id: string;
  description: string;
  tags: Record<string, string>;
  defaultVersion: string;
  /** The number of the next version; never used twice. */
  nextVersion: number;
  versions: IamPolicyVersion[];
  createdAt: number;
  updatedAt: number;
}

export interface InstanceProfile {
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly id: string;
  /** The name of the one role that it may hold. */
  role: string | null;
  readonly tags: Record<string, string>;
  readonly createdAt: number;
}

export interface OidcProvider {
  arn: string;
  /** Without `https://`. */
  url: string;
  clientIds: string[];
  thumbprints: string[];
  tags: Record<string, string>;
  createdAt: number;
}

export interface IamState {
  /** Source of generated ids. */
  counter: number;
  accessKeys: Record<string, AccessKey>;
  /** By principal ARN: the actions it may call, with `*` and `?` as wildcards (`eks:Describe*`). */
  identities: Record<string, { allow: string[]; deny?: string[] }>;
  /** By name. */
  roles: Record<string, IamRole>;
  /** Customer managed policies by ARN. */
  policies: Record<string, IamPolicy>;
  /** By name. */
  instanceProfiles: Record<string, InstanceProfile>;
  /** By ARN. */
  oidcProviders: Record<string, OidcProvider>;
}

const accountRootMayAssume = (accountId: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'sts:AssumeRole' }],
  });

function seedRole(accountId: string, name: string, id: string): IamRole {
  return {
    name,
    path: '/',
    arn: `arn:aws:iam::${accountId}:role/${name}`,
    id,
    trust: accountRootMayAssume(accountId),
    description: '',
    maxSessionDuration: 3600,
    tags: {},
    attached: [],
    inline: {},
    createdAt: 0,
    visibleAt: 0,
  };
}

/** The account as every world starts: the roles of the runner and of Argo CD, and the runner's access key, which may do everything. */
export function emptyIam(accountId = '111122223333'): IamState {
  const runner = seedRole(accountId, 'eks-dr-runner', 'AROAEXAMPLERUNNER0001');
  const argocd = seedRole(accountId, 'argocd-management', 'AROAEXAMPLEARGOCD0001');
  return {
    counter: 1,
    accessKeys: {
      AKIAIOSFODNN7EXAMPLE: {
        secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        principal: runner.arn,
        sessionName: 'eks-dr',
      },
    },
    identities: { [runner.arn]: { allow: ['*'] }, [argocd.arn]: { allow: ['sts:*', 'eks:DescribeCluster'] } },
    roles: { [runner.name]: runner, [argocd.name]: argocd },
    policies: {},
    instanceProfiles: {},
    oidcProviders: {},
  };
}
