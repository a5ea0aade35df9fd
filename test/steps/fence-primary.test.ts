import { expect } from 'chai';
import { dumpWorld } from '../../sandbox/dump.ts';
import { applyManifest } from '../../sandbox/kubernetes/delivery.ts';
import type { KubeObject } from '../../sandbox/kubernetes/object.ts';
import { allSystems } from '../../sandbox/systems.ts';
import { PRIMARY_CLUSTER, PRIMARY_REGION } from '../../sandbox/worlds/names.ts';
import { shopWorld } from '../../sandbox/worlds/shop.ts';
import { differenceText, worldDifferences } from '../../scripts/drill/differences.ts';
import { fencedWorkloads } from '../../steps/checks/fenced-workloads.ts';
import { type FencedWorkload, fence } from '../../steps/estate/fence.ts';
import { fencePrimary } from '../../steps/fence-primary.ts';
import { kubernetesScale } from '../../steps/resources/kubernetes-scale.ts';
import { failure } from '../failure.ts';
import { contextOf, estateWith, runWith } from './context.ts';
import { type FullRemote, startFullRemote } from './full-remote.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const at = { region: PRIMARY_REGION, cluster: PRIMARY_CLUSTER };
const worker: FencedWorkload = { kind: 'Deployment', namespace: 'order', name: 'order-worker' };
const nightly: FencedWorkload = { kind: 'CronJob', namespace: 'order', selector: 'app=nightly' };

