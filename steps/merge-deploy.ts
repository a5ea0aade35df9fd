import * as z from 'zod';
import { argocdRoot } from './checks/argocd-root.ts';
import { reads } from './cluster-rights.ts';
import { configureWorkloadIdentity } from './configure-workload-identity.ts';
import { createCluster } from './create-cluster.ts';
import { refuseMovedWaves } from './deploy/moved-waves.ts';
import { isRoot, rootApplication, rootsOf } from './deploy/root-application.ts';
import { withdraw } from './deploy/withdraw.ts';
import { deployKarpenter } from './deploy-karpenter.ts';
import { fencePrimary } from './fence-primary.ts';
import { needsSync } from './health/service-health.ts';
import { watchedServices } from './health/watched.ts';
import { installAddons } from './install-addons.ts';
import { installIstio } from './install-istio.ts';
import { EksDrError } from './kit/errors.ts';
import type { Description } from './kit/resource.ts';
import type { Run } from './kit/run.ts';
import { deployedSelector } from './naming.ts';
import { openMergeRequest } from './open-merge-request.ts';
import { openNetworkPaths } from './open-network-paths.ts';
import { prepareNamespaces } from './prepare-namespaces.ts';
import { registerArgocd } from './register-argocd.ts';
import { argocdApplication, argocdApplicationAlone } from './resources/argocd-application.ts';
import { argocdAutomatedSync } from './resources/argocd-automated-sync.ts';
import { argocdSync } from './resources/argocd-sync.ts';
import { gitlabBranch } from './resources/gitlab-branch.ts';
import { gitlabFile } from './resources/gitlab-file.ts';
import { gitlabMerge } from './resources/gitlab-merge.ts';
import { gitlabMergeRequest } from './resources/gitlab-merge-request.ts';
import { mergedCommit } from './resources/gitlab-requests.ts';
import { defineStep } from './step.ts';
import { argocdRootSynced } from './waits/argocd-root-synced.ts';
import { mergeRequestMergeable } from './waits/merge-request-mergeable.ts';
import { waveHealthy } from './waits/wave-healthy.ts';

export const mergeDeploy = defineStep({
  id: 'merge-deploy',
  title: 'Merge, and let Argo CD deploy the services',
  needs: { created: createCluster, opened: openMergeRequest, registered: registerArgocd },
  after: [installAddons, installIstio, deployKarpenter, prepareNamespaces, openNetworkPaths, configureWorkloadIdentity, fencePrimary],
  reads: ['argocd', 'gitlab', 'services'],
  outputs: z.object({ mergeCommit: z.string(), rootApplications: z.array(z.string()), applications: z.array(z.string()) }),
  drivers: [
    argocdApplication,
    argocdApplicationAlone,
    argocdAutomatedSync,
    argocdSync,
    gitlabBranch,
    gitlabFile,
    gitlabMerge,
    gitlabMergeRequest,
  ],
  waits: [mergeRequestMergeable, argocdRootSynced, waveHealthy],
  checks: [argocdRoot],
  onCluster: reads('', 'pods', 'events'),

  async describe({ estate, run, clients, needs: { created, opened, registered } }) {
    const { project, branch: source, sha: head } = opened;
    const target = estate.gitlab.targetBranch;
    const request = await (await clients.gitlab()).mergeRequest(project, opened.iid);
    if (request.state !== 'merged' && (request.state === 'closed' || request.sha !== head))
      throw outdated(request.web_url, request.state, head);
    const roots = rootsOf(registered.name, opened.folder, opened.services);
    const applications = await (await clients.argocd()).listApplications({ selector: deployedSelector(run.id) });
    refuseMovedWaves(applications, roots, opened.folder);
    const chosen = new Set(chosenServices(run, opened.services).map(({ application }) => application));
    const stopped = applications.filter((application) => chosen.has(application.metadata.name) && needsSync(application));
    return [
      mergeRequestMergeable.for({ project, source, target, head }, { limitSeconds: estate.gitlab.mergeLimitMinutes * 60 }),
      gitlabMerge.resource({ project, source, target, head }, { status: 'merged', head }),
      ...roots.flatMap(({ name: root, folder, services }, index): Description => {
        const members = new Set(services.map(({ application }) => application));
        const { args, limits } = watchedServices({ estate, run, cluster: created, services });
        return [
          argocdApplication.resource({ name: root }, rootApplication(estate, { run, folder })),
          argocdAutomatedSync.resource({ application: root }, { prune: true, selfHeal: true }),
          argocdRootSynced.for({ application: root, project, source, target }),
          stopped
            .filter(({ metadata }) => members.has(metadata.name))
            .map(({ metadata, status }) =>
              argocdSync.resource({ application: metadata.name, after: status?.operationState?.finishedAt ?? '' }, { started: true }),
            ),
          // The last one is await-services' to watch, with all others.
          ...(index === roots.length - 1 ? [] : [waveHealthy.for({ wave: `wave ${services[0]?.wave}`, watched: args }, limits)]),
        ];
      }),
    ];
  },

  async undo({ estate, run, clients, needs: { opened } }) {
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    return withdraw({ argocd, gitlab }, { estate, run, folder: opened.folder, services: opened.services });
  },

  async finish({ estate, run, clients, needs: { opened, registered } }) {
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    const mergeCommit = await mergedCommit(gitlab, opened.project, opened.branch, estate.gitlab.targetBranch);
    if (mergeCommit === null)
      throw new EksDrError('conflict', { message: `${opened.url} is not merged.`, target: opened.url, remedy: 'Plan this step again.' });
    const listed = await argocd.listApplications({ selector: deployedSelector(run.id) });
    const children = listed.filter((application) => !isRoot(application, opened.folder));
    return {
      mergeCommit,
      rootApplications: rootsOf(registered.name, opened.folder, opened.services).map(({ name }) => name),
      applications: children.map(({ metadata }) => metadata.name).toSorted(),
    };
  },
});

/** A rerun syncs nothing that this run does not recover. */
function chosenServices<S extends { readonly name: string }>({ services }: Pick<Run, 'services'>, opened: readonly S[]): readonly S[] {
  return services === 'all' ? opened : opened.filter(({ name }) => services.includes(name));
}

function outdated(url: string, state: string, head: string): EksDrError {
  const why = state === 'closed' ? 'was closed' : `is not at the commit ${head.slice(0, 8)} any more that open-merge-request recorded`;
  return new EksDrError('drift', {
    message: `The merge request ${url} ${why}.`,
    target: url,
    remedy: 'Run open-merge-request again, look at the difference, then plan this step again.',
  });
}
