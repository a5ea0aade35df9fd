import type { Estate } from '../estate/estate.ts';
import { shortened } from '../rendering/recovered-name.ts';
import type { ApplicationState } from '../resources/argocd-application.ts';

// The cluster that Argo CD itself runs on: applications are objects there.
const OWN_CLUSTER = 'https://kubernetes.default.svc';

/** The name of the application that makes all others of a recovery. Theirs end with the cluster's, so that none can be called the same. */
export function rootApplicationName(cluster: string): string {
  return shortened(`${cluster}-root`);
}

/** The root application: every manifest in the recovery's folder. It does nothing until its automated sync is on. */
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
