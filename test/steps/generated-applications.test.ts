import { expect } from 'chai';
import { parse } from 'yaml';
import { awaitServices } from '../../steps/await-services.ts';
import { argocdApplicationSets } from '../../steps/checks/argocd-application-sets.ts';
import type { Estate } from '../../steps/estate/estate.ts';
import { EksDrError } from '../../steps/kit/errors.ts';
import { mergeDeploy } from '../../steps/merge-deploy.ts';
import { openMergeRequest } from '../../steps/open-merge-request.ts';
import { registerArgocd } from '../../steps/register-argocd.ts';
import { applicationSets, generateAll } from './application-sets.ts';
import { estateWith, runWith } from './context.ts';
import { changesIn, type Delivery, startDelivery } from './delivery.ts';

const FOLDER = 'recovery/shop-drill-1';
const NAMESPACES = ['cart', 'checkout', 'invoice', 'order', 'profile'];
const names = Object.values(applicationSets).flatMap(({ makes }) => makes);

/** The same images where the recovery finds them. */
function inFrankfurt(images: readonly string[]): string[] {
  return images.map((image) => image.replace('.eu-west-1.', '.eu-central-1.'));
}

describe('applications that ApplicationSets generate', function () {
  this.timeout(120_000);
  let delivery: Delivery;
  const start = async (generatedApplications: Estate['argocd']['generatedApplications']) => {
    delivery = await startDelivery({ prepare: generateAll, estate: { argocd: { ...estateWith().argocd, generatedApplications } } });
    const needs = { connected: delivery.connected, created: delivery.connected, inventory: await delivery.inventory() };
    return needs as typeof needs & Record<string, unknown>;
  };
  afterEach(() => delivery.stop());

  it('are recovered one by one as Argo CD has them, and nothing of the ApplicationSets is', async () => {
    const needs = await start('live');
    const live = new Map((await delivery.argocd.listApplications()).map((application) => [application.metadata.name, application]));
    const files = new Map(
      changesIn(await delivery.plan(openMergeRequest, needs)).flatMap(({ kind, id, after }) =>
        kind === 'gitlab.file' ? [[id.path, (after as { content: string }).content]] : [],
      ),
    );
    expect([...files.keys()].toSorted()).to.deep.equal(
      [`${FOLDER}/README.md`, ...names.map((name) => `${FOLDER}/generated/${name}.yaml`)].toSorted(),
    );
    for (const name of names) {
      const { metadata, spec, ...rest } = parse(files.get(`${FOLDER}/generated/${name}.yaml`) ?? '');
      const before = live.get(name);
      expect(before?.metadata.ownerReferences?.map(({ kind }) => kind)).to.deep.equal(['ApplicationSet']);
      expect(rest).to.deep.equal({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' });
      const { 'argocd.argoproj.io/application-set-name': _set, ...labels } = before?.metadata.labels ?? {};
      expect(metadata, name).to.deep.equal({
        labels: { 'eks-dr/run': 'drill-1', ...labels },
        name: `${name}-shop-drill-1`,
        namespace: 'argocd',
        ...('annotations' in metadata ? { annotations: metadata.annotations } : {}),
        finalizers: ['resources-finalizer.argocd.argoproj.io'],
      });
      expect(Object.keys(metadata.annotations ?? {})).to.not.include('notified.notifications.argoproj.io');
      expect(spec.project).to.equal(`${before?.spec.project}-drill-1`);
      expect(spec.destination).to.deep.equal({ name: 'shop-drill-1', namespace: name.split('-')[0] });
      if (spec.source.helm !== undefined) expect(spec.source.helm.releaseName).to.equal(name);
    }
  });

  it('come up on the new cluster with the images that ran, while no ApplicationSet takes the cluster for its own', async () => {
    const needs = await start('live');
    const { clients, estate } = delivery;
    const context = { estate, run: runWith(), clients, clock: clients.clock, log: clients.log, signal: clients.signal };
    expect(await argocdApplicationSets.run(context)).to.deep.equal([]);
    delivery.makeNamespaces(...NAMESPACES);
    await delivery.apply(registerArgocd, await delivery.plan(registerArgocd, needs));
    needs.registered = await delivery.finish(registerArgocd, needs);
    await delivery.apply(openMergeRequest, await delivery.plan(openMergeRequest, needs));
    needs.opened = await delivery.finish(openMergeRequest, needs);
    await delivery.apply(mergeDeploy, await delivery.plan(mergeDeploy, needs));
    await delivery.apply(awaitServices, await delivery.plan(awaitServices, needs));
    expect(await delivery.finish(awaitServices, needs)).to.deep.include({ total: names.length, healthy: names.length });
    const all = new Map((await delivery.argocd.listApplications()).map(({ metadata, status }) => [metadata.name, status?.summary?.images]));
    for (const name of names) {
      const ran = all.get(name) ?? [];
      expect(ran, name).to.have.length.above(0);
      // That of plain manifests stands in Git, which a recovery does not change.
      const wanted = name === 'profile-export' ? ran : inFrankfurt(ran);
      expect(all.get(`${name}-shop-drill-1`), name).to.deep.equal(wanted);
    }
  });

  it('stop the recovery by default, with every file, its generators and the way on', async () => {
    const needs = await start('refuse');
    const error = await delivery.plan(openMergeRequest, needs).then(
      () => expect.fail('it was rendered'),
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(EksDrError);
    const { message, remedy } = error as EksDrError;
    expect(message).to.equal(
      '5 templates cannot be rendered: ' +
        [
          'catalog/carts.yaml (the ApplicationSet carts, generator list)',
          'logistics/orders.yaml (the ApplicationSet orders, generator matrix of git and clusters)',
          'payments/checkouts.yaml (the ApplicationSet checkouts, generator clusters)',
          'payments/invoices.yaml (the ApplicationSet invoices, generator merge of clusters and list)',
          'platform/exports.yaml (the ApplicationSet exports, generator git).',
        ].join('; '),
    );
    expect(remedy).to.match(/^Set argocd\.generatedApplications: live in the estate: then .* are recovered one by one as Argo CD has them/);
  });
});
