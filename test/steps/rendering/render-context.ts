import type { RenderContext } from '../../../steps/rendering/recover-application.ts';

/** The context of the fixtures; those called `.drill.` are rendered for a drill. */
export function fixtureContext(mode: 'recover' | 'drill'): RenderContext {
  const run = mode === 'drill' ? 'drill-q4' : 'recover-1';
  return {
    primary: { name: 'shop-prod', server: 'https://ABCDEF0123456789.gr7.eu-west-1.eks.amazonaws.com' },
    cluster: `shop-${run}`,
    run,
    projects: mode === 'drill' ? { shop: 'shop-drill-q4' } : { shop: 'shop' },
    applications: new Set(['web', 'api', 'autodetected', 'a-service-with-a-rather-long-name-that-fits-no-label']),
    sourceTypes: { autodetected: ['Helm'] },
    helmParameters: mode === 'drill' ? { replicaCount: '1', 'jobs.enabled': 'false' } : {},
  };
}
