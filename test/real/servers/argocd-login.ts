import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/**
 * Argo CD's own plugin, for a role that only the emulator's STS knows: it has no way to be told of another STS than Amazon's, so the role
 * is assumed for it. What it makes of that is its own: the token, and the form in which Argo CD takes it.
 */
async function main([plugin = '', endpoint = '', ...asked]: readonly string[]): Promise<number> {
  const at = asked.indexOf('--role-arn');
  const sts = new STSClient({ endpoint, region: process.env.AWS_REGION ?? 'us-east-1' });
  const RoleArn = asked[at + 1];
  const { Credentials: session } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'argocd' }));
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: session?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: session?.SecretAccessKey,
    AWS_SESSION_TOKEN: session?.SessionToken,
  };
  const child = spawn(plugin, [...asked.slice(0, at), ...asked.slice(at + 2)], { stdio: 'inherit', env });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}

process.exitCode = await main(process.argv.slice(2));
