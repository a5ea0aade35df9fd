import { DeleteAccessEntryCommand, EKSClient } from '@aws-sdk/client-eks';
import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import { done, refused } from '../kubernetes/things.ts';
import { apiOf, type EksLogin, newEntry, newSession, sessionWithEntry, signIn } from './subject.ts';

interface UserInfo {
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

async function userOf(login: EksLogin, session: Parameters<typeof signIn>[1]): Promise<UserInfo> {
  const { userInfo } = done(await signIn(login, session)).status as { userInfo: UserInfo };
  return userInfo;
}

export const ENTRIES = 'https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html';
const POLICIES = 'https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html';

export const logins: readonly Assertion<EksLogin>[] = [
  {
    title: 'an assumed role with an access entry logs in under the ARN of its session',
    concern: 'authentication',
    source: ENTRIES,
    async holds(login) {
      const session = await sessionWithEntry(login);
      const { username, groups } = await userOf(login, session);
      expect(username).to.equal(session.arn);
      expect(groups).to.deep.equal(['system:authenticated']);
    },
  },
  {
    title: 'the API server is told account, role and session',
    concern: 'authentication',
    async holds(login) {
      const session = await sessionWithEntry(login);
      const { uid, extra } = await userOf(login, session);
      expect(uid).to.equal(`aws-iam-authenticator:${login.account}:${session.roleId}`);
      expect(extra).to.deep.include({
        arn: [session.arn],
        canonicalArn: [session.roleArn],
        principalId: [session.roleId],
        sessionName: [session.name],
        accessKeyId: [session.credentials.accessKeyId],
      });
    },
  },
  {
    title: 'an access entry gives its own user name, with the session in it, and its groups',
    concern: 'authentication',
    source: ENTRIES,
    async holds(login) {
      const session = await newSession(login, 'night@example.com');
      await newEntry(login, session, { username: 'deployer:{{SessionName}}', kubernetesGroups: ['deployers', 'readers'] });
      const { username, groups } = await userOf(login, session);
      expect(username).to.equal('deployer:night-example.com');
      expect(groups).to.have.members(['deployers', 'readers', 'system:authenticated']);
    },
  },
  {
    title: 'a role without an access entry is a 401',
    concern: 'authentication',
    source: ENTRIES,
    async holds(login) {
      refused(await signIn(login, await newSession(login)), 401, 'Unauthorized', 'Unauthorized');
    },
  },
  {
    title: 'a user without an access entry is a 401, whatever its policies in IAM',
    concern: 'authentication',
    source: ENTRIES,
    async holds(login) {
      refused(await signIn(login, await login.newUser({ allow: ['*'] })), 401, 'Unauthorized');
    },
  },
  {
    title: 'a role whose access entry is deleted is a 401 some seconds later',
    concern: 'consistency',
    source: ENTRIES,
    async holds(login) {
      const session = await sessionWithEntry(login);
      const eks = new EKSClient(login.config({ region: login.region }));
      await eks.send(new DeleteAccessEntryCommand({ clusterName: login.cluster, principalArn: session.roleArn }));
      await eventually(
        async () => (await signIn(login, session)).status,
        (status) => status === 401,
      );
    },
  },
  {
    title: 'an access entry alone allows nothing but to ask who one is',
    concern: 'authentication',
    source: ENTRIES,
    async holds(login) {
      const api = await apiOf(login, await sessionWithEntry(login));
      refused(await api.ask('GET', '/api/v1/namespaces/default/pods'), 403, 'Forbidden');
    },
  },
  {
    title: 'AmazonEKSViewPolicy lets one list pods, and neither read Secrets nor create anything: a 403 with the user’s name',
    concern: 'authentication',
    source: POLICIES,
    async holds(login) {
      const session = await sessionWithEntry(login, { policy: 'AmazonEKSViewPolicy' });
      const api = await apiOf(login, session);
      const pods = '/api/v1/namespaces/default/pods';
      await eventually(
        async () => (await api.ask('GET', pods)).status,
        (status) => status === 200,
      );
      refused(await api.ask('GET', '/api/v1/namespaces/default/secrets'), 403, 'Forbidden');
      const denied = await api.ask('POST', '/api/v1/namespaces/default/configmaps', { body: { metadata: { name: 'a' } } });
      refused(
        denied,
        403,
        'Forbidden',
        `configmaps is forbidden: User "${session.arn}" cannot create resource "configmaps" in API group "" in the namespace "default"`,
      );
    },
  },
  {
    title: 'AmazonEKSClusterAdminPolicy lets one do everything',
    concern: 'authentication',
    source: POLICIES,
    async holds(login) {
      const api = await apiOf(login, await sessionWithEntry(login, { policy: 'AmazonEKSClusterAdminPolicy' }));
      const spec = { resourceAttributes: { verb: '*', group: '*', resource: '*' } };
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
      await eventually(
        async () =>
          (await api.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body })).body.status as { allowed?: boolean },
        ({ allowed }) => allowed === true,
      );
    },
  },
];
