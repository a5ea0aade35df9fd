import { expect } from 'chai';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import { awaitServices } from '../../steps/await-services.ts';
import { isWait } from '../../steps/kit/resource.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { waveHealthy } from '../../steps/waits/wave-healthy.ts';
import { failure } from '../failure.ts';
import { CLUSTER, REGION } from './cluster.ts';
import { estateWith, runWith } from './context.ts';
import { changesIn, type Delivery, startDelivery } from './delivery.ts';

const PROJECT = 'platform/argocd-apps';
const FOLDER = 'recovery/shop-drill-1';
const { services } = estateWith();
const waves = [
  { tiers: [], services: ['order-worker'] },
  { tiers: ['critical'], services: [] },
];

// One story. The shop's six services: three critical ones, and three that lean on them.
describe('services that start in waves', function () {
  this.timeout(120_000);
  this.bail(true);
  let delivery: Delivery;
  const needs: Record<string, unknown> = {};
  const roots = ['shop-drill-1-root-1', 'shop-drill-1-root-2', 'shop-drill-1-root-3'];

  before(async () => {
    delivery = await startDelivery({ estate: { services: { ...services, waves, limitMinutes: 4, settleSeconds: 5 } } });
    delivery.makeNamespaces('cart', 'checkout', 'invoice', 'order', 'profile');
    Object.assign(needs, { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() });
    await delivery.apply(registerArgocd, await delivery.plan(registerArgocd, needs));
    needs.registered = await delivery.finish(registerArgocd, needs);
  });
  after(() => delivery.stop());

  const applications = async (): Promise<string[]> =>
    (await delivery.argocd.listApplications({ selector: 'eks-dr/run=drill-1' })).map(({ metadata }) => metadata.name).toSorted();

  it('stand in a folder for each wave, and the merge request says which comes when', async () => {
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs));
    const opened = await delivery.finish<{ iid: number; services: { name: string; wave: number; file: string }[] }>(
      openMergeRequest,
      needs,
    );
    needs.opened = opened;
    const entries = (await delivery.gitlab.tree(PROJECT, 'eks-dr/drill-1', FOLDER)) ?? [];
    const paths = entries.filter(({ type }) => type === 'blob').map(({ path }) => path);
    expect(paths).to.include.members(opened.services.map(({ file }) => file));
    expect(opened.services.find(({ name }) => name === 'order-worker')?.file).to.match(/^recovery\/shop-drill-1\/wave-1\//);
    const { description } = await delivery.gitlab.mergeRequest(PROJECT, opened.iid);
    expect(description).to.include('### In 3 waves').and.to.include(`| 1 | \`${FOLDER}/wave-1\` | 1: `);
    expect(description).to.match(/^\| 1 \| \w+ \| order-worker \|/m);
    expect(changesIn(await delivery.plan(openMergeRequest, needs))).to.deep.equal([]);
  });

  it('are planned as one root application after the other, each but the last with a wait', async () => {
    const plan = await delivery.plan(mergeDeploy, needs);
    const order = plan.flat().flatMap((item) => {
      if (isWait(item)) return item.wait === 'wave-healthy' ? ['wait'] : [];
      return item.kind === 'argocd.application' ? [item.id.name] : [];
    });
    expect(order).to.deep.equal([roots[0], 'wait', roots[1], 'wait', roots[2]]);
  });

  it('do not start where too few of the wave before are healthy or waived, which ends with the causes', async () => {
    const quota = (pods: string) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'few', namespace: 'order' },
      spec: { hard: { pods } },
    });
    const at = { region: REGION, cluster: CLUSTER };
    applyManifest(delivery.running.sandbox, at, quota('0'), 'somebody');
    const error = await failure('unhealthy', delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs)));
    expect(error.message).to.match(
      /^The next wave was not started: of wave 1, too few services are healthy .*A quota lets no more pods in/,
    );
    expect(error.remedy).to.include('it goes on with this wave');
    expect(await applications()).to.deep.equal(['order-worker-shop-drill-1', roots[0]]);
    const run = runWith({ waivers: [{ service: 'order-worker', reason: 'not tonight', by: 'duty' }] });
    const waits = (await delivery.plan(mergeDeploy, needs, { run })).flat().filter(isWait);
    const first = waits.find(({ wait }) => wait === 'wave-healthy');
    expect(await waveHealthy.look(delivery.clients, first?.args ?? null, 0)).to.deep.equal({ done: true });
    applyManifest(delivery.running.sandbox, at, quota('20'), 'somebody');
  });

  it('go on where they stopped once the cause is gone', async () => {
    const plan = await delivery.plan(mergeDeploy, needs);
    expect(changesIn(plan).map(({ id }) => id.name ?? id.application)).to.deep.equal([roots[1], roots[1], roots[2], roots[2]]);
    await delivery.apply(mergeDeploy, plan);
    expect(await delivery.finish(mergeDeploy, needs)).to.deep.include({ rootApplications: roots });
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
    expect(await delivery.finish(awaitServices, needs)).to.deep.include({ total: 6, healthy: 6 });
    expect((await delivery.plan(mergeDeploy, needs)).flat().filter((item) => isWait(item) && item.wait === 'wave-healthy')).to.deep.equal(
      [],
    );
  });

  it('keep the waves by which they were deployed', async () => {
    const estate = { ...delivery.estate, services: { ...delivery.estate.services, waves: [] } };
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs, { estate }));
    const opened = await delivery.finish(openMergeRequest, needs, { estate });
    const error = await failure('conflict', delivery.plan(mergeDeploy, { ...needs, opened }, { estate }));
    expect(error.message).to.include(`${roots[1]} is there`);
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs, { undo: true }));
  });

  it('go in reverse when they are taken back', async () => {
    const undo = await delivery.plan(mergeDeploy, needs, { undo: true });
    const order = changesIn(undo).flatMap(({ kind, id }) => (kind === 'argocd.application' ? [id.name] : []));
    expect(order).to.have.length(9);
    expect(order.indexOf('order-worker-shop-drill-1')).to.equal(5);
    expect(order.slice(6)).to.deep.equal(roots);
    await delivery.apply(mergeDeploy, undo);
    expect(await applications()).to.deep.equal([]);
    expect(await delivery.gitlab.tree(PROJECT, 'main', FOLDER)).to.equal(null);
  });
});
