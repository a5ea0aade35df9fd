import type { RenderContext } from '../../../steps/rendering/recover-application.ts';

/** The context of the fixtures; those called `.drill.` are rendered for a drill, those called `in-cluster` where Argo CD runs on the primary. */
export function fixtureContext(mode: 'recover' | 'drill', where: 'remote' | 'in-cluster' = 'remote'): RenderContext {
  const run = mode === 'drill' ? 'drill-q4' : 'recover-1';
  return {
    primary:
      where === 'in-cluster'
        ? { server: 'https://kubernetes.default.svc' }
        : { name: 'shop-prod', server: 'https://ABCDEF0123456789.gr7.eu-west-1.eks.amazonaws.com' },
    cluster: `shop-${run}`,
    run,
    namespace: 'argocd',
    projects: mode === 'drill' ? { shop: 'shop-drill-q4' } : { shop: 'shop' },
    applications: new Set(['web', 'api', 'autodetected', 'a-service-with-a-rather-long-name-that-fits-no-label', ...Object.keys(running)]),
    sourceTypes: { autodetected: ['Helm'] },
    running,
    overrides: {},
    generated: 'refuse',
    translations: {
      '111122223333.dkr.ecr.eu-west-1.amazonaws.com': '444455556666.dkr.ecr.eu-central-1.amazonaws.com',
      '111122223333': '444455556666',
      'eu-west-1': 'eu-central-1',
      'eu-west-1a': 'eu-central-1b',
      'arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555':
        'arn:aws:acm:eu-central-1:444455556666:certificate/99999999-2222-3333-4444-555555555555',
      'sg-0123456789abcdef0': 'sg-0aaaaaaaaaaaaaaaa',
      'shop-archive-eu-west-1': 'shop-archive-eu-west-1',
    },
    helmParameters: mode === 'drill' ? { replicaCount: '1', 'jobs.enabled': 'false' } : {},
  };
}

const sha = (digit: string): string => `sha256:${digit.repeat(64)}`;

const running: RenderContext['running'] = {
  'shop-images': {
    images: [
      '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop/web:1.10',
      'ghcr.io/example/proxy:1.8',
      'registry.example.com/shop/migrate:v8',
      'registry.example.com/shop/rolling:2',
      'registry.example.com/shop/rolling:3',
    ],
    liveSources: [],
  },
  'shop-digests': {
    images: [
      `registry.example.com/shop/web@${sha('1')}`,
      `registry.example.com/shop/proxy@${sha('2')}`,
      `registry.example.com/shop/job@${sha('3')}`,
      'registry.example.com/shop/tagged:4',
    ],
    liveSources: [],
  },
  'shop-updated': {
    images: ['registry.example.com/shop/web:1.10'],
    liveSources: [
      {
        parameters: { 'image.name': 'registry.example.com/shop/web', 'image.tag': '1.10' },
        kustomizeImages: [],
      },
    ],
  },
  'shop-overlay': {
    images: ['registry.example.com/shop/web:1.10', 'registry.example.com/shop/proxy:2'],
    liveSources: [{ parameters: {}, kustomizeImages: ['web=registry.example.com/shop/web:1.10', 'registry.example.com/shop/gone:1'] }],
  },
};
