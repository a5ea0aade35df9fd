import { parseAllDocuments } from 'yaml';
import { commitFiles } from '../../sandbox/gitlab/repository.ts';
import type { World } from '../../sandbox/world.ts';
import { ROOT_APPLICATION, TEMPLATES_FOLDER } from '../../sandbox/worlds/names.ts';

/** ApplicationSets of every common kind, in place of the plain templates of the six services. By file: its text, and what it makes. */
export const applicationSets: Readonly<Record<string, { readonly text: string; readonly makes: readonly string[] }>> = {
  'catalog/carts.yaml': {
    makes: ['cart-api'],
    text: `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: carts, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - list: {elements: [{name: cart-api, tier: critical, replicas: 3}]}
  template:
    metadata:
      name: '{{ .name }}'
      labels: {tier: '{{ .tier }}'}
    spec:
      project: catalog
      source: {repoURL: https://gitlab.example.com/platform/argocd-apps.git, path: charts/service, targetRevision: main}
      destination: {name: shop-prod, namespace: cart}
  templatePatch: |
    spec:
      source:
        helm:
          parameters: [{name: replicaCount, value: '{{ .replicas }}'}]
`,
  },
  'payments/checkouts.yaml': {
    makes: ['checkout-api'],
    text: `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: checkouts, namespace: argocd}
spec:
  generators:
    - clusters: {selector: {matchLabels: {environment: production}}}
  template:
    metadata: {name: checkout-api}
    spec: {project: payments, destination: {server: '{{server}}', namespace: checkout}}
`,
  },
  'platform/exports.yaml': {
    makes: ['profile-export'],
    text: `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: exports, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://gitlab.example.com/platform/argocd-apps.git
        revision: main
        directories: [{path: 'manifests/profile/*'}]
  template:
    metadata: {name: '{{ .path.basename }}'}
    spec: {project: platform, destination: {name: shop-prod, namespace: profile}}
`,
  },
  'logistics/orders.yaml': {
    makes: ['order-worker', 'order-export'],
    text: `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: orders, namespace: argocd}
spec:
  generators:
    - matrix:
        generators:
          - git:
              repoURL: https://gitlab.example.com/platform/argocd-apps.git
              revision: main
              files: [{path: 'services/order/*.json'}]
          - clusters: {}
            selector: {matchLabels: {name: shop-prod}}
  template:
    metadata: {name: '{{service}}'}
    spec: {project: logistics, destination: {name: '{{name}}', namespace: order}}
`,
  },
  'payments/invoices.yaml': {
    makes: ['invoice-worker'],
    text: `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: invoices, namespace: argocd}
spec:
  generators:
    - merge:
        mergeKeys: [server]
        generators:
          - clusters: {selector: {matchLabels: {environment: production}}}
          - list: {elements: [{server: https://kubernetes.default.svc, values.tier: batch}]}
  template:
    metadata: {name: invoice-worker}
    spec: {project: payments, destination: {server: '{{server}}', namespace: invoice}}
`,
  },
};

/** The world in which ApplicationSets have made the applications that are there, and no plain template defines any. */
export function generateAll(world: World): void {
  const { argocd, clock: at } = world;
  const project = Object.values(world.gitlab.projects)[0];
  if (project === undefined) throw new Error('the world has no project');
  const plain = ['catalog/cart-api', 'payments/checkout-api', 'payments/invoice-worker', 'logistics/order', 'platform/profile-export'];
  const files = Object.fromEntries([
    ...plain.map((name) => [`${TEMPLATES_FOLDER}/${name}.yaml`, null] as const),
    ...Object.entries(applicationSets).map(([path, { text }]) => [`${TEMPLATES_FOLDER}/${path}`, text] as const),
  ]);
  commitFiles(project, { branch: 'main', message: 'Generate', author: { name: 'Platform', email: 'platform@example.com' }, at, files });
  // The root application would delete what is in the folder no more; the controller of ApplicationSets does what it did.
  delete argocd.applications[ROOT_APPLICATION];
  argocd.applicationSets = {};
  for (const { text, makes } of Object.values(applicationSets)) {
    const set = parseAllDocuments(text)[0]?.toJS();
    argocd.applicationSets[set.metadata.name] = set;
    for (const name of makes) {
      const metadata = argocd.applications[name]?.app.metadata;
      if (metadata === undefined) throw new Error(`the world has no application ${name}`);
      const owner = {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        name: set.metadata.name,
        uid: `uid-${set.metadata.name}`,
      };
      Object.assign(metadata, {
        ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
        labels: { ...metadata.labels, 'argocd.argoproj.io/application-set-name': set.metadata.name },
        annotations: { ...metadata.annotations, 'notified.notifications.argoproj.io': '{"on-deployed":1767603600}' },
        finalizers: ['resources-finalizer.argocd.argoproj.io', 'post-delete-finalizer.argocd.argoproj.io/cleanup'],
      });
    }
  }
}
