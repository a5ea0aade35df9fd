import { expect } from 'chai';
import { writtenDown } from '../../../steps/rendering/written-down.ts';

const spec = {
  project: 'shop',
  destination: { name: 'shop-prod', namespace: 'web' },
  source: { repoURL: 'https://example.com/a.git', path: 'web' },
};
const owner = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationSet', name: 'all', uid: 'u', controller: true };

describe('a live application, written down', () => {
  it('keeps what people want, and nothing that ties it to what generates or deploys it', () => {
    const metadata = {
      name: 'web',
      namespace: 'argocd',
      resourceVersion: '7',
      ownerReferences: [owner],
      labels: { tier: 'critical', 'argocd.argoproj.io/application-set-name': 'all', 'app.kubernetes.io/instance': 'root' },
      annotations: {
        'argocd.argoproj.io/tracking-id': 'root:argoproj.io/Application:argocd/web',
        'argocd.argoproj.io/installation-id': 'one',
        'argocd.argoproj.io/skip-reconcile': 'true',
        'argocd.argoproj.io/sync-wave': '2',
        'notified.notifications.argoproj.io': '{}',
        'notifications.argoproj.io/subscribe.on-deployed.slack': 'shop',
      },
      finalizers: [
        'resources-finalizer.argocd.argoproj.io',
        'post-delete-finalizer.argocd.argoproj.io',
        'pre-delete-finalizer.argocd.argoproj.io/cleanup',
      ],
    };
    expect(writtenDown({ metadata, spec })).to.deep.equal({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'web',
        namespace: 'argocd',
        labels: { tier: 'critical' },
        annotations: { 'argocd.argoproj.io/sync-wave': '2', 'notifications.argoproj.io/subscribe.on-deployed.slack': 'shop' },
        finalizers: ['resources-finalizer.argocd.argoproj.io'],
      },
      spec,
    });
  });

  it('has no empty maps where nothing of them is left', () => {
    const metadata = { name: 'web', namespace: '', labels: { 'argocd.argoproj.io/instance': 'root' }, annotations: {}, finalizers: [] };
    expect(writtenDown({ metadata, spec }).metadata).to.deep.equal({ name: 'web' });
  });
});
