import { expect } from 'chai';
import { ourAddon } from '../../../steps/addons/addon.ts';
import { addonApplication, addonApplicationName, addonProject } from '../../../steps/addons/application.ts';
import { mergeValues } from '../../../steps/addons/merge-values.ts';
import { sideBySide } from '../../../steps/addons/side-by-side.ts';
import { estateWith, runWith } from '../context.ts';

const facts = { cluster: 'shop-r1', region: 'eu-central-1', vpcId: 'vpc-1', serviceAccountAnnotations: {} };
const controller = (settings: Parameters<typeof ourAddon>[2] = {}, more: object = {}) =>
  ourAddon('aws-load-balancer-controller', { ...facts, ...more }, settings);

describe('an add-on', () => {
  it('is the chart of its version with the values of this cluster', async () => {
    const addon = await controller();
    expect(addon.chart).to.deep.equal({
      repository: 'https://aws.github.io/eks-charts',
      chart: 'aws-load-balancer-controller',
      version: '3.5.0',
    });
    expect(addon.values).to.include({ clusterName: 'shop-r1', region: 'eu-central-1', vpcId: 'vpc-1' });
  });

  it('takes version, repository and values of the estate over its own', async () => {
    const addon = await controller({
      version: '3.5.1',
      repository: 'https://mirror.example.com/charts',
      values: { replicaCount: 3, serviceAccount: { name: 'lbc' }, tolerations: [{ operator: 'Exists' }], image: null },
    });
    expect(addon.chart).to.include({ repository: 'https://mirror.example.com/charts', version: '3.5.1' });
    expect(addon.values).to.deep.include({
      replicaCount: 3,
      serviceAccount: { create: true, name: 'lbc', annotations: {} },
      tolerations: [{ operator: 'Exists' }],
      image: null,
    });
  });

  it('lets no fact break out of its place', async () => {
    const odd = 'x"\n  evil: true # {{cluster}}';
    expect((await controller({}, { cluster: odd })).values.clusterName).to.equal(odd);
  });

  it('becomes an application that keeps what changes by itself, and tries again', async () => {
    const { spec, run, addon } = addonApplication(await controller(), {
      cluster: 'shop-r1',
      project: 'default',
      run: runWith({ id: 'r1' }),
    });
    expect({ run, addon }).to.deep.equal({ run: 'r1', addon: 'aws-load-balancer-controller' });
    expect(spec).to.have.nested.property('destination.name', 'shop-r1');
    expect(spec).to.have.nested.property('source.helm.releaseName', 'aws-load-balancer-controller');
    expect(spec).to.have.nested.property('syncPolicy.syncOptions').that.includes('RespectIgnoreDifferences=true');
    expect(spec).to.have.nested.property('syncPolicy.retry.limit').that.is.greaterThan(5);
    expect(spec).not.to.have.nested.property('syncPolicy.automated');
  });

  it('is called after the cluster, within what Argo CD and Helm take', () => {
    expect(addonApplicationName('shop-r1', 'istiod')).to.equal('shop-r1-istiod');
    expect(addonApplicationName('shop-recover-20270112-0930', 'aws-load-balancer-controller')).to.have.length.below(54);
  });

  it('lies in the drill’s own project where its project is one that is recovered', () => {
    const estate = estateWith();
    const drill = runWith({ id: 'd1', mode: 'drill' });
    expect(addonProject(estate, drill)).to.equal('default');
    const [recovered = ''] = estate.argocd.projects;
    expect(addonProject(estateWith({ addons: { ...estate.addons, project: recovered } }), drill)).to.equal(`${recovered}-d1`);
  });
});

describe('values over values', () => {
  it('go key by key through objects, and replace everything else', () => {
    const merged = mergeValues({ a: { b: 1, c: 2 }, list: [1, 2], gone: 'x' }, { a: { c: 3 }, list: [], gone: null, new: { d: 1 } });
    expect(merged).to.deep.equal({ a: { b: 1, c: 3 }, list: [], gone: null, new: { d: 1 } });
  });
});

describe('sequences side by side', () => {
  const item = (name: string) => ({ kind: 'k', id: { name }, desired: null });
  const names = (waves: ReturnType<typeof sideBySide>) => waves.map((wave) => wave.map((one) => ('id' in one ? one.id.name : one.wait)));

  it('go on together, each in its order, the longer ones alone at the end', () => {
    expect(names(sideBySide([item('a1'), [item('a2'), item('a3')]], [[item('b1')], item('b2'), item('b3')], []))).to.deep.equal([
      ['a1', 'b1'],
      ['a2', 'a3', 'b2'],
      ['b3'],
    ]);
    expect(sideBySide()).to.deep.equal([]);
  });
});
