import type { Estate } from '../estate/estate.ts';
import type { Resource, Wait } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { argocdApplication } from '../resources/argocd-application.ts';
import { argocdAutomatedSync } from '../resources/argocd-automated-sync.ts';
import { argocdApplicationHealthy } from '../waits/argocd-application-healthy.ts';
import type { Addon } from './addon.ts';
import { addonApplication, addonApplicationName, addonProject } from './application.ts';

/** Where add-ons go: what each step that installs some knows. */
export interface Installation {
  readonly estate: Pick<Estate, 'addons' | 'argocd'>;
  readonly run: Pick<Run, 'id' | 'mode'>;
  readonly cluster: string;
}

/**
 * What installs an add-on: its application, the automated sync of it, and the wait until it is healthy. Each needs the one before.
 * `sooner`: what comes once it syncs, such as waits that know better than the application why it does not become healthy.
 */
export function install(
  addon: Addon,
  { estate, run, cluster }: Installation,
  sooner: readonly (Resource | Wait)[] = [],
): (Resource | Wait)[] {
  const name = addonApplicationName(cluster, addon.name);
  const project = addonProject(estate, run);
  return [
    argocdApplication.resource({ name }, addonApplication(addon, { cluster, project, run })),
    argocdAutomatedSync.resource({ application: name }, { prune: true, selfHeal: true }),
    ...sooner,
    argocdApplicationHealthy.for({ application: name }, { limitSeconds: estate.addons.limitMinutes * 60 }),
  ];
}
