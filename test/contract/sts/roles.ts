import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, type AssumeRoleCommandInput, type AssumeRoleCommandOutput, type STSClient } from '@aws-sdk/client-sts';
import { eventually } from '../eventually.ts';
import type { Aws, AwsConfig } from '../subjects/aws.ts';
import { unique } from '../unique.ts';

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
}

/** A role that the principals (ARNs) may assume. */
export async function newRole(aws: Aws, ...trusted: readonly string[]): Promise<Role> {
  const Statement = [{ Effect: 'Allow', Principal: { AWS: trusted }, Action: 'sts:AssumeRole' }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  const name = unique('role');
  const { Role: role } = await new IAMClient(aws.config()).send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  return { name, arn: role?.Arn ?? '', id: role?.RoleId ?? '' };
}

export function accountRoot({ account }: Aws): string {
  return `arn:aws:iam::${account}:root`;
}

/** Assumes a role as soon as STS sees it: IAM is eventually consistent, and a role that isn't seen is AccessDenied. */
export async function assume(sts: STSClient, input: AssumeRoleCommandInput): Promise<AssumeRoleCommandOutput> {
  const ask = () =>
    sts.send(new AssumeRoleCommand(input)).catch((thrown: Error) => {
      if (thrown.name === 'AccessDenied') return null;
      throw thrown;
    });
  const answer = await eventually(ask, (found) => found !== null);
  if (answer === null) throw new Error('not assumed');
  return answer;
}

/** What a client signs with as that session. */
export function credentialsOf({ Credentials }: AssumeRoleCommandOutput): Required<AwsConfig['credentials']> {
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken = '' } = Credentials ?? {};
  return { accessKeyId, secretAccessKey, sessionToken };
}
