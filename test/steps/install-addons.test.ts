import { expect } from 'chai';
import { inOrder } from '../../steps/addons/further.ts';
import { installAddons } from '../../steps/install-addons.ts';
import { failure } from '../failure.ts';
import { CLUSTER } from './cluster.ts';
import { type Platform, startPlatform } from './platform.ts';
import { applyStep, changesIn, planStep, undoStep } from './walking.ts';

const metrics = (name: string, more: object = {}) => ({
  name,
  namespace: 'monitoring',
  chart: 'metrics-server',
  repository: 'https://kubernetes-sigs.github.io/metrics-server',
  version: '3.13.0',
  ...more,
});

describe('installing further add-ons', function () {
  this.timeout(60_000);
  let platform: Platform;

  beforeEach(async () => {
    platform = await startPlatform();
  });
  afterEach(() => platform.stop());

  it('installs each once those that it names are healthy, with the values of the estate', async () => {
    const wanted = platform.context({ others: [metrics('second', { after: ['first'] }), metrics('first', { values: { replicas: 2 } })] });
    const plan = await planStep(installAddons, wanted);
    const names = changesIn(plan).flatMap(({ kind, id }) => (kind === 'argocd.application' ? [id.name] : []));
    expect(names).to.deep.equal([`${CLUSTER}-first`, `${CLUSTER}-second`]);
    await applyStep(installAddons, wanted, plan);
    const deployment = await platform.kubernetes.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'monitoring', name: 'first' });
    expect(deployment?.spec).to.include({ replicas: 2 });
    expect(await installAddons.finish(wanted)).to.deep.equal({ applications: [`${CLUSTER}-second`, `${CLUSTER}-first`] });
    expect(changesIn(await planStep(installAddons, wanted))).to.deep.equal([]);
    await undoStep(installAddons, wanted, plan);
    expect(await platform.argocd.listApplications({ name: `${CLUSTER}-first` })).to.deep.equal([]);
  });

  it('passes on why Argo CD takes none whose version there is not', async () => {
    const wanted = platform.context({ others: [metrics('old', { version: '1.0.0' })] });
    const plan = await planStep(installAddons, wanted);
    const error = await failure('remote-refused', applyStep(installAddons, wanted, plan));
    expect(error.message).to.contain(`${CLUSTER}-old`).and.to.contain('no matching version');
  });
});

describe('the order of further add-ons', () => {
  it('is theirs, in waves, whatever the order in which they are named', () => {
    const one = (name: string, ...after: string[]) => ({ name, after }) as never;
    const waves = inOrder([one('c', 'a', 'b'), one('a'), one('b', 'a'), one('d')]);
    expect(waves.map((wave) => (wave as { name: string }[]).map(({ name }) => name))).to.deep.equal([['a', 'd'], ['b'], ['c']]);
  });
});
