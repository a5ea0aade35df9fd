import { expect } from 'chai';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { awaitServices } from '../../steps/await-services.ts';
import { isWait } from '../../steps/kit/resource.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { servicesHealthy } from '../../steps/waits/services-healthy.ts';
import { failure } from '../failure.ts';
import { causes, causesIn, failing, healthy, missingImages, quota, secrets, useSecrets } from '../three-causes.ts';
import { CLUSTER, REGION } from './cluster.ts';
import { estateWith, runWith } from './context.ts';
import { type Delivery, startDelivery } from './delivery.ts';

const at = { region: REGION, cluster: CLUSTER };
const run = runWith({ services: [...healthy, ...failing] });
const namespaces = [...new Set([...run.services].map((name) => name.split('-')[0] ?? ''))];

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
    delivery.running.sandbox.world.kubernetes.missingImages = missingImages;
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
    expect(causesIn(error.message)).to.equal(causes);
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
    expect(await delivery.finish(awaitServices, needs, { run })).to.deep.include({
      total: run.services.length,
      healthy: run.services.length,
    });
  });
});
