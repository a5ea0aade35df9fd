import type { Inventory } from '../../../steps/inventory/inventory.ts';

const part = { source: 'live', takenAt: '2026-01-05T09:00:00.000Z', ageSeconds: 0, reason: null } as const;
export const cart = { name: 'cart', project: 'shop', namespace: 'shop', tier: 'critical', images: [], liveSources: [] };

export const INVENTORY: Inventory = {
  source: 'mixed',
  takenAt: '2026-01-05T03:00:00.000Z',
  primary: { region: 'eu-west-1', cluster: 'shop-prod' },
  parts: {
    applications: part,
    templates: part,
    namespaces: { ...part, source: 'last-good', takenAt: '2026-01-05T03:00:00.000Z', ageSeconds: 21_600, reason: 'lost' },
    loadBalancers: part,
    vault: part,
    identities: part,
    networkPaths: part,
    imageDigests: part,
    clusterOnly: part,
    delivery: part,
    integrations: part,
    records: part,
    origins: part,
  },
  services: [{ ...cart, file: 'apps/cart.yaml' }],
  withoutTemplate: [{ ...cart, name: 'adhoc' }],
  namespaces: [{ name: 'shop', labels: {}, annotations: {}, limits: [] }],
  loadBalancers: [],
  vault: null,
  identities: { annotated: [], associations: [] },
  networkPaths: { groups: [], rules: [], natAddresses: [], vpcId: 'vpc-1', peerings: [] },
  templates: { project: 'platform/deploy', branch: 'main', folder: 'apps', commit: 'abc', files: { cart: 'apps/cart.yaml' } },
  clusterOnly: { objects: [{ kind: 'Secret', namespace: 'shop', name: 'by-hand', by: ['kubectl-create'] }], notSeen: [] },
  delivery: { projects: [], repositories: [] },
  imageDigests: [],
  integrations: [],
  records: [],
  origins: [],
  argocd: { clusters: [{ name: 'shop-prod', server: 'https://x' }] },
};
