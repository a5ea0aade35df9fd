import { expect } from 'chai';
import type { ArgoApplication } from '../../../steps/clients/argocd.ts';
import { argoApplication } from '../../../steps/clients/argocd-shapes.ts';
import type { ListedMetadata } from '../../../steps/clients/kubernetes-pages.ts';
import { clusterOnlyFindings } from '../../../steps/inventory/cluster-only/findings.ts';
import { isMadeAnew, isOfAddon, isOfEstate } from '../../../steps/inventory/cluster-only/made-anew.ts';
import { trackingOf } from '../../../steps/inventory/cluster-only/tracking.ts';
import { matchesGlob } from '../../../steps/kit/glob.ts';
import { estateWith } from '../context.ts';
import { INVENTORY } from './example-inventory.ts';

const metadata = (change: Partial<ListedMetadata> = {}): ListedMetadata => ({
  name: 'token',
  namespace: 'shop',
  labels: {},
  annotations: {},
  ownerReferences: [],
  managedFields: [{ manager: 'kubectl-create', subresource: '' }],
  ...change,
});

describe('what exists only in the cluster', () => {
  describe('by what Argo CD brings', () => {
    const application = (name: string, server: string, resources?: object[]): ArgoApplication =>
      argoApplication.parse({
        metadata: { name },
        spec: { destination: { server } },
        status: resources === undefined ? {} : { resources },
      });
    const secret = { group: '', kind: 'Secret', ...metadata() };
    const isTracked = trackingOf(
      [
        application('shop', 'https://primary', [
          { kind: 'Secret', namespace: 'shop', name: 'listed' },
          { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', name: 'exports.example.com' },
          { kind: 'Secret', namespace: 'shop', name: 'left', requiresPruning: true },
        ]),
        application('unlisted', 'https://primary'),
        application('elsewhere', 'https://staging', [{ kind: 'Secret', namespace: 'shop', name: 'token' }]),
      ],
      { server: 'https://primary' },
    );
    const trackingId = (id: string) => ({ annotations: { 'argocd.argoproj.io/tracking-id': id } });
    const instance = (name: string) => ({ labels: { 'app.kubernetes.io/instance': name } });

    it('is not what an application on the primary lists, definitions without any mark among it', () => {
      expect(isTracked({ ...secret, name: 'listed' })).to.equal(true);
      const definition = { ...secret, group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition', namespace: '' };
      expect(isTracked({ ...definition, name: 'exports.example.com' })).to.equal(true);
      expect(isTracked(secret)).to.equal(false);
    });

    it('is not what carries its own tracking id, but what carries that of another', () => {
      expect(isTracked({ ...secret, ...trackingId('any:/Secret:shop/token') })).to.equal(true);
      expect(isTracked({ ...secret, ...trackingId('any:/Secret:shop/original') })).to.equal(false);
    });

    it('is what an application has no more in its sources', () => {
      expect(isTracked({ ...secret, name: 'left', ...trackingId('shop:/Secret:shop/left') })).to.equal(false);
    });

    it('goes by the label only where the application lists nothing', () => {
      expect(isTracked({ ...secret, ...instance('unlisted') })).to.equal(true);
      expect(isTracked({ ...secret, ...instance('shop') })).to.equal(false);
    });
  });

  it('is not what has an owner, or what a controller or the cluster makes again', () => {
    expect(isMadeAnew(metadata())).to.equal(false);
    expect(isMadeAnew(metadata({ ownerReferences: [{ kind: 'ExternalSecret', name: 'token' }] }))).to.equal(true);
    expect(isMadeAnew(metadata({ annotations: { 'cert-manager.io/certificate-name': 'shop' } }))).to.equal(true);
    expect(isMadeAnew(metadata({ name: 'kube-root-ca.crt' }))).to.equal(true);
    expect(isMadeAnew(metadata({ name: 'coredns', namespace: 'kube-system', managedFields: [] }))).to.equal(true);
  });

  it('is what the cluster makes again and people changed, and the key by which sealed secrets open', () => {
    const edited = [{ manager: 'kubectl-edit', subresource: '' }];
    expect(isMadeAnew(metadata({ name: 'coredns', namespace: 'kube-system', managedFields: edited }))).to.equal(false);
    expect(isMadeAnew(metadata({ labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' } }))).to.equal(false);
  });

  it('is no definition of EKS or of an add-on, and no Secret that the estate brings', () => {
    expect(['nodepools.karpenter.sh', 'gateways.networking.istio.io', 'cninodes.vpcresources.k8s.aws'].every(isOfAddon)).to.equal(true);
    expect(['gateways.gateway.networking.k8s.io', 'notistio.io', 'exports.shop.example.com'].some(isOfAddon)).to.equal(false);
    const { namespaces } = estateWith();
    const settings = { ...namespaces, secrets: [{ name: 'pull', type: 'Opaque', namespaces: ['shop'], data: { a: 'env:A' } }] };
    const brought = (namespace: string, name: string) => isOfEstate(settings, { namespace, name });
    expect([brought('shop', 'newrelic-license'), brought('shop', 'pull')]).to.deep.equal([true, true]);
    expect([brought('kube-system', 'newrelic-license'), brought('other', 'pull')]).to.deep.equal([false, false]);
  });

  describe('in preflight', () => {
    const object = (kind: 'Secret' | 'ConfigMap' | 'PersistentVolumeClaim', name: string) => ({ kind, namespace: 'shop', name, by: [] });
    const told = (clusterOnly: (typeof INVENTORY)['clusterOnly'], accepted: Parameters<typeof clusterOnlyFindings>[1] = []) =>
      clusterOnlyFindings({ ...INVENTORY, clusterOnly }, accepted).map(({ severity, message }) => `${severity} ${message}`);

    it('is one finding a kind, with the first names', () => {
      const secrets = Array.from({ length: 7 }, (_, index) => object('Secret', `s${index}`));
      const objects = [...secrets, object('ConfigMap', 'flags'), object('PersistentVolumeClaim', 'data')];
      expect(told({ objects, notSeen: [] })).to.deep.equal([
        'warning 7 Secrets exist only in shop-prod, and no recovery brings them back: shop/s0, shop/s1, shop/s2, shop/s3, shop/s4 and 2 more.',
        'note 1 ConfigMap exists only in shop-prod, and no recovery brings it back: shop/flags.',
        'warning 1 persistent volume claim of shop-prod holds data that no recovery brings back: shop/data.',
      ]);
    });

    it('is a note where the estate accepts the loss', () => {
      const objects = [object('Secret', 'tls-a'), object('Secret', 'tls-b'), object('Secret', 'key')];
      const accepted = [{ kind: 'Secret', namespace: '*', name: 'tls-*', reason: 'made anew' } as const];
      expect(told({ objects, notSeen: [] }, accepted)).to.deep.equal([
        'warning 1 Secret exists only in shop-prod, and no recovery brings it back: shop/key.',
        'note The loss of 2 Secrets is accepted: shop/tls-a, shop/tls-b.',
      ]);
    });

    it('says what could not be seen', () => {
      expect(told({ objects: [], notSeen: [{ kind: 'Secret', reason: 'forbidden.' }] })).to.deep.equal([
        'warning Whether Secrets exist only in shop-prod is not known: forbidden.',
      ]);
      expect(told(null)).to.deep.equal([]);
    });
  });

  it('is named by patterns in which only the asterisk is special', () => {
    expect(matchesGlob('*', '')).to.equal(true);
    expect(matchesGlob('a.*-c', 'a.b-c')).to.equal(true);
    expect(matchesGlob('a.b', 'axb')).to.equal(false);
    expect(matchesGlob('tls', 'tls-a')).to.equal(false);
  });
});
