import { AssociateAccessPolicyCommand, CreateAccessEntryCommand, DeleteAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { ensureEksCluster } from '../../../real/login/eks-cluster.ts';
import type { KubernetesServer, Running } from '../../../real/servers/running.ts';
import { type Aws, ministackAuthAws } from '../../subjects/aws.ts';
import { unique } from '../../unique.ts';

/** An IAM user who may do everything in the cluster. */
export async function newAdminUser(aws: Aws, { eks }: KubernetesServer) {
  const iam = new IAMClient(aws.config({ region: 'us-east-1' }));
  const UserName = unique('law');
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const removeEntry = await newEntry(aws, eks, User?.Arn ?? '');
  return {
    credentials: { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' },
    async remove() {
      await removeEntry();
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: AccessKey?.AccessKeyId }));
      await iam.send(new DeleteUserCommand({ UserName }));
    },
  };
}

/** An IAM role that may do everything in the recovery cluster. Throws where the servers for it don't run. */
export async function newAdminRole(running: Running) {
  const opened = await ministackAuthAws(running);
  const server = running.kubernetes?.recovery;
  if (opened === null || server === undefined) throw new Error('the ministack that checks signatures does not run');
  const aws = opened.subject;
  const iam = new IAMClient(aws.config({ region: 'us-east-1' }));
  const RoleName = unique('law');
  const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const roleArn = Role?.Arn ?? '';
  const removeEntry = await newEntry(aws, server.eks, roleArn);
  return {
    ca: Buffer.from(server.ca).toString('base64'),
    authentication: { ...server.eks, roleArn },
    async remove() {
      await removeEntry();
      await iam.send(new DeleteRoleCommand({ RoleName }));
    },
  };
}

/** Lets a principal in as an administrator; gives what takes that back. */
async function newEntry(aws: Aws, { cluster, region }: KubernetesServer['eks'], principalArn: string): Promise<() => Promise<void>> {
  await ensureEksCluster(aws.config({ region }), cluster);
  const eks = new EKSClient(aws.config({ region }));
  const entry = { clusterName: cluster, principalArn };
  await eks.send(new CreateAccessEntryCommand(entry));
  const policyArn = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
  await eks.send(new AssociateAccessPolicyCommand({ ...entry, policyArn, accessScope: { type: 'cluster' } }));
  return async () => void (await eks.send(new DeleteAccessEntryCommand(entry)));
}
