import type { ArgoCd } from '../clients/argocd.ts';
import type { GitLab } from '../clients/gitlab.ts';
import type { Estate } from '../estate/estate.ts';
import { groupBy } from '../kit/keys.ts';
import type { Description } from '../kit/resource.ts';
import type { Run } from '../kit/run.ts';
import { deployedSelector, recoveryBranch } from '../naming.ts';
import { argocdApplication, argocdApplicationAlone } from '../resources/argocd-application.ts';
import { argocdAutomatedSync } from '../resources/argocd-automated-sync.ts';
import { gitlabBranch } from '../resources/gitlab-branch.ts';
import { gitlabFile } from '../resources/gitlab-file.ts';
import { gitlabMerge, OWN_COMMITS } from '../resources/gitlab-merge.ts';
import { gitlabMergeRequest } from '../resources/gitlab-merge-request.ts';
import { currentRequest, mergedCommit } from '../resources/gitlab-requests.ts';
import { blobsAt } from '../resources/gitlab-tree.ts';
import { mergeRequestMergeable } from '../waits/merge-request-mergeable.ts';
import { isRoot } from './root-application.ts';

interface Deployed {
  readonly estate: Pick<Estate, 'argocd' | 'gitlab'>;
  readonly run: Pick<Run, 'id' | 'clusterGone'>;
  readonly folder: string;
  /** The services as they were delivered: those of a later wave go first. */
  readonly services: readonly { readonly application: string; readonly wave: number | null }[];
}

/**
 * The way back from a deployment: the root applications are held, so that they make nothing anew; their applications go with everything they
 * deployed, those of the last wave first; then the roots; then a merge request of its own takes the folder out of Git. What is gone already
 * is not described.
 */
export async function withdraw({ argocd, gitlab }: { argocd: ArgoCd; gitlab: GitLab }, deployed: Deployed): Promise<Description> {
  const { run, folder, services } = deployed;
  const applications = await argocd.listApplications({ selector: deployedSelector(run.id) });
  const [roots, children] = [true, false].map((wanted) =>
    applications
      .filter((application) => isRoot(application, folder) === wanted)
      .map(({ metadata }) => metadata.name)
      .toSorted(),
  ) as [string[], string[]];
  const waveOf = new Map(services.map(({ application, wave }) => [application, wave]));
  // What this run knows nothing of may lean on anything: it goes first.
  const byWave = groupBy(children, (name) => String(waveOf.get(name) ?? Number.POSITIVE_INFINITY));
  return [
    roots.map((name) => argocdAutomatedSync.resource({ application: name }, null)),
    // Without their cluster, nothing can take back what they deployed there. What a root deployed is in Argo CD itself.
    ...[...byWave]
      .toSorted(([a], [b]) => Number(b) - Number(a))
      .map(([, names]) =>
        names.map((name) => (run.clusterGone === undefined ? argocdApplication : argocdApplicationAlone).resource({ name }, null)),
      ),
    roots.map((name) => argocdApplication.resource({ name }, null)),
    ...(await removeFolder(gitlab, deployed)),
  ];
}

async function removeFolder(gitlab: GitLab, { estate, run, folder }: Deployed): Promise<Description> {
  const { project, targetBranch: target, reviewers, mergeLimitMinutes } = estate.gitlab;
  const [head, files, mergeCommit] = await Promise.all([
    gitlab.branch(project, target),
    blobsAt(gitlab, project, target, folder),
    mergedCommit(gitlab, project, recoveryBranch(run), target),
  ]);
  if (head === null || files.size === 0) return [];
  const ours = mergeCommit === null ? files : await blobsAt(gitlab, project, mergeCommit, folder);
  const source = await undoBranch(gitlab, project, target, run);
  const branch = await gitlab.branch(project, source);
  const from = branch === null ? head.commit.id : ((await gitlab.mergeBase(project, [target, source])) ?? branch.commit.id);
  const description = `Takes \`${folder}\` out of Git, which run \`${run.id}\` had added. Its applications are deleted from Argo CD before this is merged.`;
  return [
    gitlabBranch.resource({ project, branch: source, target }, { from }),
    await Promise.all(
      [...files].map(async ([path, blob]) => {
        const resource = gitlabFile.resource({ project, branch: source, base: from, path }, null);
        const merged = ours.get(path);
        if (merged === blob) return resource;
        // People changed it since, or added it: what had been merged stands beside it in the plan.
        return { ...resource, ours: merged === undefined ? null : { content: await gitlab.blob(project, merged) } };
      }),
    ),
    gitlabMergeRequest.resource(
      { project, source, target },
      { status: 'opened', title: `Undo ${run.id}: remove ${folder}`, description, reviewers },
    ),
    mergeRequestMergeable.for({ project, source, target, head: OWN_COMMITS }, { limitSeconds: mergeLimitMinutes * 60 }),
    gitlabMerge.resource({ project, source, target, head: OWN_COMMITS }, { status: 'merged', head: OWN_COMMITS }),
  ];
}

/** The branch of this undo: the first of `.undo`, `.undo-2` ... that no earlier undo has merged. */
async function undoBranch(gitlab: GitLab, project: string, target: string, run: Pick<Run, 'id'>): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const name = `${recoveryBranch(run)}.undo${attempt === 1 ? '' : `-${attempt}`}`;
    const request = await currentRequest(gitlab, project, name, target);
    if (request?.state !== 'merged') return name;
  }
}
