import { expect } from 'chai';
import { commitFiles } from '../../sandbox/gitlab/repository.ts';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { seedObjects } from '../../sandbox/kubernetes/seed.ts';
import type { World } from '../../sandbox/world.ts';
import { manifestFiles } from '../../sandbox/worlds/manifests.ts';
import { primaryRef } from '../../sandbox/worlds/primary.ts';
import { allServices } from '../../sandbox/worlds/services.ts';
import { awaitServices } from '../../steps/await-services.ts';
import { isWait } from '../../steps/kit/resource.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { servicesHealthy } from '../../steps/waits/services-healthy.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION } from './cluster.ts';
import { estateWith, runWith } from './context.ts';
import { type Delivery, startDelivery } from './delivery.ts';

const at = { region: REGION, cluster: CLUSTER };
const healthy = ['payment-api', 'invoice-api', 'shipment-api', 'session-worker', 'price-export', 'warehouse-export'];
const failing = ['cart-api', 'search-worker', 'identity-api', 'identity-worker', 'product-export', 'order-worker', 'order-export'];
const run = runWith({ services: [...healthy, ...failing] });
const namespaces = [...new Set([...run.services].map((name) => name.split('-')[0] ?? ''))];

const secret = (namespace: string, name: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } });
const secrets = [secret('identity', 'shop-db'), secret('product', 'shop-certs')];
const quota = (pods: string) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'few', namespace: 'order' },
  spec: { hard: { pods } },
});

/** Secrets that somebody made by hand on the primary, long ago, and that Git knows by their names alone. */
function useSecrets(world: World): void {
  const project = Object.values(world.gitlab.projects)[0];
  if (project === undefined) throw new Error('the world has no project');
  const before = manifestFiles(allServices());
  const used: Readonly<Record<string, string>> = {
    'identity-api': '            - secretRef: {name: shop-db}\n',
    'identity-worker': '            - secretRef: {name: shop-db}\n',
    'product-export': '      volumes:\n        - name: certs\n          secret: {secretName: shop-certs}\n',
  };
  const files = Object.entries(used).map(([name, more]): [string, string] => {
    const path = `manifests/${name.split('-')[0]}/${name}/deployment.yaml`;
    return [path, `${before[path]}${more}`];
  });
  const author = { name: 'Platform', email: 'platform@example.com' };
  commitFiles(project, { branch: 'main', message: 'Use the database', author, at: world.clock - 60_000, files: Object.fromEntries(files) });
  seedObjects(world, primaryRef, secrets, 'somebody', world.clock);
}

describe('services that fail for three causes', function () {
  this.timeout(120_000);
  this.bail(true);
  let delivery: Delivery;
  let needs: Record<string, unknown>;

  before(async () => {
    delivery = await startDelivery({
      services: 'all',
      estate: { services: { ...estateWith().services, limitMinutes: 8 } },
      prepare: useSecrets,
    });
    delivery.makeNamespaces(...namespaces);
    delivery.running.sandbox.world.kubernetes.missingImages = ['*/shop/cart-api:*', '*/shop/search-worker:*'];
    applyManifest(delivery.running.sandbox, at, quota('0'), 'somebody');
    needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    await delivery.apply(registerArgocd, await delivery.plan(registerArgocd, needs, { run }), { run });
    needs.registered = await delivery.finish(registerArgocd, needs, { run });
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs, { run }), { run });
    needs.opened = await delivery.finish(openMergeRequest, needs, { run });
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs, { run }), { run });
  });
  after(() => delivery.stop());

  it('are named by these causes, and no other is', async () => {
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs, { run }), { run });
    const error = await failure('unhealthy', delivery.finish(awaitServices, needs, { run }));
    const [, causes = ''] = /needed\)\. (.*)$/.exec(error.message) ?? [];
    expect(causes.replaceAll(/:1\.\d+\.\d+\)/g, ':<tag>)')).to.equal(
      [
        'A Secret is missing: identity-api (shop-db), identity-worker (shop-db), product-export (shop-certs).',
        'No such image in 111122223333.dkr.ecr.eu-central-1.amazonaws.com: cart-api (shop/cart-api:<tag>), search-worker (shop/search-worker:<tag>).',
        'A quota lets no more pods in (few in order: pods=1 more, limited to pods=0): order-export, order-worker.',
      ].join(' '),
    );
    expect(error.remedy).to.match(/^Mend the named causes and run the step again/);
    expect(error.target?.split(', ').toSorted()).to.deep.equal(failing.toSorted());
  });

  it('are told with their causes while they are waited for', () => {
    expect(delivery.lines.some((line) => line.startsWith('not healthy yet: a Secret is missing: identity-api (shop-db)'))).to.equal(true);
  });

  it('cost a look one request to Argo CD, and two more to the cluster where the causes are due', async () => {
    const wait = (await delivery.plan(awaitServices, needs, { run })).flat().find(isWait);
    if (wait === undefined) throw new Error('the plan has no wait');
    const counted = async (waitedSeconds: number) => {
      delivery.running.requests.clear();
      await servicesHealthy.look(delivery.clients, wait.args, waitedSeconds);
      return Object.fromEntries(
        delivery.running.requests.counts().map(({ system, operation, count }) => [`${system} ${operation}`, count]),
      );
    };
    const applications = { 'argocd GET /api/v1/applications': 1 };
    expect(await counted(119)).to.deep.equal(applications);
    expect(await counted(120)).to.deep.equal({
      ...applications,
      'kubernetes GET /api/v1/pods': 1,
      'kubernetes GET /api/v1/events': 1,
    });
  });

  it('stay in the outcome with their reasons where a person has waived them', async () => {
    const waivers = failing.map((service) => ({ service, reason: 'not tonight', by: 'duty' }));
    const { services } = await delivery.finish<{ services: { name: string; status: string; reason: string | null }[] }>(
      awaitServices,
      needs,
      {
        run: { ...run, waivers },
      },
    );
    const waived = services.filter(({ status }) => status === 'waived');
    expect(waived.map(({ name }) => name).toSorted()).to.deep.equal(failing.toSorted());
    expect(waived.find(({ name }) => name === 'product-export')?.reason).to.equal('a Secret is missing (shop-certs)');
    expect(
      services
        .filter(({ status }) => status === 'healthy')
        .map(({ name }) => name)
        .toSorted(),
    ).to.deep.equal(healthy.toSorted());
  });

  it('heal once the causes are gone: the same step, run again, ends well', async () => {
    delivery.running.sandbox.world.kubernetes.missingImages = [];
    for (const one of [...secrets, quota('20')]) applyManifest(delivery.running.sandbox, at, one, 'somebody');
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs, { run }), { run });
    expect(await delivery.finish(awaitServices, needs, { run })).to.deep.include({ total: 13, healthy: 13 });
  });
});
