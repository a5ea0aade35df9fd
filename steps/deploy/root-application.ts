import type { ArgoApplication } from '../clients/argocd.ts';
import type { Estate } from '../estate/estate.ts';
import { shortened } from '../rendering/recovered-name.ts';
import type { ApplicationState } from '../resources/argocd-application.ts';
import { wavePrefix, wavesOf } from './waves.ts';

// The cluster that Argo CD itself runs on: applications are objects there.
const OWN_CLUSTER = 'https://kubernetes.default.svc';

/** A root application: what it is called, the folder whose manifests it makes, and which services those are. */
export interface Root<S> {
  readonly name: string;
  readonly folder: string;
  readonly services: readonly S[];
}

/**
 * The root applications of a recovery, in the order in which they are made: one for each wave, or one for all. Their names begin with the
 * cluster's, and those of all others end with it, so that none can be called the same.
 */
export function rootsOf<S extends { readonly wave: number | null }>(cluster: string, folder: string, services: readonly S[]): Root<S>[] {
  const waves = wavesOf(services);
  if (waves.length === 0) return [{ name: shortened(`${cluster}-root`), folder, services }];
  return waves.map(({ number, services: members }) => ({
    name: shortened(`${cluster}-root-${number}`),
    folder: `${folder}/${wavePrefix(number)}`.replace(/\/$/, ''),
    services: members,
  }));
}

/** A root application: every manifest in its folder. It does nothing until its automated sync is on. */
export function rootApplication(
  { argocd, gitlab }: Pick<Estate, 'argocd' | 'gitlab'>,
  { run, folder }: { readonly run: { readonly id: string }; readonly folder: string },
): ApplicationState {
  return {
    run: run.id,
    spec: {
      project: argocd.rootProject,
      source: { repoURL: argocd.repoUrl, targetRevision: gitlab.targetBranch, path: folder, directory: { recurse: true } },
      destination: { server: OWN_CLUSTER, namespace: argocd.namespace },
    },
  };
}

/** Whether an application of the run is one of its roots, whatever the waves were when it was made. `folder`: the recovery's. */
export function isRoot({ spec }: Pick<ArgoApplication, 'spec'>, folder: string): boolean {
  const path = spec.source?.path;
  return spec.destination.server === OWN_CLUSTER && typeof path === 'string' && `${path}/`.startsWith(`${folder}/`);
}
