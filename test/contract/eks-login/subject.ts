import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  type CreateAccessEntryCommandInput,
  DescribeClusterCommand,
  EKSClient,
} from '@aws-sdk/client-eks';
import { STSClient } from '@aws-sdk/client-sts';
import { ensureEksCluster } from '../../real/login/eks-cluster.ts';
import type { Running } from '../../real/servers/running.ts';
import type { Opened } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { accountRoot, assume, newRole } from '../sts/roles.ts';
import { ministackSts, type StsSubject, sandboxSts } from '../sts/subjects.ts';
import type { AwsConfig } from '../subjects/aws.ts';
import { eksToken, type TokenRequest } from '../subjects/eks-token.ts';
import { CLUSTER, REGION, worldWithCluster } from '../subjects/kubernetes.ts';
import { type Address, type Answer, type KubernetesHttp, kubernetesHttp } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';

/** An EKS cluster whose API server can be asked, in an account where roles and access entries can be made. */
export interface EksLogin extends StsSubject {
  readonly cluster: string;
  readonly region: string;
  readonly api: Address;
}

export async function sandboxLogin(): Promise<Opened<EksLogin>> {
  const { subject, close } = await sandboxSts(worldWithCluster());
  const { cluster } = await new EKSClient(subject.config()).send(new DescribeClusterCommand({ name: CLUSTER }));
  const ca = Buffer.from(cluster?.certificateAuthority?.data ?? '', 'base64').toString();
  return { subject: { ...subject, cluster: CLUSTER, region: REGION, api: { url: cluster?.endpoint ?? '', ca } }, close };
}

/** The API server with the webhook that asks the ministack whose signatures count. */
export async function realLogin(running: Running): Promise<Opened<EksLogin> | null> {
  const { kubernetes } = running;
  const opened = kubernetes === undefined ? null : await ministackSts(running);
  if (opened === null || kubernetes === undefined) return null;
  const { url, ca, eks } = kubernetes.recovery;
  await ensureEksCluster(opened.subject.config({ region: eks.region }), eks.cluster);
  return { ...opened, subject: { ...opened.subject, ...eks, api: { url, ca } } };
}

export interface Session {
  readonly roleArn: string;
  readonly roleId: string;
  /** As STS tells it. */
  readonly arn: string;
  readonly name: string;
  readonly credentials: AwsConfig['credentials'];
}

/** A new role, assumed. */
export async function newSession(login: EksLogin, sessionName = 'night'): Promise<Session> {
  const role = await newRole(login, accountRoot(login));
  const sts = new STSClient(login.config({ region: login.region }));
  const { Credentials: given, AssumedRoleUser: user } = await assume(sts, { RoleArn: role.arn, RoleSessionName: sessionName });
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  return { roleArn: role.arn, roleId: role.id, arn: user?.Arn ?? '', name: sessionName, credentials };
}

/** The same with an access entry that is in force. */
export async function newEntry(
  login: EksLogin,
  session: Session,
  { policy, ...entry }: Partial<CreateAccessEntryCommandInput> & { readonly policy?: string } = {},
): Promise<void> {
  const eks = new EKSClient(login.config({ region: login.region }));
  const at = { clusterName: login.cluster, principalArn: session.roleArn };
  // EKS knows a new role some seconds after IAM does.
  const made = () =>
    eks.send(new CreateAccessEntryCommand({ ...at, ...entry })).then(
      () => true,
      (thrown: Error) => {
        if (thrown.name === 'InvalidParameterException') return false;
        throw thrown;
      },
    );
  await eventually(made, (done) => done);
  if (policy !== undefined) {
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
    await eks.send(new AssociateAccessPolicyCommand({ ...at, policyArn, accessScope: { type: 'cluster' } }));
  }
  await eventually(
    () => signIn(login, session),
    ({ status }) => status === 201,
  );
}

export async function sessionWithEntry(login: EksLogin, entry: Parameters<typeof newEntry>[2] = {}): Promise<Session> {
  const session = await newSession(login, unique('night'));
  await newEntry(login, session, entry);
  return session;
}

/** The API as the holder of a token made so sees it. */
export async function apiOf(
  { api, cluster, region }: EksLogin,
  { credentials }: Pick<Session, 'credentials'>,
  request: Partial<TokenRequest> = {},
): Promise<KubernetesHttp> {
  return kubernetesHttp(api, await eksToken({ cluster, region, credentials, ...request }));
}

/** Who the API server takes the holder of such a token for: a SelfSubjectReview. */
export async function signIn(login: EksLogin, session: Pick<Session, 'credentials'>, request?: Partial<TokenRequest>): Promise<Answer> {
  const version = 'authentication.k8s.io/v1';
  const api = await apiOf(login, session, request);
  return api.ask('POST', `/apis/${version}/selfsubjectreviews`, { body: { apiVersion: version, kind: 'SelfSubjectReview' } });
}
