import type { Estate } from '../estate/estate.ts';
import type { JsonObject } from '../kit/json.ts';
import type { Run } from '../kit/run.ts';
import { recoveryProject } from '../naming.ts';
import { shortened } from '../rendering/recovered-name.ts';
import type { ApplicationState } from '../resources/argocd-application.ts';
import type { Addon } from './addon.ts';

/** The Argo CD application that installs an add-on on a recovery cluster. */
export function addonApplicationName(cluster: string, addon: string): string {
  return shortened(`${cluster}-${addon}`);
}

/** The AppProject of the add-ons: a drill has its own of each project that is recovered, every other one serves as it is. */
export function addonProject({ addons, argocd }: Pick<Estate, 'addons' | 'argocd'>, run: Pick<Run, 'id' | 'mode'>): string {
  return argocd.projects.includes(addons.project) ? recoveryProject(addons.project, run) : addons.project;
}

/** It syncs when its automated sync is on, and tries again while what it needs is not there yet. */
export function addonApplication(
  addon: Addon,
  { cluster, project, run }: { readonly cluster: string; readonly project: string; readonly run: Pick<Run, 'id'> },
): ApplicationState {
  const { chart, namespace, release, skipCrds, syncOptions, ignoreDifferences, values } = addon;
  const spec: JsonObject = {
    project,
    source: {
      repoURL: chart.repository,
      chart: chart.chart,
      targetRevision: chart.version,
      helm: { releaseName: release, valuesObject: values, ...(skipCrds ? { skipCrds } : {}) },
    },
    destination: { name: cluster, namespace },
    ...(ignoreDifferences.length === 0 ? {} : { ignoreDifferences }),
    syncPolicy: {
      // Without RespectIgnoreDifferences a sync would overwrite what it was told not to compare.
      syncOptions: [...syncOptions, ...(ignoreDifferences.length === 0 ? [] : ['RespectIgnoreDifferences=true'])],
      retry: { limit: 20, backoff: { duration: '5s', factor: 2, maxDuration: '30s' } },
    },
  };
  return { run: run.id, addon: addon.name, spec: spec as ApplicationState['spec'] };
}
