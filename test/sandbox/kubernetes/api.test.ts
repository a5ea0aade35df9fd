import { CoreV1Api, type KubernetesObject, KubernetesObjectApi, PatchStrategy, VersionApi } from '@kubernetes/client-node';
import { expect } from 'chai';
import { grantAccessKey } from '../../../sandbox/iam/principals.ts';
import type { RunningSandbox } from '../../../sandbox/server.ts';
import { eksToken, eventually, kubeConfig, objectApi, refusal, shop, startPlatform } from './platform.ts';

const namespace = (name: string, labels?: Record<string, string>): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: labels ? { name, labels } : { name },
});
const secret = (name: string, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'default' },
  ...more,
});

describe('sandbox: the Kubernetes API', () => {
  let running: RunningSandbox;
  let api: KubernetesObjectApi;
  let core: CoreV1Api;

  before(async () => {
    running = await startPlatform();
    const config = await kubeConfig(running);
    api = await objectApi(running);
    core = config.makeApiClient(CoreV1Api);
  });
  after(() => running.stop());

  it('has the standard namespaces, Ready nodes and an available CoreDNS from the seed', async () => {
    const { items } = await core.listNamespace();
    expect(items.map(({ metadata }) => metadata?.name)).to.deep.equal(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
    const nodes = await core.listNode();
    expect(nodes.items.map((node) => node.status?.conditions?.find(({ type }) => type === 'Ready')?.status)).to.deep.equal([
      'True',
      'True',
      'True',
    ]);
    const dns = (await api.read({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'coredns', namespace: 'kube-system' },
    })) as {
      status?: { availableReplicas?: number };
    };
    expect(dns.status?.availableReplicas).to.equal(2);
  });

  it('tells its version', async () => {
    const version = await (await kubeConfig(running)).makeApiClient(VersionApi).getCode();
    expect(version).to.include({ major: '1', minor: '34' });
  });

  it('refuses forged tokens, those made for another cluster, and none at all with 401', async () => {
    const forged = await objectApi(running, shop, 'k8s-aws-v1.aHR0cHM6Ly9leGFtcGxlLmNvbS8');
    expect(await refusal(forged.list('v1', 'Namespace'))).to.include({ code: 401, reason: 'Unauthorized' });
    const other = await objectApi(
      running,
      shop,
      await eksToken('another', shop.region, {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      }),
    );
    expect(await refusal(other.list('v1', 'Namespace'))).to.include({ code: 401 });
    const anonymous = await kubeConfig(running);
    anonymous.users = [{ name: 'u' }];
    expect(await refusal(KubernetesObjectApi.makeApiClient(anonymous).list('v1', 'Namespace'))).to.include({
      code: 401,
      reason: 'Unauthorized',
    });
  });

  it('refuses a principal without an access entry', async () => {
    const keys = { accessKeyId: 'AKIAIOSFODNN7STRANGE', secretAccessKey: 'strange' };
    const principal = 'arn:aws:iam::111122223333:user/stranger';
    grantAccessKey(running.sandbox.world, { accessKeyId: keys.accessKeyId, secret: keys.secretAccessKey, principal, allow: [] });
    const stranger = await objectApi(running, shop, await eksToken(shop.cluster, shop.region, keys));
    expect(await refusal(stranger.list('v1', 'Namespace'))).to.include({ code: 401 });
  });

  it('gives a new namespace its default service account and the CA', async () => {
    await api.create(namespace('fresh'));
    const account = await eventually(
      () => core.listNamespacedServiceAccount({ namespace: 'fresh' }),
      ({ items }) => items.length > 0,
    );
    expect(account.items[0]?.metadata?.name).to.equal('default');
    const ca = await core.readNamespacedConfigMap({ namespace: 'fresh', name: 'kube-root-ca.crt' });
    expect(ca.data?.['ca.crt']).to.equal(running.sandbox.ca);
  });

  it('answers 404 for an object, for a namespace and for a type that is not there', async () => {
    const missing = await refusal(core.readNamespacedSecret({ namespace: 'default', name: 'nothing' }));
    expect(missing).to.include({ code: 404, reason: 'NotFound', message: 'secrets "nothing" not found' });
    const homeless = await refusal(core.createNamespacedSecret({ namespace: 'nowhere', body: { metadata: { name: 'a' } } }));
    expect(homeless).to.include({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  it('refuses names that are taken or badly formed, and changes of immutable fields', async () => {
    await api.create(secret('typed', { type: 'Opaque', stringData: { a: 'b' } }));
    expect(await refusal(api.create(secret('typed')))).to.include({
      code: 409,
      reason: 'AlreadyExists',
      message: 'secrets "typed" already exists',
    });
    expect(await refusal(api.create(secret('Not_A_Name')))).to.include({ code: 422, reason: 'Invalid' });
    const change = api.patch(
      secret('typed', { type: 'kubernetes.io/tls' }),
      undefined,
      undefined,
      'x',
      undefined,
      PatchStrategy.MergePatch,
    );
    const status = await refusal(change);
    expect(status).to.include({ code: 422, reason: 'Invalid' });
    expect(status.details?.causes?.[0]).to.deep.include({ field: 'type', reason: 'FieldValueInvalid' });
    const read = await core.readNamespacedSecret({ namespace: 'default', name: 'typed' });
    expect(read.data).to.deep.equal({ a: Buffer.from('b').toString('base64') });
  });

  it('refuses an update with a stale resourceVersion', async () => {
    const first = await api.create(secret('raced'));
    await api.patch(secret('raced', { data: { a: 'YQ==' } }), undefined, undefined, 'x', undefined, PatchStrategy.StrategicMergePatch);
    expect(await refusal(api.replace({ ...secret('raced'), metadata: { ...first.metadata } }))).to.include({
      code: 409,
      reason: 'Conflict',
    });
  });

  it('applies JSON patches and refuses one that does not fit', async () => {
    await core.createNamespacedConfigMap({ namespace: 'default', body: { metadata: { name: 'patched' }, data: { a: '1' } } });
    const patch = (body: object[]): Promise<{ data?: Record<string, string> }> =>
      core.patchNamespacedConfigMap({ namespace: 'default', name: 'patched', body });
    expect((await patch([{ op: 'add', path: '/data/b', value: '2' }])).data).to.deep.equal({ a: '1', b: '2' });
    expect(await refusal(patch([{ op: 'remove', path: '/data/z' }]))).to.include({ code: 422 });
  });

  it('selects by labels and fields and pages through lists', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await api.create(namespace(name, { page: name, set: 'pages' }));
    const chosen = await core.listNamespace({ labelSelector: 'set=pages,page notin (page-b)' });
    expect(chosen.items.map(({ metadata }) => metadata?.name)).to.deep.equal(['page-a', 'page-c']);
    const single = await core.listNamespace({ fieldSelector: 'metadata.name=page-b' });
    expect(single.items).to.have.length(1);
    const first = await core.listNamespace({ labelSelector: 'set=pages', limit: 2 });
    expect(first.items).to.have.length(2);
    const rest = await core.listNamespace({ labelSelector: 'set=pages', limit: 2, _continue: first.metadata?._continue ?? '' });
    expect(rest.items.map(({ metadata }) => metadata?.name)).to.deep.equal(['page-c']);
    expect(await refusal(core.listNamespace({ fieldSelector: 'spec.colour=red' }))).to.include({ code: 400 });
  });

  it('empties a namespace that is deleted and lets nothing new into it', async () => {
    await api.create(namespace('doomed'));
    await core.createNamespacedConfigMap({ namespace: 'doomed', body: { metadata: { name: 'held', finalizers: ['example.com/hold'] } } });
    await core.deleteNamespace({ name: 'doomed' });
    const refused = await refusal(core.createNamespacedSecret({ namespace: 'doomed', body: { metadata: { name: 'late' } } }));
    expect(refused).to.include({ code: 403, reason: 'Forbidden' });
    expect(refused.details?.causes?.[0]?.reason).to.equal('NamespaceTerminating');
    const stuck = await eventually(
      () => core.readNamespace({ name: 'doomed' }),
      ({ status }) => (status?.conditions?.length ?? 0) > 0,
    );
    expect(stuck.status?.phase).to.equal('Terminating');
    await core.patchNamespacedConfigMap({ namespace: 'doomed', name: 'held', body: [{ op: 'remove', path: '/metadata/finalizers' }] });
    const left = await eventually(
      () => core.listNamespace({ fieldSelector: 'metadata.name=doomed' }),
      ({ items }) => items.length === 0,
    );
    expect(left.items).to.deep.equal([]);
  });

  it('fills in service-account tokens, which then log in', async () => {
    await core.createNamespacedServiceAccount({ namespace: 'default', body: { metadata: { name: 'reviewer' } } });
    const annotations = { 'kubernetes.io/service-account.name': 'reviewer' };
    const body = { metadata: { name: 'reviewer-token', annotations }, type: 'kubernetes.io/service-account-token' };
    await core.createNamespacedSecret({ namespace: 'default', body });
    const filled = await eventually(
      () => core.readNamespacedSecret({ namespace: 'default', name: 'reviewer-token' }),
      ({ data }) => data?.token !== undefined,
    );
    const token = Buffer.from(filled.data?.token ?? '', 'base64').toString();
    const asAccount = await objectApi(running, shop, token);
    const denied = await refusal(asAccount.list('v1', 'Secret', 'default'));
    expect(denied).to.include({ code: 403, reason: 'Forbidden' });
    expect(denied.message).to.contain('User "system:serviceaccount:default:reviewer" cannot list resource "secrets"');
    await api.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'reviewer' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'reviewer', namespace: 'default' }],
    } as KubernetesObject);
    expect((await asAccount.list('v1', 'Secret', 'default')).items.length).to.be.greaterThan(0);
  });

  it('serves custom resources once their definition is established', async () => {
    await api.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'widgets.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            // The name of the field as the package's model has it.
            schema: { openAPIV3Schema: { type: 'object', x_kubernetes_preserve_unknown_fields: true } },
          },
        ],
      },
    } as KubernetesObject);
    const widget = {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'default' },
      spec: { size: 3 },
    } as KubernetesObject;
    const fresh = (): Promise<KubernetesObject | null> => objectApi(running).then((client) => client.create(widget).catch(() => null));
    const made = await eventually(fresh, (answer) => answer !== null);
    expect(made).to.deep.include({ kind: 'Widget', spec: { size: 3 } });
  });

  it('deletes dependents with their owner, after them in the foreground, and keeps them when asked to orphan them', async () => {
    const configMap = (name: string, owner?: string, uid?: string): Promise<{ metadata?: { uid?: string } }> => {
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner ?? '', uid: uid ?? '', blockOwnerDeletion: true };
      const metadata = owner === undefined ? { name } : { name, ownerReferences: [reference] };
      return core.createNamespacedConfigMap({ namespace: 'default', body: { metadata } });
    };
    const names = async (): Promise<(string | undefined)[]> => {
      const { items } = await core.listNamespacedConfigMap({ namespace: 'default' });
      return items.map(({ metadata }) => metadata?.name).filter((name) => name?.includes('-owner') || name?.includes('-owned'));
    };
    for (const policy of ['Background', 'Foreground', 'Orphan']) {
      const prefix = policy.toLowerCase();
      const owner = await configMap(`${prefix}-owner`);
      await configMap(`${prefix}-owned`, `${prefix}-owner`, owner.metadata?.uid);
      const wrong = core.deleteNamespacedConfigMap({
        namespace: 'default',
        name: `${prefix}-owner`,
        body: { preconditions: { uid: 'x' } },
      });
      expect(await refusal(wrong)).to.include({ code: 409, reason: 'Conflict' });
      await core.deleteNamespacedConfigMap({ namespace: 'default', name: `${prefix}-owner`, propagationPolicy: policy });
    }
    await eventually(names, (left) => left.length === 1);
    expect(await names()).to.deep.equal(['orphan-owned']);
    const orphaned = await core.readNamespacedConfigMap({ namespace: 'default', name: 'orphan-owned' });
    expect(orphaned.metadata?.ownerReferences).to.equal(undefined);
  });

  it('knows who asks and what they may do', async () => {
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'create', resource: 'namespaces' } },
    };
    const answer = (await api.create(review as KubernetesObject)) as { status?: { allowed?: boolean } };
    expect(answer.status?.allowed).to.equal(true);
    const self = (await api.create({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } as KubernetesObject)) as {
      status?: { userInfo?: { username?: string } };
    };
    expect(self.status?.userInfo?.username).to.equal('arn:aws:sts::111122223333:assumed-role/eks-dr-runner/eks-dr');
  });
});
