import * as z from 'zod';
import { argocdRoot } from './checks/argocd-root.ts';
import type { ArgoApplication, ArgoCd } from './clients/argocd.ts';
import { configureWorkloadIdentity } from './configure-workload-identity.ts';
import { rootApplication, rootApplicationName } from './deploy/root-application.ts';
import { withdraw } from './deploy/withdraw.ts';
import { deployKarpenter } from './deploy-karpenter.ts';
import { needsSync } from './health/service-health.ts';
import { installAddons } from './install-addons.ts';
import { installIstio } from './install-istio.ts';
import { EksDrError } from './kit/errors.ts';
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

export const mergeDeploy = defineStep({
  id: 'merge-deploy',
  title: 'Merge, and let Argo CD deploy the services',
  needs: { opened: openMergeRequest, registered: registerArgocd },
  after: [installAddons, installIstio, deployKarpenter, prepareNamespaces, openNetworkPaths, configureWorkloadIdentity],
  reads: ['argocd', 'gitlab'],
  outputs: z.object({ mergeCommit: z.string(), rootApplication: z.string(), applications: z.array(z.string()) }),
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
  waits: [mergeRequestMergeable, argocdRootSynced],
  checks: [argocdRoot],

  async describe({ estate, run, clients, needs: { opened, registered } }) {
    const { project, branch: source, sha: head } = opened;
    const target = estate.gitlab.targetBranch;
    const request = await (await clients.gitlab()).mergeRequest(project, opened.iid);
    if (request.state !== 'merged' && (request.state === 'closed' || request.sha !== head))
      throw outdated(request.web_url, request.state, head);
    const root = rootApplicationName(registered.name);
    const chosen = new Set(chosenServices(run, opened.services).map(({ application }) => application));
    const children = await childrenOf(await clients.argocd(), run.id, root);
    const stopped = children.filter((application) => chosen.has(application.metadata.name) && needsSync(application));
    return [
      mergeRequestMergeable.for({ project, source, target, head }, { limitSeconds: estate.gitlab.mergeLimitMinutes * 60 }),
      gitlabMerge.resource({ project, source, target, head }, { status: 'merged', head }),
      argocdApplication.resource({ name: root }, rootApplication(estate, { run, folder: opened.folder })),
      argocdAutomatedSync.resource({ application: root }, { prune: true, selfHeal: true }),
      argocdRootSynced.for({ application: root, project, source, target }),
      stopped.map(({ metadata, status }) =>
        argocdSync.resource({ application: metadata.name, after: status?.operationState?.finishedAt ?? '' }, { started: true }),
      ),
    ];
  },

  async undo({ estate, run, clients, needs: { opened, registered } }) {
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    return withdraw({ argocd, gitlab }, { estate, run, folder: opened.folder, root: rootApplicationName(registered.name) });
  },

  async finish({ estate, run, clients, needs: { opened, registered } }) {
    const [argocd, gitlab] = await Promise.all([clients.argocd(), clients.gitlab()]);
    const mergeCommit = await mergedCommit(gitlab, opened.project, opened.branch, estate.gitlab.targetBranch);
    if (mergeCommit === null)
      throw new EksDrError('conflict', { message: `${opened.url} is not merged.`, target: opened.url, remedy: 'Plan this step again.' });
    const root = rootApplicationName(registered.name);
    return {
      mergeCommit,
      rootApplication: root,
      applications: (await childrenOf(argocd, run.id, root)).map(({ metadata }) => metadata.name).toSorted(),
    };
  },
});

/** A rerun syncs nothing that this run does not recover. */
function chosenServices<S extends { readonly name: string }>({ services }: Pick<Run, 'services'>, opened: readonly S[]): readonly S[] {
  return services === 'all' ? opened : opened.filter(({ name }) => services.includes(name));
}

async function childrenOf(argocd: ArgoCd, run: string, root: string): Promise<ArgoApplication[]> {
  const listed = await argocd.listApplications({ selector: deployedSelector(run) });
  return listed.filter(({ metadata }) => metadata.name !== root);
}

function outdated(url: string, state: string, head: string): EksDrError {
  const why = state === 'closed' ? 'was closed' : `is not at the commit ${head.slice(0, 8)} any more that open-merge-request recorded`;
  return new EksDrError('drift', {
    message: `The merge request ${url} ${why}.`,
    target: url,
    remedy: 'Run open-merge-request again, look at the difference, then plan this step again.',
  });
}
