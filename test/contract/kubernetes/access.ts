import { expect } from 'chai';
import type { Assertion } from '../contract.ts';
import { eventually } from '../eventually.ts';
import type { Cluster } from '../subjects/kubernetes.ts';
import type { Answer } from '../subjects/kubernetes-http.ts';
import { unique } from '../unique.ts';
import { accountOf, answered, review } from './accounts.ts';
import { configMap, create, done, pathOf, refused } from './things.ts';

const RBAC = 'rbac.authorization.k8s.io';

async function bind(cluster: Cluster, account: string, role: string): Promise<void> {
  await create(cluster, `${RBAC}/v1/rolebindings`, {
    metadata: { name: unique('binding') },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace: cluster.namespace }],
  });
}

export const access: readonly Assertion<Cluster>[] = [
  {
    title: 'a token that nobody made is a 401',
    concern: 'authentication',
    async holds(cluster) {
      for (const token of ['nonsense', 'a.b.c', 'k8s-aws-v1.aHR0cHM6Ly9leGFtcGxlLmNvbS8']) {
        refused(await cluster.as(token).ask('GET', '/api/v1/namespaces'), 401, 'Unauthorized', 'Unauthorized');
      }
    },
  },
  {
    title: 'no token at all is a 401, but for health',
    concern: 'authentication',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
    async holds(cluster) {
      refused(await cluster.as(null).ask('GET', '/api/v1/namespaces'), 401, 'Unauthorized', 'Unauthorized');
      refused(await cluster.as(null).ask('GET', '/version'), 401, 'Unauthorized');
      for (const path of ['/healthz', '/livez', '/readyz']) expect((await cluster.as(null).ask('GET', path)).status).to.equal(200);
    },
  },
  {
    title: 'a service account’s token logs in as the account, in its groups',
    concern: 'authentication',
    async holds(cluster) {
      const { username, api } = await accountOf(cluster);
      const { userInfo } = answered(done(await review(api, 'authentication', 'SelfSubjectReview'))) as {
        userInfo: { username: string; groups: string[] };
      };
      expect(userInfo.username).to.equal(username);
      expect(userInfo.groups).to.have.members([
        'system:serviceaccounts',
        `system:serviceaccounts:${cluster.namespace}`,
        'system:authenticated',
      ]);
    },
  },
  {
    title: 'what nobody has allowed is a 403 that names user, verb, resource and namespace',
    concern: 'authentication',
    async holds(cluster) {
      const { username, api } = await accountOf(cluster);
      const listed = await api.ask('GET', pathOf(cluster, 'secrets'));
      refused(
        listed,
        403,
        'Forbidden',
        `secrets is forbidden: User "${username}" cannot list resource "secrets" in API group "" in the namespace "${cluster.namespace}"`,
      );
      expect(listed.body.details).to.deep.equal({ kind: 'secrets' });
      const named = await api.ask('GET', '/apis/apps/v1/namespaces/default/deployments/a/scale');
      refused(
        named,
        403,
        'Forbidden',
        `deployments.apps "a" is forbidden: User "${username}" cannot get resource "deployments/scale" in API group "apps" in the namespace "default"`,
      );
      refused(
        await api.ask('POST', '/api/v1/namespaces', { body: { metadata: { name: 'a' } } }),
        403,
        'Forbidden',
        `namespaces is forbidden: User "${username}" cannot create resource "namespaces" in API group "" at the cluster scope`,
      );
      refused(await api.ask('GET', '/metrics'), 403, 'Forbidden', `forbidden: User "${username}" cannot get path "/metrics"`);
    },
  },
  {
    title: 'a binding in a namespace allows there what its role names, and nothing elsewhere',
    concern: 'authentication',
    async holds(cluster) {
      const { name, api } = await accountOf(cluster);
      await bind(cluster, name, 'view');
      await eventually(
        async () => (await api.ask('GET', pathOf(cluster, 'configmaps'))).status,
        (status) => status === 200,
      );
      expect((await api.ask('GET', pathOf(cluster, 'secrets'))).status).to.equal(403);
      expect((await api.ask('POST', pathOf(cluster, 'configmaps'), { body: configMap(unique('a')) })).status).to.equal(403);
      expect((await api.ask('GET', pathOf({ namespace: 'default' }, 'configmaps'))).status).to.equal(403);
    },
  },
  {
    title: 'applying what is not there takes the right to create, not only to patch',
    concern: 'authentication',
    async holds(cluster) {
      const { name, username, api } = await accountOf(cluster);
      const role = unique('patcher');
      await create(cluster, `${RBAC}/v1/roles`, {
        metadata: { name: role },
        rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'patch'] }],
      });
      await create(cluster, `${RBAC}/v1/rolebindings`, {
        metadata: { name: role },
        roleRef: { apiGroup: RBAC, kind: 'Role', name: role },
        subjects: [{ kind: 'ServiceAccount', name, namespace: cluster.namespace }],
      });
      const there = unique('there');
      await create(cluster, 'configmaps', configMap(there));
      const apply = (object: string): Promise<Answer> =>
        api.ask('PATCH', pathOf(cluster, 'configmaps', object), {
          body: configMap(object, { a: '1' }),
          query: { fieldManager: 'one' },
          contentType: 'application/apply-patch+yaml',
        });
      await eventually(
        async () => (await apply(there)).status,
        (status) => status === 200,
      );
      refused(await apply(unique('absent')), 403, 'Forbidden', new RegExp(`User "${username}" cannot create resource "configmaps"`));
    },
  },
  {
    title: 'nobody grants rights by a role that they don’t hold themselves: a 403',
    concern: 'authentication',
    async holds(cluster) {
      const { name, api } = await accountOf(cluster);
      await bind(cluster, name, 'admin');
      const role = (resource: string): Promise<Answer> =>
        api.ask('POST', pathOf(cluster, `${RBAC}/v1/roles`), {
          body: { metadata: { name: unique('role') }, rules: [{ apiGroups: [''], resources: [resource], verbs: ['get'] }] },
        });
      await eventually(
        async () => (await role('configmaps')).status,
        (status) => status === 201,
      );
      refused(
        await role('widgets'),
        403,
        'Forbidden',
        /is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["widgets"\], Verbs:\["get"\]\}/,
      );
    },
  },
  {
    title: 'reviews tell what the asker, or another, may do',
    concern: 'reads',
    async holds(cluster) {
      const { name, username, api } = await accountOf(cluster);
      await bind(cluster, name, 'view');
      const resourceAttributes = { namespace: cluster.namespace, verb: 'list', resource: 'pods' };
      const own = (attributes: object) => review(api, 'authorization', 'SelfSubjectAccessReview', { resourceAttributes: attributes });
      await eventually(
        async () => answered(done(await own(resourceAttributes))).allowed,
        (allowed) => allowed === true,
      );
      const first = await own(resourceAttributes);
      expect(first.status).to.equal(201);
      expect(answered((await own({ ...resourceAttributes, verb: 'delete' })).body).allowed).to.equal(false);
      const other = (user: string) => review(cluster, 'authorization', 'SubjectAccessReview', { user, resourceAttributes });
      expect(answered((await other(username)).body).allowed).to.equal(true);
      expect(answered((await other('nobody')).body).allowed).to.equal(false);
      expect((await review(api, 'authorization', 'SubjectAccessReview', { user: username, resourceAttributes })).status).to.equal(403);
    },
  },
];
