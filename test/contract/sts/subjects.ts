import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { type AssumeRoleCommandInput, STSClient } from '@aws-sdk/client-sts';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import type { World } from '../../../sandbox/world.ts';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { type Aws, type AwsConfig, ministackAuthAws, sandboxAws } from '../subjects/aws.ts';
import { unique } from '../unique.ts';
import { accountRoot, assume, credentialsOf, newRole } from './roles.ts';

export interface Caller {
  readonly arn: string;
  readonly credentials: AwsConfig['credentials'];
}

/** AWS where permissions count. The credentials of `config()` may do everything. */
export interface StsSubject extends Aws {
  /** A new user who may do just this, with an access key of its own. */
  newUser(permissions: { readonly allow: readonly string[]; readonly deny?: readonly string[] }): Promise<Caller>;
  /** Temporary credentials whose time is over. */
  expiredSession(): Promise<AwsConfig['credentials']>;
}

export async function sandboxSts(world?: World): Promise<Opened<StsSubject>> {
  const { subject, close } = await sandboxAws(world);
  return {
    subject: {
      ...subject,
      async newUser({ allow, deny = [] }) {
        const arn = `arn:aws:iam::${subject.account}:user/${unique('user')}`;
        const credentials = { accessKeyId: `AKIA${unique('').slice(1).toUpperCase()}AAAAAA`, secretAccessKey: unique('secret') };
        const { accessKeyId, secretAccessKey: secret } = credentials;
        grantAccessKey(subject.world, { accessKeyId, secret, principal: arn, allow, deny });
        return { arn, credentials };
      },
      async expiredSession() {
        const credentials = await session(subject, {});
        const key = subject.world.iam.accessKeys[credentials.accessKeyId];
        if (key === undefined) throw new Error('The session has no key.');
        key.expiresAt = 0;
        return credentials;
      },
    },
    close,
  };
}

/** As a user who may do everything: signatures of the root user are not verified. */
export async function ministackSts(running: Running): Promise<Opened<StsSubject> | null> {
  const opened = await ministackAuthAws(running);
  if (opened === null) return null;
  const { credentials } = await newUser(opened.subject, { allow: ['*'] });
  const { account, config } = opened.subject;
  const aws: Aws = { account, config: (overrides) => config({ credentials, ...overrides }) };
  const subject: StsSubject = {
    ...aws,
    newUser: (permissions) => newUser(aws, permissions),
    // It takes any duration, AWS 15 minutes at least.
    expiredSession: () => session(aws, { DurationSeconds: -1 }),
  };
  return { ...opened, subject };
}

async function session(aws: Aws, input: Partial<AssumeRoleCommandInput>): Promise<AwsConfig['credentials']> {
  const { arn: RoleArn } = await newRole(aws, accountRoot(aws));
  return credentialsOf(await assume(new STSClient(aws.config()), { RoleArn, RoleSessionName: 'drill', ...input }));
}

async function newUser(aws: Aws, { allow, deny = [] }: Parameters<StsSubject['newUser']>[0]): Promise<Caller> {
  const client = new IAMClient(aws.config());
  const UserName = unique('user');
  const { User } = await client.send(new CreateUserCommand({ UserName }));
  const Statement = [
    { Effect: 'Allow', Action: allow, Resource: '*' },
    { Effect: 'Deny', Action: deny, Resource: '*' },
  ].filter(({ Action }) => Action.length > 0);
  if (Statement.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await client.send(new PutUserPolicyCommand({ UserName, PolicyName: 'contract', PolicyDocument }));
  }
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
  const credentials = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  return { arn: User?.Arn ?? '', credentials };
}
