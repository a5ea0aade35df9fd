import { ACCOUNT, type Remote } from './remote.ts';

export const arnOf = (role: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/${role}`;

/** Lets EKS Pod Identity in. */
export const PODS = { Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: ['sts:AssumeRole', 'sts:TagSession'] };

/** Lets a service account of the lost cluster in. */
export const OLD = {
  Sid: 'ShopProd',
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/old` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { 'old:sub': 'system:serviceaccount:cart:cart-api' } },
};

/** Makes a role that everybody sees at once. */
export async function makeRole(
  { clients, running }: Pick<Remote, 'clients' | 'running'>,
  name: string,
  statements: readonly object[],
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await (await clients.iam()).createRole({ RoleName: name, AssumeRolePolicyDocument, Tags });
  const role = running.sandbox.world.iam.roles[name];
  if (role !== undefined) role.visibleAt = 0;
}