describe('fence-primary', () => {
  let remote: FullRemote;
  // One world: what a test changes there, it takes back.
  before(async () => {
    remote = await startFullRemote(shopWorld({ services: 'small' }));
    const { sandbox } = remote.running;
    const spec = { restartPolicy: 'Never', containers: [{ name: 'export', image: 'example.com/export:1' }] };
    const job = { template: { metadata: { labels: { app: 'nightly' } }, spec } };
    const metadata = { name: 'nightly', namespace: 'order', labels: { app: 'nightly' } };
    const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { schedule: '0 3 * * *', jobTemplate: { spec: job } } };
    applyManifest(sandbox, at, cronJob as KubeObject, 'kubectl');
    const { uid = '' } = objectOf('cronjobs', 'nightly').metadata;
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'nightly', uid, controller: true };
    const started = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { ...metadata, name: 'nightly-1', ownerReferences: [owner] },
      spec: { ...job, completions: 1000 },
    };
    applyManifest(sandbox, at, started as KubeObject, 'cronjob-controller');
  });
  after(() => remote.stop());
  afterEach(() => remote.running.faults.clear());

  const objects = () => remote.running.sandbox.world.kubernetes.clusters[`${PRIMARY_REGION}/${PRIMARY_CLUSTER}`]?.objects ?? {};
  function objectOf(plural: string, name: string): KubeObject & { spec: { replicas?: number; suspend?: boolean } } {
    const found = Object.entries(objects())
      .filter(([resource]) => resource.endsWith(`/${plural}`))
      .flatMap(([, named]) => Object.values(named))
      .find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`the primary has no ${plural} ${name}`);
    return found as never;
  }
  const heldApplications = () =>
    Object.values(remote.running.sandbox.world.argocd.applications)
      .filter(({ app }) => app.metadata.annotations?.['argocd.argoproj.io/skip-reconcile'] === 'true')
      .map(({ app }) => app.metadata.name);
  const lostRegion = () =>
    remote.running.faults.add({ system: '*', operation: '*', region: PRIMARY_REGION, times: 'always', effect: 'cut-before' });

  function context(section: object = { workloads: [worker, nightly] }, mode: 'recover' | 'drill' = 'recover') {
    const estate = estateWith({ fence: fence.parse({ enabled: true, stopSeconds: 100, answerSeconds: 20, ...section }) });
    const run = runWith({ id: `${mode}-1`, mode });
    remote.lines.length = 0;
    return contextOf({ ...remote, clients: remote.clients({ estate, run }) } as never, { needs: {}, estate, run });
  }

  it('holds the applications of the primary first, scales to zero, and suspends jobs with what they started; undo restores the former counts', async () => {
    const within = context();
    const before = structuredClone(dumpWorld(remote.running.sandbox.world, allSystems));
    const replicas = objectOf('deployments', 'order-worker').spec.replicas;
    const plan = await planStep(fencePrimary, within);
    expect(changesIn(plan.slice(0, 1)).every(({ kind }) => kind === 'argocd.reconciliation')).to.equal(true);
    expect(changesIn(plan.slice(1)).map(({ kind, id }) => `${kind} ${id.kind} ${id.name}`)).to.have.members([
      'kubernetes.scale Deployment order-worker',
      'kubernetes.suspended CronJob nightly',
      'kubernetes.suspended Job nightly-1',
    ]);
    await applyStep(fencePrimary, within, plan);
    const outputs = await fencePrimary.finish(within as never);
    expect(outputs).to.deep.include({ primary: 'fenced', reason: null, missing: [], podsLeft: 0 });
    expect(outputs.stopped).to.deep.equal(['CronJob order/nightly', 'Deployment order/order-worker', 'Job order/nightly-1']);
    expect(outputs.held).to.deep.equal(heldApplications().toSorted()).and.to.have.length.greaterThan(5);
    expect(objectOf('deployments', 'order-worker').spec.replicas).to.equal(0);
    expect(objectOf('jobs', 'nightly-1').spec.suspend).to.equal(true);
    expect(changesIn(await planStep(fencePrimary, within)), 'a second plan').to.deep.equal([]);

    await undoStep(fencePrimary, within, plan);
    expect(objectOf('deployments', 'order-worker').spec.replicas).to.equal(replicas);
    expect(objectOf('cronjobs', 'nightly').spec.suspend).to.equal(false);
    expect(heldApplications()).to.deep.equal([]);
    const config = /^kubernetes|^argocd/;
    const differences = worldDifferences(before, dumpWorld(remote.running.sandbox.world, allSystems)).filter(({ path }) =>
      config.test(path),
    );
    expect(
      differences.map(differenceText).filter((line) => !/status|health|sync|suspend|pods?\b|events|endpoint/i.test(line)),
    ).to.deep.equal([]);
  });

  it('refuses to write over somebody who scales the workload after the plan was read', async () => {
    const within = context({ workloads: [worker], holdReconciliation: false });
    const [change] = changesIn(await planStep(fencePrimary, within));
    if (change === undefined) throw new Error('nothing is planned');
    const driver = kubernetesScale;
    const [look] = await driver.look(within.clients, [change]);
    if (look === undefined) throw new Error('nothing was seen');
    const kubernetes = await remote.clients({ estate: within.estate, run: within.run }).kubernetes(at);
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'order', name: 'order-worker' };
    await kubernetes.patch(ref, { metadata: { labels: { touched: 'true' } } }, { fieldManager: 'somebody' });
    await failure('conflict', driver.write(within.clients, [{ ...change, observed: look.observed }]));
    expect(objectOf('deployments', 'order-worker').spec.replicas).to.not.equal(0);
  });

  it('takes a primary whose region does not answer as unreachable, says so, and holds the applications all the same', async () => {
    lostRegion();
    const within = context();
    const plan = await planStep(fencePrimary, within);
    expect(new Set(changesIn(plan).map(({ kind }) => kind))).to.deep.equal(new Set(['argocd.reconciliation']));
    expect(remote.lines.join('\n')).to.contain("The primary can't be fenced: ");
    await applyStep(fencePrimary, within, plan);
    const outputs = await fencePrimary.finish(within as never);
    expect(outputs).to.deep.include({ primary: 'unreachable', stopped: [] });
    expect(outputs.reason).to.match(/\S/);
    expect(outputs.held).to.have.length.greaterThan(5);
    expect(remote.lines.join('\n')).to.contain('The primary was not fenced: ');
    remote.running.faults.clear();

    // It comes back before the record is written: that is no fence.
    await failure('unhealthy', fencePrimary.finish(within as never) as Promise<unknown>);
    await undoStep(fencePrimary, within, plan);
    expect(heldApplications()).to.deep.equal([]);
  });

  it('ends with an error where the primary answers and refuses us: it lives, and works on', async () => {
    remote.running.faults.add({
      system: 'eks',
      operation: 'eks:DescribeCluster',
      times: 'always',
      effect: { status: 403, code: 'AccessDeniedException' },
    });
    await failure('permission-denied', planStep(fencePrimary, context()));
  });

  it('has nothing to do where the estate asks for no fence', async () => {
    const within = context({ enabled: false, workloads: [worker] });
    expect(await planStep(fencePrimary, within)).to.deep.equal([]);
    expect(await fencePrimary.finish(within as never)).to.deep.include({ primary: 'not-asked', held: [] });
  });

  it('has no part in drills, and the guard refuses its changes there', async () => {
    expect(fencePrimary.modes).to.deep.equal(['recover']);
    await failure('drill-guard', planStep(fencePrimary, context(undefined, 'drill')));
  });

  it('is looked at by preflight: what the estate names and the primary does not have is a warning', async () => {
    const within = context({ workloads: [worker, { ...worker, name: 'gone' }] });
    const found = await fencedWorkloads.run(within as never);
    expect(found.map(({ severity, message }) => `${severity}: ${message}`)).to.deep.equal([
      'warning: The estate wants Deployment order/gone stopped on the primary, which has no such thing.',
    ]);
  });

  it('takes a workload by its name or by a selector, not by both', () => {
    const both = { ...worker, selector: 'app=order-worker' };
    expect(fence.safeParse({ workloads: [both] }).success).to.equal(false);
    expect(fence.safeParse({ workloads: [{ kind: 'Job', namespace: 'order' }] }).success).to.equal(false);
  });
});
