import { expect } from 'chai';
import { listObjects } from '../../../sandbox/kubernetes/delivery.ts';
import { REPO_URL } from '../../../sandbox/worlds/names.ts';
import { type Answer, type ArgoCdSandbox, addCluster, clusterBody, commit, startArgoCd, until } from './argocd-sandbox.ts';

const CLUSTER = 'shop-dr';
const REF = { region: 'eu-central-1', cluster: CLUSTER };

function application(name: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    metadata: { name, labels: { run: 'one' } },
    spec: {
      project: 'default',
      source: {
        repoURL: REPO_URL,
        path: 'charts/service',
        targetRevision: 'main',
        helm: { releaseName: 'cart-api', parameters: [{ name: 'replicaCount', value: '1' }] },
      },
      destination: { name: CLUSTER, namespace: 'cart' },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
      ...changes,
    },
  };
}

describe('the sandbox Argo CD: applications', function () {
  this.timeout(20_000);
  let sandbox: ArgoCdSandbox;
  before(async () => {
    sandbox = await startArgoCd();
    addCluster(sandbox, CLUSTER, { admins: ['argocd-management'], namespaces: ['cart', 'order'] });
    await sandbox.call('POST', '/api/v1/clusters', clusterBody(sandbox, CLUSTER));
  });
  after(() => sandbox.running.stop());

  const get = (name: string, query = ''): Promise<Answer> => sandbox.call('GET', `/api/v1/applications/${name}${query}`);
  const create = (body: unknown, query = ''): Promise<Answer> => sandbox.call('POST', `/api/v1/applications${query}`, body);
  const isHealthy = ({ body }: Answer): boolean =>
    body.operation === undefined && body.status?.health?.status === 'Healthy' && body.status?.sync?.status === 'Synced';
  const gone = (name: string): Promise<Answer> =>
    until(
      () => get(name),
      ({ status }) => status === 403,
    );
  const names = (kind: string): string[] =>
    listObjects(sandbox.running.sandbox.world, REF, kind).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

  it('lists by selector, project and name, and reduces to fields', async () => {
    const critical = await sandbox.call('GET', '/api/v1/applications?selector=tier%3Dcritical');
    expect(critical.body.items.map((item: { metadata: { name: string } }) => item.metadata.name)).to.deep.equal([
      'cart-api',
      'checkout-api',
    ]);
    const payments = await sandbox.call('GET', '/api/v1/applications?projects=payments&projects=catalog');
    expect(payments.body.items).to.have.length(3);
    const reduced = await sandbox.call(
      'GET',
      '/api/v1/applications?name=cart-api&fields=items.metadata.name,items.status.health,items.status.nothing',
    );
    expect(reduced.body.items).to.have.length(1);
    expect(Object.keys(reduced.body.items[0])).to.deep.equal(['metadata', 'status']);
    expect(reduced.body.items[0].status.health.status).to.equal('Healthy');
    expect((await sandbox.call('GET', '/api/v1/applications?name=none')).body.items).to.equal(null);
  });

  it('says permission denied for a missing application, or not found when its project is named', async () => {
    expect((await get('nothing')).body).to.deep.equal({ error: 'permission denied', code: 7, message: 'permission denied' });
    expect((await get('nothing', '?project=default')).body.code).to.equal(5);
  });

  it('deploys a chart under its pinned release name and reports it by the documented fields', async () => {
    expect((await create(application('cart-dr'))).status).to.equal(200);
    const { body } = await until(() => get('cart-dr'), isHealthy);
    expect(body.status.operationState).to.include({ phase: 'Succeeded' });
    expect(body.status.operationState.syncResult.revision).to.equal(body.status.sync.revision);
    expect(body.status.sourceType).to.equal('Helm');
    expect(Date.parse(body.status.reconciledAt)).to.be.above(Date.parse(body.status.operationState.finishedAt));
    expect(body.status.resources.map((item: { kind: string }) => item.kind)).to.deep.equal(['Service', 'ServiceAccount', 'Deployment']);
    expect(body.status.resources[0]).to.not.have.property('health');
    expect(names('Deployment')).to.include('cart/cart-api');
    const connected = await until(
      () => sandbox.call('GET', `/api/v1/clusters/${CLUSTER}?id.type=name`),
      ({ body }) => body.connectionState.status === 'Successful' && body.info.applicationsCount === 1,
    );
    expect(connected.body.serverVersion).to.equal('1.34');
  });

  it('shows what came of an application as a tree', async () => {
    const { body } = await sandbox.call('GET', '/api/v1/applications/cart-dr/resource-tree');
    const kinds = body.nodes.map((node: { kind: string }) => node.kind);
    expect(kinds).to.include.members(['Deployment', 'ReplicaSet', 'Pod', 'Service']);
    const pod = body.nodes.find((node: { kind: string }) => node.kind === 'Pod');
    expect(pod.parentRefs[0].kind).to.equal('ReplicaSet');
    expect(pod.health.status).to.equal('Healthy');
    expect(pod.info).to.deep.equal([{ name: 'Status Reason', value: 'Running' }]);
  });

  it('refuses what the project does not allow', async () => {
    const wrongDestination = await create(application('bad', { project: 'payments' }));
    expect(wrongDestination).to.deep.include({ status: 400 });
    expect(wrongDestination.body.message).to.match(/do not match any of the allowed destinations in project 'payments'/);
    const source = { repoURL: 'https://gitlab.example.com/other/repo.git', path: '.', targetRevision: 'main' };
    expect((await create(application('bad', { project: 'payments', source }), '?validate=false')).body.message).to.match(
      /is not permitted in project 'payments'/,
    );
    expect((await create(application('bad', { source }))).body.message).to.match(/repository not accessible/);
    expect((await create(application('bad', { project: 'nowhere' }))).body.message).to.match(
      /^app is not allowed in project "nowhere", or the project does not exist$/,
    );
    expect((await create(application('bad', { destination: { name: 'nowhere', namespace: 'cart' } }))).body.message).to.match(
      /no clusters with this name/,
    );
    const both = { name: CLUSTER, server: sandbox.endpoint(CLUSTER), namespace: 'cart' };
    expect((await create(application('bad', { destination: both }))).body.message).to.match(/can't have both name and server/);
  });

  it('takes an equal application again and a different one only with upsert', async () => {
    expect((await create(application('cart-dr'))).status).to.equal(200);
    const other = application('cart-dr', { revisionHistoryLimit: 3 });
    expect((await create(other)).body.message).to.match(/existing application spec is different/);
    expect((await create(other, '?upsert=true')).status).to.equal(200);
  });

  it('changes by a merge patch and by a JSON patch', async () => {
    const merge = JSON.stringify({ metadata: { labels: { colour: 'blue' } } });
    const merged = await sandbox.call('PATCH', '/api/v1/applications/cart-dr', { name: 'cart-dr', patch: merge, patchType: 'merge' });
    expect(merged.body.metadata.labels).to.include({ colour: 'blue' });
    const steps = JSON.stringify([{ op: 'remove', path: '/metadata/labels/colour' }]);
    expect(
      (await sandbox.call('PATCH', '/api/v1/applications/cart-dr', { patch: steps, patchType: 'json' })).body.metadata.labels,
    ).to.not.have.property('colour');
  });

  it('fails a sync into a missing namespace with the reason, and heals when it is there', async () => {
    const body = application('lost', {
      destination: { name: CLUSTER, namespace: 'nowhere' },
      syncPolicy: { automated: {}, retry: { limit: 1 } },
    });
    await create(body);
    const failed = await until(
      () => get('lost'),
      ({ body: app }) => app.status?.operationState?.phase === 'Failed',
    );
    expect(failed.body.status.operationState.message).to.match(/namespaces "nowhere" not found.*\(retried 1 times\)/);
    const stuck = await get('lost', '?refresh=normal');
    expect(stuck.body.status.conditions[0]).to.include({ type: 'SyncError' });
    const options = { automated: {}, syncOptions: ['CreateNamespace=true'] };
    await sandbox.call(
      'PUT',
      '/api/v1/applications/lost',
      application('lost', { destination: { name: CLUSTER, namespace: 'nowhere' }, syncPolicy: options }),
    );
    await sandbox.call('POST', '/api/v1/applications/lost/sync', { name: 'lost', prune: true });
    await until(() => get('lost'), isHealthy);
    expect(names('Deployment')).to.include('nowhere/cart-api');
  });

  it('names what is wrong with a source', async () => {
    await create(application('no-path', { source: { repoURL: REPO_URL, path: 'nowhere', targetRevision: 'main' } }), '?validate=false');
    const { body } = await get('no-path', '?refresh=hard');
    expect(body.status.conditions[0].type).to.equal('ComparisonError');
    expect(body.status.conditions[0].message).to.match(/app path does not exist/);
    expect(body.status.sync.status).to.equal('Unknown');
    await sandbox.call('DELETE', '/api/v1/applications/no-path?cascade=false');
    expect((await get('no-path')).status).to.equal(403);
  });

  it('is Synced and Progressing with an image that is missing, and Degraded once the deadline of the rollout is over', async () => {
    const parameters = [{ name: 'image.tag', value: 'missing' }];
    const source = { repoURL: REPO_URL, path: 'charts/service', targetRevision: 'main', helm: { parameters } };
    await create(application('broken', { source, destination: { name: CLUSTER, namespace: 'order' } }));
    const { body } = await until(
      () => get('broken'),
      ({ body: app }) => app.status?.sync?.status === 'Synced' && app.status.health.status === 'Progressing',
    );
    expect(body.status.operationState?.phase).to.equal('Succeeded');
    await until(
      () => get('broken'),
      ({ body: app }) => app.status.health.status === 'Degraded',
    );
  });

  it('runs one operation at a time, retries it as asked, and can end it', async () => {
    const source = { repoURL: REPO_URL, path: 'charts/service', targetRevision: 'main' };
    await create(application('manual', { syncPolicy: undefined, destination: { name: CLUSTER, namespace: 'absent' }, source }));
    const body = { name: 'manual', revision: 'main', retryStrategy: { limit: -1, backoff: { duration: '5s', factor: 1 } } };
    const sync = () => sandbox.call('POST', '/api/v1/applications/manual/sync', body);
    const started = await sync();
    expect(started.status).to.equal(200);
    expect(started.body.operation.initiatedBy).to.deep.equal({ username: 'eks-dr' });
    const refused = await sync();
    expect(refused.status).to.equal(400);
    expect(refused.body).to.deep.equal({
      error: 'another operation is already in progress',
      code: 9,
      message: 'another operation is already in progress',
    });
    const retrying = await until(
      () => get('manual'),
      ({ body: app }) => app.status.operationState?.retryCount > 1,
    );
    expect(retrying.body.status.operationState.phase).to.equal('Running');
    expect((await sandbox.call('DELETE', '/api/v1/applications/manual/operation')).status).to.equal(200);
    const ended = await until(
      () => get('manual'),
      ({ body: app }) => app.operation === undefined,
    );
    expect(ended.body.status.operationState).to.include({ phase: 'Failed', message: 'Operation terminated' });
  });

  it('refuses to sync an application with automated sync to another revision', async () => {
    const { body } = await sandbox.call('POST', '/api/v1/applications/cart-dr/sync', { revision: 'f'.repeat(40) });
    expect(body.message).to.equal(`Cannot sync to ${'f'.repeat(40)}: auto-sync currently set to main`);
  });

  it('holds an application that is told to skip reconciliation', async () => {
    const annotations = { 'argocd.argoproj.io/skip-reconcile': 'true' };
    const held = application('held', { destination: { name: CLUSTER, namespace: 'order' } });
    await create({ ...held, metadata: { name: 'held', annotations } });
    const { body } = await get('held', '?refresh=normal');
    expect(body.status).to.deep.equal({});
    await sandbox.call('DELETE', '/api/v1/applications/held');
    expect((await get('held')).body.metadata.deletionTimestamp).to.be.a('string');
    const release = JSON.stringify({ metadata: { annotations: { 'argocd.argoproj.io/skip-reconcile': null } } });
    await sandbox.call('PATCH', '/api/v1/applications/held', { patch: release, patchType: 'merge' });
    await gone('held');
  });

  it('deletes what was deployed first, load balancers included, and only then goes', async () => {
    const annotations = {
      'service.beta.kubernetes.io/aws-load-balancer-type': 'external',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
    };
    const source = {
      repoURL: REPO_URL,
      path: 'charts/service',
      targetRevision: 'main',
      helm: { valuesObject: { service: { type: 'LoadBalancer', annotations } } },
    };
    const held = application('balanced', { source });
    await create({ ...held, metadata: { name: 'balanced', finalizers: ['example.com/hold'] } });
    await until(() => get('balanced'), isHealthy);
    expect((await sandbox.call('DELETE', '/api/v1/applications/balanced?cascade=true&propagationPolicy=foreground')).status).to.equal(200);
    const deleting = await get('balanced');
    expect(deleting.body.metadata.deletionTimestamp).to.be.a('string');
    expect((await sandbox.call('POST', '/api/v1/applications/balanced/sync', {})).body.message).to.equal('application is deleting');
    await until(
      () => get('balanced'),
      ({ body }) => body.metadata.finalizers.length === 1,
    );
    expect(names('Service')).to.not.include('cart/balanced');
    const balancers = Object.values(sandbox.running.sandbox.world.elb.regions['eu-central-1']?.loadBalancers ?? {});
    expect(balancers.filter(({ tags }) => tags['service.k8s.aws/stack'] === 'cart/balanced')).to.deep.equal([]);
    const release = JSON.stringify({ metadata: { finalizers: null } });
    await sandbox.call('PATCH', '/api/v1/applications/balanced', { patch: release, patchType: 'merge' });
    await gone('balanced');
  });

  it('leaves what was deployed when not asked to cascade', async () => {
    await until(() => get('lost'), isHealthy);
    await sandbox.call('DELETE', '/api/v1/applications/lost?cascade=false');
    await gone('lost');
    expect(names('Deployment')).to.include('nowhere/cart-api');
  });

  it('brings applications by an application of applications, prunes them, and cascades', async () => {
    const child = (name: string): string =>
      JSON.stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        ...application(name, {
          source: { repoURL: REPO_URL, path: 'charts/service', targetRevision: 'main' },
          destination: { name: CLUSTER, namespace: 'order' },
        }),
      });
    commit(sandbox, 'Recover', {
      'recovery/one/a.yaml': child('child-a').replace(
        '"name":"child-a"',
        '"name":"child-a","finalizers":["resources-finalizer.argocd.argoproj.io"]',
      ),
      'recovery/one/b.json': child('child-b'),
    });
    const root = {
      metadata: { name: 'recovery-root' },
      spec: {
        project: 'default',
        source: { repoURL: REPO_URL, path: 'recovery/one', targetRevision: 'main', directory: { recurse: true } },
        destination: { name: 'in-cluster', namespace: 'argocd' },
        syncPolicy: { automated: { prune: true } },
      },
    };
    expect((await create(root)).status).to.equal(200);
    await until(() => get('recovery-root'), isHealthy);
    await until(() => get('child-a'), isHealthy);
    await until(() => get('child-b'), isHealthy);
    const sha = commit(sandbox, 'Less', { 'recovery/one/b.json': null });
    const synced = await until(
      () => get('recovery-root', '?refresh=normal'),
      (answer) => isHealthy(answer) && answer.body.status.operationState.syncResult.revision === sha,
    );
    expect(synced.body.status.sync.revision).to.equal(sha);
    await gone('child-b');
    expect(names('Deployment')).to.include('order/child-b');
    await sandbox.call('DELETE', '/api/v1/applications/recovery-root');
    await gone('recovery-root');
    expect((await get('child-a')).status).to.equal(403);
    expect(names('Deployment')).to.not.include('order/child-a');
  });

  it('heals what was changed on the cluster', async () => {
    const { world } = sandbox.running.sandbox;
    await until(() => get('cart-dr'), isHealthy);
    const { deleteManifest } = await import('../../../sandbox/kubernetes/delivery.ts');
    deleteManifest(sandbox.running.sandbox, REF, { apiVersion: 'v1', kind: 'Service', namespace: 'cart', name: 'cart-api' });
    await until(
      async () => ({ status: 0, body: names('Service') }),
      ({ body }) => body.includes('cart/cart-api'),
    );
    await until(() => get('cart-dr'), isHealthy);
    expect(world.argocd.applications['cart-dr']?.app.status.history?.length).to.be.above(1);
  });

  it('streams what there is and then every change', async () => {
    const controller = new AbortController();
    const response = await fetch(`${sandbox.running.addresses.argocd}/api/v1/stream/applications?name=cart-dr`, {
      headers: { authorization: 'Bearer sandbox-argocd-token' },
      signal: controller.signal,
    });
    const events: { type: string; application: { metadata: { labels: Record<string, string> } } }[] = [];
    let rest = '';
    const reading = (async () => {
      for await (const chunk of response.body ?? []) {
        rest += Buffer.from(chunk).toString();
        const lines = rest.split('\n');
        rest = lines.pop() ?? '';
        events.push(...lines.map((line) => JSON.parse(line).result));
        if (events.some(({ type }) => type === 'MODIFIED')) controller.abort();
      }
    })().catch(() => undefined);
    await until(
      async () => ({ status: 0, body: events.length }),
      ({ body }) => body > 0,
    );
    const patch = JSON.stringify({ metadata: { labels: { seen: 'yes' } } });
    await sandbox.call('PATCH', '/api/v1/applications/cart-dr', { patch, patchType: 'merge' });
    await reading;
    expect(events[0]?.type).to.equal('ADDED');
    expect(events.some(({ type, application: app }) => type === 'MODIFIED' && app.metadata.labels.seen === 'yes')).to.equal(true);
  });

  it('cannot deploy any more when its role loses access, and holds deletion', async () => {
    const { world } = sandbox.running.sandbox;
    const cluster = world.eks.clusters[`eu-central-1/${CLUSTER}`];
    if (cluster === undefined) throw new Error('no cluster');
    cluster.effective = {};
    const { body } = await get('cart-dr', '?refresh=normal');
    expect(body.status.conditions[0].message).to.match(/the server has asked for the client to provide credentials/);
    expect(body.status.health.status).to.equal('Unknown');
    const failed = await until(
      () => sandbox.call('GET', `/api/v1/clusters/${CLUSTER}?id.type=name`),
      ({ body: found }) => found.connectionState.status === 'Failed',
    );
    expect(failed.body.connectionState.message).to.match(/provide credentials/);
    await sandbox.call('DELETE', '/api/v1/applications/cart-dr');
    await until(
      () => get('cart-dr'),
      ({ body: app }) => app.status?.conditions?.some((one: { type: string }) => one.type === 'DeletionError'),
    );
    await sandbox.call('DELETE', `/api/v1/clusters/${CLUSTER}?id.type=name`);
    await gone('cart-dr');
  });
});
