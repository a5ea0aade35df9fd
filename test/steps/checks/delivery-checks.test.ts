import { expect } from 'chai';
import type { World } from '../../../sandbox/world.ts';
import { argocdAccess } from '../../../steps/checks/argocd-access.ts';
import { argocdApplicationSets } from '../../../steps/checks/argocd-application-sets.ts';
import { argocdProjects } from '../../../steps/checks/argocd-projects.ts';
import { argocdRoot } from '../../../steps/checks/argocd-root.ts';
import { forgottenDrills } from '../../../steps/checks/forgotten-drills.ts';
import { gitlabAccess } from '../../../steps/checks/gitlab-access.ts';
import { gitlabPlaces } from '../../../steps/checks/gitlab-places.ts';
import type { Estate } from '../../../steps/estate/estate.ts';
import type { Check } from '../../../steps/step.ts';
import { seedCluster } from '../cluster.ts';
import { estateWith, runWith } from '../context.ts';
import { type Delivery, startDelivery } from '../delivery.ts';

const OLD = 'drill-20250105-093000';
const YOUNG = `drill-${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;

/** Beside the drill of these tests: one that nobody cleaned up, and one that somebody works on. */
function seedDrills(world: World): void {
  seedCluster(world, { name: `shop-${OLD}`, tags: { 'eks-dr:run': OLD } });
  const [like] = Object.values(world.argocd.clusters);
  if (like === undefined) throw new Error('Argo CD knows no cluster');
  for (const run of [OLD, YOUNG]) {
    const server = `https://${run}.example.com`;
    world.argocd.clusters[server] = { ...structuredClone(like), server, name: `shop-${run}`, labels: { 'eks-dr/run': run } };
  }
}

describe('the checks of Argo CD and GitLab', () => {
  let delivery: Delivery;

  before(async () => {
    delivery = await startDelivery({ prepare: seedDrills });
  });
  after(() => delivery.stop());

  async function messages(check: Check, estate: Estate = delivery.estate): Promise<string[]> {
    const { clients } = delivery;
    const found = await check.run({ estate, run: runWith(), clients, clock: clients.clock, log: clients.log, signal: clients.signal });
    return found.map(({ message }) => message);
  }

  it('find nothing wrong with the example estate', async () => {
    for (const check of [argocdAccess, argocdApplicationSets, argocdProjects, argocdRoot, gitlabAccess, gitlabPlaces]) {
      expect(await messages(check), check.id).to.deep.equal([]);
    }
  });

  it('name AppProjects that are missing, or let nothing go to the primary', async () => {
    const { argocd, primary } = estateWith();
    expect(await messages(argocdProjects, estateWith({ argocd: { ...argocd, projects: ['unknown'] } }))).to.deep.equal([
      'Argo CD shows no AppProject unknown.',
    ]);
    const elsewhere = estateWith({ primary: { ...primary, argocdDestination: { name: 'another' } } });
    expect((await messages(argocdProjects, elsewhere)).length).to.equal(argocd.projects.length);
  });

  it('find drills that were forgotten, with all that stands of them, and not this run nor a young one', async () => {
    const { clients, estate } = delivery;
    const context = { estate, run: runWith(), clients, clock: clients.clock, log: clients.log, signal: clients.signal };
    const [finding, ...others] = await forgottenDrills.run(context);
    expect(others).to.deep.equal([]);
    expect(finding?.severity).to.equal('warning');
    expect(finding?.message).to.match(new RegExp(`^The drill ${OLD} still stands, for \\d+ h .*; the estate keeps drills for 24 h\\.$`));
    expect(finding?.evidence).to.equal(`the cluster shop-${OLD} in eu-central-1, the registration of shop-${OLD} with Argo CD`);
    expect(finding?.remedy).to.contain(`eks-dr undo --run .eks-dr/${OLD}`).and.contain('EKS-DR-undo');
  });

  it('only warn where nobody tells of forgotten drills', async () => {
    const { clients, estate, running } = delivery;
    running.faults.add({
      system: 'eks',
      operation: 'eks:DescribeCluster',
      times: 'always',
      effect: { status: 403, code: 'AccessDeniedException' },
    });
    const context = { estate, run: runWith(), clients, clock: clients.clock, log: clients.log, signal: clients.signal };
    const found = await forgottenDrills.run(context);
    running.faults.clear();
    expect(found.map(({ severity, evidence }) => [severity, evidence])).to.deep.equal([
      ['warning', 'eks:DescribeCluster in eu-central-1'],
      ['warning', `the registration of shop-${OLD} with Argo CD`],
    ]);
  });

  it('name the ApplicationSets that would take the new cluster for one of theirs, but those that may', async () => {
    const set = (name: string, generator: Record<string, unknown>) => ({
      metadata: { name, namespace: 'argocd' },
      spec: { generators: [{ list: { elements: [] } }, generator], template: { spec: { project: 'default' } } },
    });
    const selected = (selector: object) => ({ clusters: { selector } });
    const expression = (key: string, operator: string, values: string[] = []) =>
      selected({ matchExpressions: [{ key, operator, values }] });
    const sets = [
      set('agents', { clusters: {} }),
      set('everything', { matrix: { generators: [{ git: {} }, { merge: { generators: [{ clusters: {} }] } }] } }),
      set('every-secret', selected({ matchLabels: { 'argocd.argoproj.io/secret-type': 'cluster' } })),
      set('recoveries', expression('eks-dr/run', 'Exists')),
      set('not-staging', expression('env', 'NotIn', ['staging'])),
      set('production', selected({ matchLabels: { env: 'production' } })),
      set('some', expression('env', 'In', ['production'])),
      set('no-recovery', expression('eks-dr/run', 'DoesNotExist')),
      set('folders', { git: { directories: [] } }),
    ];
    delivery.running.sandbox.world.argocd.applicationSets = Object.fromEntries(sets.map((one) => [one.metadata.name, one]));
    const { argocd } = estateWith();
    const estate = estateWith({ argocd: { ...argocd, acceptedApplicationSets: ['agents'] } });
    expect(await messages(argocdApplicationSets, estate)).to.deep.equal([
      'The ApplicationSets every-secret, everything, not-staging, recoveries would deploy to shop-drill-1 as soon as it is registered.',
    ]);
    delete delivery.running.sandbox.world.argocd.applicationSets;
  });

  it('name a root AppProject that does not let applications be made', async () => {
    const { argocd } = estateWith();
    const found = await messages(argocdRoot, estateWith({ argocd: { ...argocd, rootProject: 'catalog' } }));
    expect(found.join()).to.include('does not let applications be made in argocd');
  });

  it('name missing folders, branches and reviewers, and a folder that no run could own', async () => {
    const { gitlab } = estateWith();
    const wrong = { ...gitlab, templates: 'clusters/none', reviewers: ['nobody-knows'], folder: 'recovery/${cluster}-apps' };
    const found = (await messages(gitlabPlaces, estateWith({ gitlab: wrong }))).join();
    expect(found).to.include('clusters/none').and.to.include('nobody-knows').and.to.include('no part that ends in ${cluster}');
    const inside = await messages(gitlabPlaces, estateWith({ gitlab: { ...gitlab, folder: `${gitlab.templates}/\${cluster}` } }));
    expect(inside.join()).to.include('the primary would deploy it too');
  });
});
